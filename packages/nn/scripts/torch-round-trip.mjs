/**
 * Weights saved here load in PyTorch, by the official safetensors package and
 * load_state_dict(strict=True), and give the same outputs and final states. Weights saved in
 * PyTorch load here and do so too.
 *
 *     node packages/nn/scripts/torch-round-trip.mjs [python]
 *     (build first; needs a Python with PyTorch and safetensors)
 *
 * Prints the largest difference of each direction. Fails above 1e-14 in float64 or 1e-6 in float32.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { normal, Random, tensor } from '@chronograd/tensor';
import { readSafetensors, writeSafetensors } from '../dist/formats/safetensors/index.js';
import {
  Embedding,
  GRU,
  LayerNorm,
  Linear,
  LSTM,
  loadStateDict,
  Module,
  RNN,
  stateDict,
} from '../dist/index.js';

const random = new Random(7);

class Tagger extends Module {
  constructor(options) {
    super();
    this.embedding = new Embedding(7, 3, options);
    this.encoder = new LSTM(3, 4, options);
    this.norm = new LayerNorm(8, options);
    this.head = new Linear(8, 7, options);
  }
  forward(x) {
    const { outputs, state } = this.encoder.forward(this.embedding.forward(x));
    return { outputs: this.head.forward(this.norm.forward(outputs)), state };
  }
}

/** Each model: its name, PyTorch's class and options, and ours. */
const MODELS = [
  ['rnn-relu', 'RNN', { num_layers: 2, nonlinearity: 'relu' }, { layers: 2, nonlinearity: 'relu' }],
  ['rnn-no-bias', 'RNN', { bidirectional: true, bias: false }, { bidirectional: true, biases: 0 }],
  ['rnn-one-bias', 'RNN', {}, { biases: 1 }],
  ['lstm', 'LSTM', { num_layers: 2, bidirectional: true }, { layers: 2, bidirectional: true }],
  ['lstm-projected', 'LSTM', { num_layers: 2, proj_size: 2 }, { layers: 2, projectionSize: 2 }],
  ['gru', 'GRU', { num_layers: 3, bidirectional: true }, { layers: 3, bidirectional: true }],
  ['tagger', 'Tagger', { num_layers: 2, bidirectional: true }, { layers: 2, bidirectional: true }],
].flatMap((model) => ['float64', 'float32'].map((dtype) => ({ model, dtype })));
const CLASSES = { RNN, LSTM, GRU, Tagger };
const MOST = { float64: 1e-14, float32: 1e-6 };

const plain = (x) => {
  const data = x.toTypedArray();
  const dtype = { Float32Array: 'F32', Float64Array: 'F64', Int32Array: 'I32' }[data.constructor.name];
  return { dtype, shape: [...x.shape], data };
};
const results = (net, x) => {
  const { outputs, state } = net.forward(x);
  return [outputs, ...('h' in state ? [state.h, state.c] : [state])];
};

const folder = mkdtempSync(join(tmpdir(), 'chronograd-torch-'));
const file = (name) => join(folder, name);
try {
  const made = MODELS.map(({ model: [given, kind, torch, ours], dtype }) => {
    const name = `${given}-${dtype}`;
    const options = { ...ours, dtype, random };
    const net = kind === 'Tagger' ? new Tagger(options) : new CLASSES[kind](3, 5, options);
    const x =
      kind === 'Tagger'
        ? tensor([0, 1, 2, 3, 4, 5, 6, 6], { dtype: 'int32' }).reshape([4, 2])
        : normal([4, 2, 3], { random, dtype });
    const data = [['x', x], ...results(net, x).map((result, i) => [`result${i}`, result])];
    writeFileSync(file(`${name}.safetensors`), writeSafetensors(stateDict(net)));
    writeFileSync(
      file(`${name}.data.safetensors`),
      writeSafetensors(new Map(data.map(([key, each]) => [key, plain(each)]))),
    );
    return { name, kind, dtype, options: torch, net, x };
  });
  const described = made.map(({ name, kind, dtype, options }) => ({
    name,
    kind,
    dtype,
    options,
  }));
  writeFileSync(file('models.json'), JSON.stringify(described));

  const script = fileURLToPath(new URL('torch_round_trip.py', import.meta.url));
  execFileSync(process.argv[2] ?? 'python3', ['-B', script, folder], { stdio: 'inherit' });

  for (const { name, dtype, net, x } of made) {
    const there = Number(readFileSync(file(`${name}.error`), 'utf8'));
    loadStateDict(net, readSafetensors(readFileSync(file(`${name}.back.safetensors`))).tensors);
    const theirs = readSafetensors(readFileSync(file(`${name}.back.data.safetensors`))).tensors;
    const back = Math.max(
      ...results(net, x).flatMap((result, i) => {
        const { data } = theirs.get(`result${i}`);
        return Array.from(result.toTypedArray(), (value, k) => Math.abs(value - data[k]));
      }),
    );
    const passed = there <= MOST[dtype] && back <= MOST[dtype];
    const figures = `there ${there.toExponential(1)}, back ${back.toExponential(1)}`;
    console.log(`${name.padEnd(24)} ${figures}${passed ? '' : '   TOO FAR'}`);
    if (!passed) process.exitCode = 1;
  }
} finally {
  rmSync(folder, { recursive: true });
}
