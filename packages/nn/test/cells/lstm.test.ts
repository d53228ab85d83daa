import { normal, ones, Parameter, Random, ShapeError, type Tensor, ValueError } from '@chronograd/tensor';
import { expect, test } from 'vitest';
import { LSTMCell, type LSTMCellOptions, Module, orthogonal, Recurrent } from '../../src/index.ts';
import { errorAgainstDifferences } from '../differences.ts';

const random = new Random(1);
const float64 = { random, dtype: 'float64' } as const;
type Options = Partial<LSTMCellOptions>;
const make = (options: Options = {}) => new LSTMCell(3, 2, { random, ...options });
const variants: readonly Options[] = [
  {},
  { biases: 1 },
  { biases: 0 },
  { projectionSize: 1 },
  { projectionSize: 3, biases: 1 },
];

test("Parameters have PyTorch's shapes, and name their gates; what is not asked for is not there", () => {
  const shapes = (options: Options) =>
    make(options)
      .namedParameters()
      .map(([name, { shape }]) => `${name} ${shape}`);
  const weights = ['weightIh 8,3', 'weightHh 8,2'];
  expect(shapes({})).toEqual([...weights, 'biasIh 8', 'biasHh 8']);
  expect(shapes({ biases: 1 })).toEqual([...weights, 'biasIh 8']);
  expect(shapes({ biases: 0 })).toEqual(weights);
  expect(shapes({ projectionSize: 1 })).toEqual([
    'weightIh 8,3',
    'weightHh 8,1',
    'biasIh 8',
    'biasHh 8',
    'weightHr 1,2',
  ]);
  const gates = ['i', 'f', 'g', 'o'];
  expect(make({ projectionSize: 1 }).blocks()).toEqual({
    weightIh: gates,
    weightHh: gates,
    biasIh: gates,
    biasHh: gates,
  });
  expect(make({ biases: 0 }).blocks()).toEqual({ weightIh: gates, weightHh: gates });
});

/** One step of one stream, number by number. Row `gate · H + k` is unit k's of that gate. */
function plainStep(cell: LSTMCell, x: number[], h: number[], c: number[]) {
  const H = c.length;
  const rows = (parameter: Tensor | null) => parameter?.toArray() as number[][] | undefined;
  const row = (parameter: Tensor | null) => parameter?.toArray() as number[] | undefined;
  const [wih, whh, bih, bhh] = [
    rows(cell.weightIh)!,
    rows(cell.weightHh)!,
    row(cell.biasIh),
    row(cell.biasHh),
  ];
  const sigmoid = (a: number) => 1 / (1 + Math.exp(-a));
  const [nextH, nextC]: [number[], number[]] = [[], []];
  for (let k = 0; k < H; k++) {
    const sums: number[] = [];
    for (let gate = 0; gate < 4; gate++) {
      const at = gate * H + k;
      let sum = (bih?.[at] ?? 0) + (bhh?.[at] ?? 0);
      for (let j = 0; j < x.length; j++) sum += wih[at]![j]! * x[j]!;
      for (let j = 0; j < h.length; j++) sum += whh[at]![j]! * h[j]!;
      sums.push(sum);
    }
    const [i, f, g, o] = sums as [number, number, number, number];
    nextC.push(sigmoid(f) * c[k]! + sigmoid(i) * Math.tanh(g));
    nextH.push(sigmoid(o) * Math.tanh(nextC[k]!));
  }
  const projection = rows(cell.weightHr);
  if (projection === undefined) return { h: nextH, c: nextC };
  return { h: projection.map((weights) => weights.reduce((sum, w, k) => sum + w * nextH[k]!, 0)), c: nextC };
}

test('A step is the equations, in plain numbers, for every number of biases, with a projection and without', () => {
  for (const options of variants) {
    const cell = make({ ...options, ...float64 });
    const P = options.projectionSize ?? 2;
    const xs = normal([4, 3], float64);
    const state = { h: normal([4, P], float64), c: normal([4, 2], { ...float64, std: 2 }) };
    const { output, state: next } = cell.step(xs, state);
    expect(next.h).toBe(output);
    const list = (x: Tensor) => x.toArray() as number[][];
    list(xs).forEach((x, b) => {
      const wanted = plainStep(cell, x, list(state.h)[b]!, list(state.c)[b]!);
      list(next.h)[b]!.forEach((each, k) => void expect(each).toBeCloseTo(wanted.h[k]!, 14));
      list(next.c)[b]!.forEach((each, k) => void expect(each).toBeCloseTo(wanted.c[k]!, 14));
    });
  }
});

