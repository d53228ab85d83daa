import { ones, Random, ShapeError, type Tensor, tensor, ValueError } from '@chronograd/tensor';
import { expect, test } from 'vitest';
import { RNNCell } from '../../src/index.ts';

const random = new Random(1);

test("Parameters have PyTorch's shapes; with one bias vector, or none, the others are not there", () => {
  const shapes = (biases?: 0 | 1 | 2) =>
    new RNNCell(3, 2, biases === undefined ? { random } : { random, biases })
      .namedParameters()
      .map(([name, { shape }]) => `${name} ${shape}`);
  expect(shapes()).toEqual(['weightIh 2,3', 'weightHh 2,2', 'biasIh 2', 'biasHh 2']);
  expect(shapes(2)).toEqual(shapes());
  expect(shapes(1)).toEqual(['weightIh 2,3', 'weightHh 2,2', 'biasIh 2']);
  expect(shapes(0)).toEqual(['weightIh 2,3', 'weightHh 2,2']);
});

/** h' = f(W_ih x + b_ih + W_hh h + b_hh) in plain numbers. */
function plainStep(cell: RNNCell, x: number[], h: number[], f: (z: number) => number): number[] {
  const [wih, whh] = [cell.weightIh.toArray(), cell.weightHh.toArray()] as [number[][], number[][]];
  const bias = (parameter: Tensor | null) => (parameter?.toArray() as number[] | undefined) ?? h.map(() => 0);
  const dot = (a: number[], b: number[]) => a.reduce((sum, each, i) => sum + each * b[i]!, 0);
  return h.map((_, i) =>
    f(dot(wih[i]!, x) + bias(cell.biasIh)[i]! + dot(whh[i]!, h) + bias(cell.biasHh)[i]!),
  );
}

test('A step is the equation, in plain numbers, for both nonlinearities and every number of biases', () => {
  const x = [0.5, -1, 2];
  const h = [0.25, -0.75];
  for (const biases of [0, 1, 2] as const) {
    for (const [nonlinearity, f] of [
      ['tanh', Math.tanh],
      ['relu', (z: number) => Math.max(0, z)],
    ] as const) {
      const cell = new RNNCell(3, 2, { random, biases, nonlinearity, dtype: 'float64' });
      const [xs, hs] = [tensor([x], { dtype: 'float64' }), tensor([h], { dtype: 'float64' })];
      const { output, state } = cell.step(xs, hs);
      const wanted = plainStep(cell, x, h, f);
      (output.toArray() as number[][])[0]!.forEach(
        (each, i) => void expect(each).toBeCloseTo(wanted[i]!, 14),
      );
      expect(state).toBe(output);
    }
  }
});

test("The initial state is zeros of the cell's own dtype", () => {
  for (const dtype of ['float32', 'float64'] as const) {
    const state = new RNNCell(3, 2, { random, dtype }).initialState(4);
    expect([state.dtype, state.shape, state.toTypedArray().every((h) => Object.is(h, 0))]).toEqual([
      dtype,
      [4, 2],
      true,
    ]);
  }
});

test('A state or an input of another batch, or of none, throws an error with the name of the cell; nothing is broadcast', () => {
  const cell = new RNNCell(3, 4, { random });
  for (const [x, h, message] of [
    [[2, 3], [5, 4], '[5, 4] with an input projected to [2, 4]'],
    [[2, 3], [1, 4], '[1, 4] with an input projected to [2, 4]'],
    [[2, 3], [4], '[4] with an input projected to [2, 4]'],
    [[3], [2, 4], '[2, 4] with an input projected to [4]'],
    [[3], [4], '[4] with an input projected to [4]'],
    [[2, 3], [2, 5], '[2, 5] with an input projected to [2, 4]'],
  ] as const) {
    expect(() => cell.step(ones(x), ones(h))).toThrow(ShapeError);
    expect(() => cell.step(ones(x), ones(h))).toThrow(
      `RNNCell: expected a state [B, 4] with the B of the input, got ${message}`,
    );
  }
});

test('An invalid nonlinearity or number of biases is rejected', () => {
  expect(() => new RNNCell(3, 4, { random, nonlinearity: 'sigmoid' as never })).toThrow(ValueError);
  expect(() => new RNNCell(3, 4, { random, nonlinearity: 'sigmoid' as never })).toThrow(
    `RNNCell: expected 'tanh' or 'relu' for nonlinearity, got "sigmoid"`,
  );
  expect(() => new RNNCell(3, 4, { random, biases: 3 as never })).toThrow(
    'RNNCell: expected 0, 1 or 2 for biases, got 3',
  );
});
