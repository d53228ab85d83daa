import {
  normal,
  ones,
  Parameter,
  Random,
  ShapeError,
  type Tensor,
  tensor,
  ValueError,
} from '@chronograd/tensor';
import { expect, test } from 'vitest';
import { GRUCell, type GRUCellOptions, Module, Recurrent } from '../../src/index.ts';
import { errorAgainstDifferences } from '../differences.ts';

const random = new Random(1);
const float64 = { random, dtype: 'float64' } as const;
type Options = Partial<GRUCellOptions>;
const make = (options: Options = {}) => new GRUCell(3, 2, { random, ...options });
const variants: readonly Options[] = (['after', 'before'] as const).flatMap((reset) =>
  ([0, 1, 2] as const).map((biases) => ({ reset, biases })),
);

test("Parameters have PyTorch's shapes, and name their gates, for every number of biases", () => {
  const shapes = (options: Options) =>
    make(options)
      .namedParameters()
      .map(([name, { shape }]) => `${name} ${shape}`);
  for (const reset of ['after', 'before'] as const) {
    expect(shapes({ reset })).toEqual(['weightIh 6,3', 'weightHh 6,2', 'biasIh 6', 'biasHh 6']);
    expect(shapes({ reset, biases: 1 })).toEqual(['weightIh 6,3', 'weightHh 6,2', 'biasIh 6']);
    expect(shapes({ reset, biases: 0 })).toEqual(['weightIh 6,3', 'weightHh 6,2']);
  }
  const gates = ['r', 'z', 'n'];
  expect(make({ biases: 1 }).blocks()).toEqual({ weightIh: gates, weightHh: gates, biasIh: gates });
  expect(make().reset).toBe('after');
});

/** One step of one stream, number by number. Row `gate · H + k` is unit k's of that gate. */
function plainStep(cell: GRUCell, x: number[], h: number[]): number[] {
  const H = h.length;
  const rows = (parameter: Tensor) => parameter.toArray() as number[][];
  const row = (parameter: Tensor | null) => parameter?.toArray() as number[] | undefined;
  const [wih, whh, bih, bhh] = [rows(cell.weightIh), rows(cell.weightHh), row(cell.biasIh), row(cell.biasHh)];
  const sigmoid = (a: number) => 1 / (1 + Math.exp(-a));
  const dot = (weights: number[], values: number[]) => weights.reduce((sum, w, j) => sum + w * values[j]!, 0);
  const fromX = (gate: number, k: number) => dot(wih[gate * H + k]!, x) + (bih?.[gate * H + k] ?? 0);
  const fromH = (gate: number, k: number, values = h) =>
    dot(whh[gate * H + k]!, values) + (bhh?.[gate * H + k] ?? 0);
  const r = h.map((_, k) => sigmoid(fromX(0, k) + fromH(0, k)));
  return h.map((old, k) => {
    const z = sigmoid(fromX(1, k) + fromH(1, k));
    const inner =
      cell.reset === 'after'
        ? r[k]! * fromH(2, k)
        : fromH(
            2,
            k,
            h.map((each, j) => r[j]! * each),
          );
    return (1 - z) * Math.tanh(fromX(2, k) + inner) + z * old;
  });
}

test('A step is the equations, in plain numbers, for both places of the reset gate and every number of biases', () => {
  for (const options of variants) {
    const cell = make({ ...options, ...float64 });
    const [xs, hs] = [normal([4, 3], float64), normal([4, 2], { ...float64, std: 2 })];
    const { output, state } = cell.step(xs, hs);
    expect(state).toBe(output);
    const list = (x: Tensor) => x.toArray() as number[][];
    list(output).forEach((row, b) => {
      const wanted = plainStep(cell, list(xs)[b]!, list(hs)[b]!);
      row.forEach((each, k) => void expect(each).toBeCloseTo(wanted[k]!, 14));
    });
  }
});

test('Gradients equal differences: of every parameter, the inputs and the initial state', () => {
  for (const options of variants) {
    class Sequence extends Module {
      readonly recurrent: Recurrent<GRUCell> = new Recurrent(make({ ...options, ...float64 }));
      readonly x: Parameter = new Parameter(normal([3, 2, 3], float64));
      readonly h: Parameter = new Parameter(normal([2, 2], float64));
    }
    const model = new Sequence();
    const loss = (): Tensor => {
      const { outputs, state } = model.recurrent.forward(model.x, model.h);
      return outputs.square().sum().add(state.sum());
    };
    expect(errorAgainstDifferences(model, loss)).toBeLessThanOrEqual(1e-9);
  }
});

test('An update gate that is open keeps the state, one that is shut takes the candidate', () => {
  for (const reset of ['after', 'before'] as const) {
    const cell = make({ ...float64, reset, biases: 1 });
    const [x, h] = [normal([1, 3], float64), normal([1, 2], float64)];
    const stepWith = (z: number, n: number) => {
      cell.biasIh?.assign(tensor([0, 0, z, z, n, n], { dtype: 'float64' }));
      return cell.step(x, h).state.toTypedArray();
    };
    const old = h.toTypedArray();
    stepWith(60, 0).forEach((each, k) => void expect(each).toBeCloseTo(old[k]!, 14));
    expect([...stepWith(-800, 60)]).toEqual([1, 1]);
  }
});

test("The initial state is zeros of the cell's own dtype", () => {
  const state = make({ dtype: 'float64' }).initialState(4);
  expect([state.dtype, state.shape, state.toTypedArray().every((each) => Object.is(each, 0))]).toEqual([
    'float64',
    [4, 2],
    true,
  ]);
});

test('A state of another shape throws an error with the name of the cell; nothing is broadcast', () => {
  for (const [x, h] of [
    [
      [5, 3],
      [4, 2],
    ],
    [
      [5, 3],
      [1, 2],
    ],
    [[5, 3], [2]],
    [[3], [5, 2]],
    [
      [5, 3],
      [5, 3],
    ],
  ] as const) {
    expect(() => make().step(ones(x), ones(h))).toThrow(ShapeError);
    expect(() => make().step(ones(x), ones(h))).toThrow(
      `GRUCell: expected a state [B, 2] with the B of the input, got [${h.join(', ')}] with an input projected to`,
    );
  }
  expect(() => make().step(ones([5, 3]), { h: ones([5, 2]) } as never)).toThrow(
    'GRUCell: expected a state [B, 2] with the B of the input, got { h [5, 2] } with an input projected to [5, 6]',
  );
});

test('Options that it has not throw an error', () => {
  expect(() => make({ biases: 3 as never })).toThrow(ValueError);
  expect(() => make({ biases: 3 as never })).toThrow('GRUCell: expected 0, 1 or 2 for biases, got 3');
  expect(() => make({ reset: 'never' as never })).toThrow(
    `GRUCell: expected 'after' or 'before' for reset, got "never"`,
  );
});
