import { type FloatDtype, Random, ShapeError, ValueError } from '@chronograd/tensor';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  Embedding,
  fanInNormal,
  type Initializer,
  Linear,
  normalInit,
  orthogonal,
  RNNCell,
  uniformInit,
  xavierNormal,
  xavierUniform,
  zerosInit,
} from '../src/index.ts';

const [OUT, IN] = [200, 300];
const values = (init: Initializer, shape = [OUT, IN], dtype: FloatDtype = 'float64', seed = 1) =>
  init(shape, { random: new Random(seed), dtype }).toTypedArray();

function statistics(x: Iterable<number>) {
  const all = [...x];
  const mean = all.reduce((sum, each) => sum + each, 0) / all.length;
  const std = Math.sqrt(all.reduce((sum, each) => sum + (each - mean) ** 2, 0) / all.length);
  const kurtosis = all.reduce((sum, each) => sum + ((each - mean) / std) ** 4, 0) / all.length;
  return { mean, std, kurtosis, largest: Math.max(...all.map(Math.abs)) };
}

const normals: [string, Initializer, number][] = [
  ['normalInit(0.01)', normalInit(0.01), 0.01],
  ['fanInNormal', fanInNormal, Math.sqrt(1 / IN)],
  ['xavierNormal', xavierNormal, Math.sqrt(2 / (IN + OUT))],
];
// Of 60,000 draws the standard error is 0.4 % of the deviation for the mean, 0.3 % for the
// deviation, and 0.02 for the kurtosis.
test.each(normals)('%s is normal around 0 with its standard deviation', (_, init, wanted) => {
  const { mean, std, kurtosis } = statistics(values(init));
  expect(Math.abs(mean / wanted)).toBeLessThan(0.015);
  expect(Math.abs(std / wanted - 1)).toBeLessThan(0.01);
  expect(Math.abs(kurtosis - 3)).toBeLessThan(0.08);
});

const uniforms: [string, Initializer, number][] = [
  ['uniformInit(16)', uniformInit(16), 1 / 4],
  ['xavierUniform', xavierUniform, Math.sqrt(6 / (IN + OUT))],
];
test.each(uniforms)('%s fills its interval evenly and never leaves it', (_, init, bound) => {
  const { mean, std, kurtosis, largest } = statistics(values(init));
  expect(largest).toBeLessThanOrEqual(bound);
  expect(largest).toBeGreaterThan(0.999 * bound);
  expect(Math.abs(mean / bound)).toBeLessThan(0.01);
  expect(Math.abs((std * Math.sqrt(3)) / bound - 1)).toBeLessThan(0.01);
  expect(Math.abs(kurtosis - 1.8)).toBeLessThan(0.03);
});

test('zerosInit is zeros and asks for no random numbers', () => {
  const random = new Random(1);
  const before = random.state;
  expect(zerosInit([2, 3], { random }).toArray()).toEqual([
    [0, 0, 0],
    [0, 0, 0],
  ]);
  expect(random.state).toEqual(before);
});

/** How far Q·Qᵀ (or Qᵀ·Q, where there are fewer columns) is from gain²·I. */
function fromOrthogonal(rows: number, cols: number, gain: number, seed: number): number {
  const q = values(orthogonal(gain), [rows, cols], 'float64', seed);
  const [count, length] = [Math.min(rows, cols), Math.max(rows, cols)];
  const at = (vector: number, i: number) => q[rows <= cols ? vector * cols + i : i * cols + vector]!;
  let worst = 0;
  for (let a = 0; a < count; a++) {
    for (let b = 0; b <= a; b++) {
      let dot = 0;
      for (let i = 0; i < length; i++) dot += at(a, i) * at(b, i);
      worst = Math.max(worst, Math.abs(dot - (a === b ? gain * gain : 0)));
    }
  }
  return worst;
}

test('orthogonal gives orthonormal rows, or columns where there are fewer of them, times its gain', () => {
  const size = fc.integer({ min: 1, max: 40 });
  fc.assert(
    fc.property(size, size, fc.constantFrom(1, Math.SQRT2, 0.5), fc.nat(), (rows, cols, gain, seed) => {
      expect(fromOrthogonal(rows, cols, gain, seed)).toBeLessThanOrEqual(1e-12);
    }),
    { seed: 1, numRuns: 40 },
  );
});

test('Square matrices of a hundred seeds are orthogonal to the last digits, though some are drawn nearly singular', () => {
  for (let seed = 0; seed < 100; seed++) expect(fromOrthogonal(20, 20, 1, seed)).toBeLessThanOrEqual(1e-14);
});

test('orthogonal matrices of a seed are spread evenly: no column is preferred', () => {
  const random = new Random(3);
  const mean = new Float64Array(9);
  for (let i = 0; i < 4000; i++) {
    orthogonal()([3, 3], { random, dtype: 'float64' })
      .toTypedArray()
      .forEach((x, k) => {
        mean[k]! += (x * x) / 4000;
      });
  }
  // E[x²] = 1/3 for each entry; the standard error is 0.005.
  for (const each of mean) expect(Math.abs(each - 1 / 3)).toBeLessThan(0.02);
});

