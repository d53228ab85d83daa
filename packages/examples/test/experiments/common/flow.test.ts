import { valueAndGrad } from '@chronograd/autograd';
import { crossEntropy } from '@chronograd/nn';
import { eye, Random, type Tensor, zeros } from '@chronograd/tensor';
import { expect, test } from 'vitest';
import { CharModel } from '../../../src/char-rnn/char-model.ts';
import { recurrentMatrix } from '../../../src/experiments/common/characters.ts';
import {
  decayOf,
  earlyAndLate,
  lastStepFlow,
  remaining,
  stretchesOf,
} from '../../../src/experiments/common/flow.ts';

const SEED = 5;
const [V, H] = [7, 6];
const random = new Random(SEED);
const text = Int32Array.from({ length: 90 }, () => random.integer(V));

function modelOf(cell: 'rnn' | 'lstm'): CharModel {
  return new CharModel(V, { cell, hidden: H, init: 'xavier-normal', dtype: 'float64' }, new Random(SEED));
}

test('through a diagonal cell without input the gradient fades by exactly its diagonal', () => {
  const model = modelOf('rnn');
  const [input, bias] = ['recurrent.cell.weightIh', 'recurrent.cell.biasIh'].map(
    (name) => new Map(model.namedParameters()).get(name)!,
  );
  for (const parameter of [input!, bias!]) parameter.assign(zeros(parameter.shape, { dtype: 'float64' }));
  const matrix = recurrentMatrix(model);
  matrix.assign(eye(H, { dtype: 'float64' }).mul(0.7));
  const norms = lastStepFlow(model, stretchesOf(text, 12, 3));
  expect(norms).toHaveLength(12);
  norms.slice(1).forEach((norm, t) => {
    expect(norms[t]! / norm).toBeCloseTo(0.7, 12);
  });
  expect(decayOf(norms).rate).toBeCloseTo(0.7, 12);
  expect(decayOf(norms).r2).toBeCloseTo(1, 12);
});

test.each(['rnn', 'lstm'] as const)(
  'of an %s the whole state counts: the norm is that of the gradient by a state that is put in',
  (cell) => {
    const model = modelOf(cell);
    const [steps, batch] = [6, 3];
    const { inputs, last } = stretchesOf(text, steps, batch);
    const norms = lastStepFlow(model, { inputs, last });
    for (let t = 1; t < steps; t++) {
      const { state } = model.recurrent.forward(inputs.slice([0, t]));
      const { grads } = valueAndGrad(state as Record<string, Tensor>, (each: unknown) => {
        const { outputs } = model.recurrent.forward(inputs.slice([t]), each);
        return crossEntropy(model.decoder.forward(outputs.select(-1)), last);
      })(state as Record<string, Tensor>);
      const leaves =
        cell === 'rnn' ? [grads as unknown as Tensor] : Object.values(grads as Record<string, Tensor>);
      const squares = leaves.map((leaf) => leaf.square().sum().item());
      expect(squares).toHaveLength(cell === 'rnn' ? 1 : 2);
      expect(norms[t - 1]).toBeCloseTo(Math.sqrt(squares.reduce((a, b) => a + b)), 12);
    }
  },
);

test('stretches of all lengths end with the same characters', () => {
  const long = stretchesOf(text, 20, 4);
  const short = stretchesOf(text, 5, 4);
  expect(short.last.toArray()).toEqual(long.last.toArray());
  expect(short.inputs.toArray()).toEqual(long.inputs.slice([15]).toArray());
  // Each is followed by its last character in the text.
  const found = long.inputs.slice(null, 1).toArray() as number[];
  expect([...text].join()).toContain([...found, (long.last.toArray() as number[])[1]].join());
});

test('a text too short for its stretches throws an error', () => {
  expect(() => stretchesOf(text, 30, 3)).toThrow(RangeError);
  expect(() => stretchesOf(text, 29, 3)).not.toThrow();
});

test('what remains is counted back from the last step, where it is 1', () => {
  expect(remaining([4, 2, 8])).toEqual([
    [0, 1],
    [1, 0.25],
    [2, 0.5],
  ]);
});

test('a factor is measured up to a quarter of the longest length, and from there', () => {
  const factors = earlyAndLate([
    [5, 1],
    [10, 0.9],
    [25, 0.8 ** 20],
    [50, 0.5],
    [100, 0.8 ** 20 * 0.95 ** 75],
  ]);
  expect(factors.early).toBeCloseTo(0.8, 12);
  expect(factors.late).toBeCloseTo(0.95, 12);
});
