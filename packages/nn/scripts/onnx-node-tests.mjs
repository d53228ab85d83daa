/**
 * Runs ONNX's node tests of RNN, LSTM, GRU and Adagrad, with their inputs and expected outputs, in
 * float32.
 *
 *     apt-get install libonnx-testdata
 *     node packages/nn/scripts/onnx-node-tests.mjs [folder of test_* folders]        (build first)
 *
 * Weights have ONNX's order of gates (LSTM i, o, f, c; GRU z, r, h). loadStateDict loads them in
 * PyTorch's order. Prints the largest difference of each test, and passed / present. Fails above
 * 1e-6.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { linear, Parameter, Random, tensor } from '@chronograd/tensor';
import { Adagrad, Cell, GRU, LSTM, loadStateDict, Module, Recurrent, RNN } from '../dist/index.js';
import { nodeOf, tensorOf } from './onnx-proto.mjs';

const folder = process.argv[2] ?? '/usr/share/libonnx-testdata/data/node';
const MOST = 1e-6;
const random = new Random(1);
const made = ({ data, shape }) => tensor(data, { shape });

/** Reorders the equal row blocks of a matrix or vector. */
const reordered = (data, order) => {
  const size = data.length / order.length;
  return Float32Array.from(data, (_, i) => data[order[Math.floor(i / size)] * size + (i % size)]);
};

/**
 * Sak and others, 2014: the gates read the cell state too. A user's cell, for the one test without
 * a built-in cell.
 */
class PeepholeCell extends Cell {
  constructor(hidden, { weightIh, weightHh, bias, peepholes }) {
    super();
    this.hidden = hidden;
    this.weightIh = new Parameter(weightIh);
    this.weightHh = new Parameter(weightHh);
    this.bias = new Parameter(bias);
    this.peepholes = new Parameter(peepholes); // of i, o and f, one [H] after the other
  }
  initialState(batch) {
    const none = tensor(new Float32Array(batch * this.hidden), { shape: [batch, this.hidden] });
    return { h: none, c: none };
  }
  step(x, { h, c }) {
    const [zi, zf, zg, zo] = linear(x, this.weightIh, this.bias).add(linear(h, this.weightHh)).chunk(4, -1);
    const [pi, po, pf] = this.peepholes.chunk(3);
    const cell = zf
      .add(pf.mul(c))
      .sigmoid()
      .mul(c)
      .add(zi.add(pi.mul(c)).sigmoid().mul(zg.tanh()));
    const next = zo.add(po.mul(cell)).sigmoid().mul(cell.tanh());
    return { output: next, state: { h: next, c: cell } };
  }
}

/** The state dict entries of one direction d. */
function weightsOf({ W, R, B }, gates, hidden, d) {
  const part = ({ data, shape }) =>
    data.slice((d * data.length) / shape[0], ((d + 1) * data.length) / shape[0]);
  const rows = gates.length * hidden;
  const bias = B === undefined ? new Float32Array(2 * rows) : part(B);
  return {
    weight_ih: { shape: [rows, W.shape[2]], data: reordered(part(W), gates) },
    weight_hh: { shape: [rows, hidden], data: reordered(part(R), gates) },
    bias_ih: { shape: [rows], data: reordered(bias.slice(0, rows), gates) },
    bias_hh: { shape: [rows], data: reordered(bias.slice(rows), gates) },
  };
}

/** ONNX's block for each of our row blocks. */
const GATES = { RNN: [0], LSTM: [0, 2, 3, 1], GRU: [1, 0, 2] };
const KNOWN = ['hidden_size', 'direction', 'layout', 'linear_before_reset'];

