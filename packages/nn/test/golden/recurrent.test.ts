import { leavesOf, valueAndGrad } from '@chronograd/autograd';
import { Parameter, Random, type Tensor } from '@chronograd/tensor';
import { expect, test } from 'vitest';
import {
  GRU,
  LSTM,
  type LSTMState,
  loadStateDict,
  Module,
  RNN,
  stateDict,
  zerosInit,
} from '../../src/index.ts';
import { Generator } from './generator.ts';
import { fixture, Golden } from './values.ts';

interface Case {
  readonly kind: 'tanh' | 'relu' | 'lstm' | 'gru';
  readonly layers: number;
  readonly both: boolean;
  readonly bias: boolean;
  readonly steps: number;
  readonly batch: number;
  readonly hidden: number;
  readonly inputs: number;
  readonly projection?: number;
  readonly lengths?: readonly number[];
  readonly seed: number;
  readonly values: string;
}

const { names, cases } = fixture<{
  /** PyTorch's names of weights, in its order. */
  readonly names: Readonly<Record<string, readonly string[]>>;
  readonly cases: readonly Case[];
}>('recurrent');

/** What the names of the weights depend on, as the fixture has it. */
function structureOf({ kind, layers, both, bias, projection }: Case): string {
  const parts = [both ? 'both' : 'forward', bias ? 'bias' : 'no bias'];
  if (projection !== undefined) parts.push('projection');
  return `${kind === 'tanh' || kind === 'relu' ? 'rnn' : kind} ${layers} ${parts.join(' ')}`;
}

type Stacked = RNN | LSTM | GRU;

function moduleOf({ kind, layers, both, bias, hidden, inputs, projection }: Case): Stacked {
  const options = {
    layers,
    bidirectional: both,
    biases: bias ? 2 : 0,
    dtype: 'float64',
    random: new Random(1),
    init: zerosInit, // all weights are loaded
  } as const;
  if (kind === 'gru') return new GRU(inputs, hidden, options);
  if (kind !== 'lstm') return new RNN(inputs, hidden, { ...options, nonlinearity: kind });
  return new LSTM(
    inputs,
    hidden,
    projection === undefined ? options : { ...options, projectionSize: projection },
  );
}

/** What is differentiated: the module, its inputs and its initial states. */
class Problem extends Module {
  readonly x: Parameter;
  readonly before: readonly Parameter[];
  readonly stacked: Stacked;

  constructor(stacked: Stacked, x: Tensor, before: readonly Tensor[]) {
    super();
    this.x = new Parameter(x);
    this.before = before.map((state) => new Parameter(state));
    this.stacked = stacked;
  }

  /** Outputs and final states. */
  run(lengths: readonly number[] | undefined): Tensor[] {
    const { stacked, x, before } = this;
    const padding = lengths === undefined ? {} : { lengths };
    const [h, c] = before as unknown as [Parameter, Parameter];
    const { outputs, state } =
      stacked instanceof LSTM ? stacked.forward(x, { h, c }, padding) : stacked.forward(x, h, padding);
    return [outputs, ...(stacked instanceof LSTM ? Object.values(state as LSTMState) : [state as Tensor])];
  }
}

/** The worst relative error of a case over outputs, final states and all gradients. */
function errorOf(golden: Case): number {
  const { kind, layers, both, steps, batch, hidden, inputs, projection, lengths, seed, values } = golden;
  const draw = new Generator(seed);
  const stacked = moduleOf(golden);
  const own = stateDict(stacked);
  const dict = names[structureOf(golden)]!.map((name) => {
    const shape = own.get(name)?.shape ?? [];
    const data = draw.aroundZero(1 / Math.sqrt(hidden), ...shape).toTypedArray();
    return [name, { shape, data }] as const;
  });
  loadStateDict(stacked, new Map(dict));
  const parts = layers * (both ? 2 : 1);
  const x = draw.aroundZero(1.5, steps, batch, inputs);
  const before = [draw.aroundZero(1, parts, batch, projection ?? hidden)];
  if (kind === 'lstm') before.push(draw.aroundZero(1, parts, batch, hidden));
  const problem = new Problem(stacked, x, before);

  const { aux, grads } = valueAndGrad(problem, () => {
    const results = problem.run(lengths);
    const terms = results.map((result) => result.mul(draw.aroundZero(1, ...result.shape)).sum());
    return { value: terms.reduce((sum, term) => sum.add(term)), aux: results };
  })();
  const expected = new Golden(values);
  for (const result of aux) expected.compareChecks(result);
  for (const { leaf } of leavesOf('golden', grads)) expected.compareChecks(leaf);
  expected.end();
  return expected.worst;
}

test('RNN, LSTM and GRU agree with PyTorch: outputs, final states and all gradients, to 1e-12', () => {
  const worst = new Map<string, { count: number; error: number }>();
  for (const golden of cases) {
    const { values: _, ...what } = golden;
    const error = errorOf(golden);
    expect(error, JSON.stringify(what)).toBeLessThanOrEqual(1e-12);
    const { count, error: before } = worst.get(golden.kind) ?? { count: 0, error: 0 };
    worst.set(golden.kind, { count: count + 1, error: Math.max(before, error) });
  }
  expect(cases.length).toBeGreaterThanOrEqual(300);
  const parts = [...worst].map(
    ([kind, { count, error }]) => `${kind} ${count} cases, ${error.toExponential(1)}`,
  );
  console.log(`PyTorch, ${cases.length} cases, worst relative error: ${parts.join('; ')}`);
});
