import { Parameter, type RandomOptions, type Tensor, zeros } from '@chronograd/tensor';
import { describe, test } from 'vitest';
import { type CellSizes, cellLaws, type MakeCell } from '../../../src/checks/testing/index.ts';
import * as nn from '../../../src/index.ts';
import { Cell, GRUCell, Linear, LSTMCell, RNNCell, type Step } from '../../../src/index.ts';

interface Mixed {
  readonly fast: readonly [h: Tensor, before: Tensor];
  readonly count: Tensor;
  readonly steps: number;
}

/**
 * A state of nested parts, one of them int32, one no tensor; an initial state that is learned;
 * parameters in a layer; no projection.
 */
class MixedCell extends Cell<Mixed> {
  readonly layer: Linear;
  readonly start: Parameter;
  constructor({ inputSize, hiddenSize, ...options }: CellSizes) {
    super();
    this.layer = new Linear(inputSize + 2 * hiddenSize, hiddenSize, options);
    this.start = new Parameter(zeros([1, hiddenSize], options));
  }
  initialState(batch: number): Mixed {
    const [, H] = this.start.shape as [number, number];
    const none = zeros([batch, H], { dtype: this.start.dtype });
    return { fast: [none.add(this.start), none], count: zeros([batch], { dtype: 'int32' }), steps: 0 };
  }
  step(x: Tensor, { fast: [h, before], count, steps }: Mixed): Step<Mixed> {
    const H = h.shape[1]!;
    const { weight, bias } = this.layer;
    const [ofX, ofH, ofBefore] = weight.split([x.shape[1]!, H, H], 1) as [Tensor, Tensor, Tensor];
    const sum = x
      .matmul(ofX.transpose())
      .add(h.matmul(ofH.transpose()))
      .add(before.matmul(ofBefore.transpose()));
    const next = sum.add(bias!).tanh();
    return { output: next, state: { fast: [next, h], count, steps: steps + 1 } };
  }
}

const made = <C extends Cell<unknown>>(make: MakeCell<C>): MakeCell<C> => make;

/** Every cell that the package exports, with default options. New cells are checked too. */
const exported = Object.entries(nn).flatMap(([name, value]) => {
  if (!(typeof value === 'function' && value.prototype instanceof nn.Cell) || value === nn.ProjectedCell)
    return [];
  const Made = value as new (inputSize: number, hiddenSize: number, options: RandomOptions) => Cell<unknown>;
  const make = made(({ inputSize, hiddenSize, ...options }) => new Made(inputSize, hiddenSize, options));
  return [[name, make] as const];
});

const cells: readonly (readonly [name: string, make: MakeCell<Cell<unknown>>])[] = [
  ...exported,
  [
    'RNNCell with relu, whose units may be dead',
    made(
      ({ inputSize, hiddenSize, ...options }) =>
        new RNNCell(inputSize, hiddenSize, { ...options, nonlinearity: 'relu' }),
    ),
  ],
  [
    'LSTMCell with a projection and one bias',
    made(
      ({ inputSize, hiddenSize, ...options }) =>
        new LSTMCell(inputSize, hiddenSize, { ...options, projectionSize: 2, biases: 1 }),
    ),
  ],
  [
    'GRUCell with its reset gate before the product',
    made(
      ({ inputSize, hiddenSize, ...options }) =>
        new GRUCell(inputSize, hiddenSize, { ...options, reset: 'before' }),
    ),
  ],
  [
    'a cell whose state is a tree of floats, whole numbers and a count',
    made((sizes) => new MixedCell(sizes)),
  ],
];

describe.each(cells)('%s obeys: ', (_, make) => {
  for (const { name, check } of cellLaws(make, { runs: 3 })) test(name, check);
});