function runRecurrent({ type, attributes }, inputs) {
  const unknown = Object.keys(attributes).filter((name) => !KNOWN.includes(name));
  if (unknown.length > 0) throw new Error(`not supported: the attributes ${unknown.join(', ')}`);
  const { hidden_size: hidden, direction: [direction] = ['forward'], layout = 0 } = attributes;
  if (direction === 'reverse') throw new Error('not supported: only the reverse direction');
  const [X, W, R, B, lengths, h0, c0, P] = inputs;
  const both = direction === 'bidirectional';
  const options = { random, bidirectional: both, batchFirst: layout === 1 };
  const x = made(X);
  const padding = lengths === undefined ? {} : { lengths: [...lengths.data] };
  const stacked = (state) => (layout === 1 ? made(state).transpose(0, 1) : made(state));
  let run;
  if (P !== undefined) {
    if (both) throw new Error('not supported: peepholes in two directions');
    const { weight_ih, weight_hh, bias_ih, bias_hh } = weightsOf({ W, R, B }, GATES.LSTM, hidden, 0);
    const peephole = new PeepholeCell(hidden, {
      weightIh: made(weight_ih),
      weightHh: made(weight_hh),
      bias: made(bias_ih).add(made(bias_hh)),
      peepholes: tensor(P.data),
    });
    const recurrent = new Recurrent(peephole, { batchFirst: layout === 1 });
    const zeros = peephole.initialState(x.shape[layout === 1 ? 0 : 1]);
    const before = { h: h0 ? stacked(h0).select(0) : zeros.h, c: c0 ? stacked(c0).select(0) : zeros.c };
    const { outputs, state } = recurrent.forward(x, before, padding);
    run = { outputs, state: { h: state.h.unsqueeze(0), c: state.c.unsqueeze(0) } };
  } else {
    const reset = attributes.linear_before_reset === 1 ? 'after' : 'before';
    const net = {
      RNN: () => new RNN(W.shape[2], hidden, options),
      LSTM: () => new LSTM(W.shape[2], hidden, options),
      GRU: () => new GRU(W.shape[2], hidden, { ...options, reset }),
    }[type]();
    const dict = (both ? ['_l0', '_l0_reverse'] : ['_l0']).flatMap((suffix, d) =>
      Object.entries(weightsOf({ W, R, B }, GATES[type], hidden, d)).map(([name, array]) => [
        `${name === 'weight_hh' && type === 'GRU' && reset === 'before' ? 'weight_hh_reset_before' : name}${suffix}`,
        array,
      ]),
    );
    loadStateDict(net, new Map(dict));
    const before = net.initialState(x.shape[layout === 1 ? 0 : 1]);
    const h = h0 === undefined ? (before.h ?? before) : stacked(h0);
    run = net.forward(x, type === 'LSTM' ? { h, c: c0 === undefined ? before.c : stacked(c0) } : h, padding);
  }
  // Y has an axis for the directions: before the batch, or after the steps with layout 1.
  const directions = both ? 2 : 1;
  const [a, b] = run.outputs.shape;
  const split = run.outputs.reshape([a, b, directions, hidden]);
  const states = type === 'LSTM' ? [run.state.h, run.state.c] : [run.state];
  return layout === 1
    ? [split, ...states.map((state) => state.transpose(0, 1))]
    : [split.transpose(1, 2), ...states];
}

function runAdagrad({ attributes }, [rate, count, ...rest]) {
  const { decay_factor: lrDecay = 0, epsilon: eps = 0, norm_coefficient: weightDecay = 0 } = attributes;
  const n = rest.length / 3;
  const [values, gradients, accumulators] = [0, 1, 2].map((k) => rest.slice(k * n, (k + 1) * n).map(made));
  class Values extends Module {
    parts = values.map((value) => new Parameter(value));
  }
  const model = new Values();
  const optimizer = new Adagrad(model, { lr: rate.data[0], lrDecay, eps, weightDecay });
  const state = optimizer.state();
  const updates = tensor(count.data[0], { dtype: 'int32' });
  const given = accumulators.flatMap((sum, i) => [
    [`accumulator.parts.${i}`, sum],
    [`steps.parts.${i}`, updates],
  ]);
  optimizer.loadState({ ...state, ...Object.fromEntries(given) });
  optimizer.update({ parts: gradients });
  return [...model.parts, ...optimizer.accumulators.values()];
}

/** The largest difference of a test, over its outputs. */
function differenceOf(test) {
  const node = nodeOf(readFileSync(join(test, 'model.onnx')));
  if (node.nodes !== 1) throw new Error('not supported: more than one node');
  const data = (kind, i) => tensorOf(readFileSync(join(test, 'test_data_set_0', `${kind}_${i}.pb`)));
  const given = new Map(node.graphInputs.map((name, i) => [name, data('input', i)]));
  const inputs = node.inputs.map((name) => given.get(name));
  const outputs = (node.type === 'Adagrad' ? runAdagrad : runRecurrent)(node, inputs);
  return Math.max(
    ...node.graphOutputs.map((name, i) => {
      const [ours, wanted] = [outputs[node.outputs.indexOf(name)], data('output', i)];
      if (ours.shape.join() !== wanted.shape.join())
        throw new Error(`${name}: expected shape [${wanted.shape}], got [${ours.shape}]`);
      return Math.max(...Array.from(ours.toTypedArray(), (value, k) => Math.abs(value - wanted.data[k])));
    }),
  );
}

const tests = readdirSync(folder).filter((name) => /^test_(simple_rnn|rnn|lstm|gru|adagrad)(_|$)/.test(name));
let passed = 0;
for (const test of tests) {
  let outcome;
  try {
    const difference = differenceOf(join(folder, test));
    if (difference <= MOST) passed++;
    outcome = `${difference.toExponential(1)}${difference <= MOST ? '' : '   TOO FAR'}`;
  } catch (error) {
    outcome = error.message;
  }
  console.log(`${test.padEnd(34)} ${outcome}`);
}
console.log(`ONNX node tests of RNN, LSTM, GRU and Adagrad: ${passed} passed / ${tests.length} present`);
if (passed < tests.length) process.exitCode = 1;