const all: [string, Initializer][] = [
  ...normals.map(([name, init]): [string, Initializer] => [name, init]),
  ...uniforms.map(([name, init]): [string, Initializer] => [name, init]),
  ['zerosInit', zerosInit],
  ['orthogonal', orthogonal()],
];
test.each(all)(
  '%s: one seed gives the same bits, float32 is float64 rounded, and float32 is the default',
  (_, init) => {
    const shape = [7, 5];
    expect(values(init, shape)).toEqual(values(init, shape));
    expect(values(init, shape, 'float32')).toEqual(Float32Array.from(values(init, shape)));
    const x = init(shape, { random: new Random(1) });
    expect([x.dtype, x.shape]).toEqual(['float32', shape]);
    if (init !== zerosInit) expect(values(init, shape, 'float64', 2)).not.toEqual(values(init, shape));
  },
);

test('Initializers that need fans throw for what is no matrix, with the shape that came', () => {
  const random = new Random(1);
  for (const init of [fanInNormal, xavierNormal, xavierUniform]) {
    expect(() => init([5], { random })).toThrow(ShapeError);
    expect(() => init([5], { random })).toThrow('expected the shape of a matrix [out, in], got [5]');
  }
  for (const shape of [[5], [2, 3, 4]]) {
    expect(() => orthogonal()(shape, { random })).toThrow(
      `expected the shape of a matrix [out, in], got [${shape.join(', ')}]`,
    );
  }
});

test("Layers begin as PyTorch's do: evenly within ±1/√I (Linear) and ±1/√H (RNNCell), biases included; embeddings standard normal", () => {
  const random = new Random(5);
  const largest = (x: Linear | RNNCell) =>
    x.parameters().map((parameter) => statistics(parameter.toTypedArray()).largest);
  for (const each of largest(new Linear(400, 300, { random }))) {
    expect(each).toBeLessThanOrEqual(Math.fround(1 / 20));
    expect(each).toBeGreaterThan(0.98 / 20);
  }
  for (const each of largest(new RNNCell(50, 225, { random }))) {
    expect(each).toBeLessThanOrEqual(Math.fround(1 / 15));
    expect(each).toBeGreaterThan(0.98 / 15);
  }
  const { mean, std } = statistics(new Embedding(100, 100, { random }).weight.toTypedArray());
  expect(Math.abs(mean)).toBeLessThan(0.04);
  expect(Math.abs(std - 1)).toBeLessThan(0.03);
});

test("With an initializer of one's own, weights have its values and biases are 0", () => {
  const options = { random: new Random(1), init: normalInit(0.01) };
  const cell = new RNNCell(3, 4, options);
  const linear = new Linear(3, 4, options);
  expect(cell.weightIh.toArray()).toEqual(normalInit(0.01)([4, 3], { random: new Random(1) }).toArray());
  for (const bias of [cell.biasIh, cell.biasHh, linear.bias]) expect(bias?.toArray()).toEqual([0, 0, 0, 0]);
});

test('Initializers throw for what would give NaN weights', () => {
  for (const wrong of [undefined, Number.NaN, Number.POSITIVE_INFINITY, -1, '16', null]) {
    expect(() => uniformInit(wrong as never)).toThrow(ValueError);
    expect(() => normalInit(wrong as never)).toThrow(ValueError);
  }
  for (const wrong of [Number.NaN, Number.POSITIVE_INFINITY, '2', null]) {
    expect(() => orthogonal(wrong as never)).toThrow(ValueError);
  }
  const inits = {
    uniform: uniformInit(4),
    fanInNormal,
    xavierNormal,
    xavierUniform,
    orthogonal: orthogonal(),
  };
  for (const init of Object.values(inits)) {
    expect(() => init([2, 3], undefined as never)).toThrow(ValueError);
    for (const shape of [undefined, 3, [2, -1], ['2', 3], new Array(2)]) {
      expect(() => init(shape as never, { random: new Random(1) })).toThrow(ShapeError);
    }
  }
  expect(() => zerosInit([2, -1], { random: new Random(1) })).toThrow(ShapeError);
});

test('A size of 0 is no division by 0: layers throw for it, weights are empty, and biases 0', () => {
  expect(() => new Linear(0, 3, { random: new Random(1) })).toThrow(ValueError);
  expect(uniformInit(0)([3], { random: new Random(1) }).toArray()).toEqual([0, 0, 0]);
  for (const init of [fanInNormal, xavierNormal, xavierUniform, orthogonal()]) {
    for (const shape of [
      [3, 0],
      [0, 3],
      [0, 0],
    ])
      expect(init(shape, { random: new Random(1) }).shape).toEqual(shape);
  }
});