test('Gradients equal differences: of every parameter, the inputs, and both parts of the initial state, projections included', () => {
  for (const options of variants) {
    class Sequence extends Module {
      readonly recurrent: Recurrent<LSTMCell> = new Recurrent(make({ ...options, ...float64 }));
      readonly x: Parameter = new Parameter(normal([3, 2, 3], float64));
      readonly h: Parameter = new Parameter(normal([2, options.projectionSize ?? 2], float64));
      readonly c: Parameter = new Parameter(normal([2, 2], float64));
    }
    const model = new Sequence();
    const loss = (): Tensor => {
      const { outputs, state } = model.recurrent.forward(model.x, { h: model.h, c: model.c });
      return outputs.square().sum().add(state.c.tanh().sum()).add(state.h.sum());
    };
    expect(errorAgainstDifferences(model, loss)).toBeLessThanOrEqual(1e-9);
  }
});

test("The initial state is zeros of the cell's own dtype, the hidden part as wide as the projection", () => {
  const { h, c } = make({ dtype: 'float64', projectionSize: 1 }).initialState(4);
  expect([h.dtype, h.shape, c.dtype, c.shape]).toEqual(['float64', [4, 1], 'float64', [4, 2]]);
  for (const part of [h, c]) expect(part.toTypedArray().every((each) => Object.is(each, 0))).toBe(true);
});

test("A forget bias is added to the forget gate's rows of the first bias vector; nothing else changes, and biases beside an init start at 0", () => {
  const values = (options: Options) =>
    make({ random: new Random(7), dtype: 'float64', ...options })
      .parameters()
      .map((parameter) => [...parameter.toTypedArray()]);
  for (const biases of [1, 2] as const) {
    const wanted = values({ biases });
    wanted[2] = wanted[2]!.map((b, row) => (row === 2 || row === 3 ? b + 1.5 : b));
    expect(values({ biases, forgetBias: 1.5 })).toEqual(wanted);
  }
  const init = orthogonal();
  expect(values({ init, forgetBias: 1 }).slice(2)).toEqual([
    [0, 0, 1, 1, 0, 0, 0, 0],
    [0, 0, 0, 0, 0, 0, 0, 0],
  ]);
});

test('An init makes a separate matrix for each gate: with orthogonal rows, those of every gate are orthonormal', () => {
  const { weightHh, weightHr } = make({ ...float64, init: orthogonal(), projectionSize: 2 });
  for (const gate of [...weightHh.chunk(4), weightHr!]) {
    const product = gate.matmul(gate.transpose()).toArray() as number[][];
    product.forEach((row, i) => {
      row.forEach((each, j) => void expect(each).toBeCloseTo(i === j ? 1 : 0, 12));
    });
  }
});

test('A state of other shapes, or of other parts, throws an error with the name of the cell; nothing is broadcast', () => {
  const expected = 'LSTMCell: expected a state { h [B, 2], c [B, 2] } with the B of the input, got ';
  for (const [x, h, c] of [
    [
      [5, 3],
      [4, 2],
      [4, 2],
    ],
    [
      [5, 3],
      [5, 2],
      [1, 2],
    ],
    [
      [5, 3],
      [1, 2],
      [5, 2],
    ],
    [[5, 3], [2], [5, 2]],
    [
      [5, 3],
      [5, 2],
      [5, 1],
    ],
    [[3], [5, 2], [5, 2]],
  ] as const) {
    const state = { h: ones(h), c: ones(c) };
    const got = `${expected}{ h [${h.join(', ')}], c [${c.join(', ')}] } with an input projected to`;
    expect(() => make().step(ones(x), state)).toThrow(ShapeError);
    expect(() => make().step(ones(x), state)).toThrow(got);
    expect(() => make().step(ones(x), state)).toThrow('; initialState(batch) gives one');
  }
  expect(() => make().step(ones([5, 3]), ones([5, 2]) as never)).toThrow(
    `${expected}[5, 2] with an input projected to [5, 8]`,
  );
  expect(() => make({ projectionSize: 1 }).step(ones([5, 3]), { h: ones([5, 2]), c: ones([5, 2]) })).toThrow(
    '{ h [B, 1], c [B, 2] } with the B',
  );
});

test('Options that it has not throw an error', () => {
  for (const [options, message] of [
    [{ biases: 3 as never }, 'LSTMCell: expected 0, 1 or 2 for biases, got 3'],
    [{ projectionSize: 0 }, 'LSTMCell: expected a whole number from 1 on for projectionSize, got 0'],
    [{ projectionSize: 1.5 }, 'for projectionSize, got 1.5'],
    [
      { forgetBias: 1, biases: 0 },
      'LSTMCell: expected a finite forgetBias and at least one bias vector, got forgetBias 1 with biases 0',
    ],
    [
      { forgetBias: Number.NaN },
      'LSTMCell: expected a finite forgetBias and at least one bias vector, got forgetBias NaN with biases 2',
    ],
  ] as const) {
    expect(() => make(options)).toThrow(ValueError);
    expect(() => make(options)).toThrow(message);
  }
});
