import { expect, test } from 'vitest';
import {
  arange,
  bernoulli,
  eye,
  full,
  normal,
  OutOfMemoryError,
  ones,
  Random,
  ShapeError,
  tensor,
  uniform,
  ValueError,
  zeros,
} from '../src/index.ts';

test('A number, a list and nested lists become tensors of their shape, float32 unless a dtype is named', () => {
  expect(tensor(3).shape).toEqual([]);
  expect(tensor(3).item()).toBe(3);
  expect(tensor([1, 2, 3]).shape).toEqual([3]);
  const nested = tensor([[[1, 2]], [[3, 4]], [[5, 6]]]);
  expect(nested.shape).toEqual([3, 1, 2]);
  expect(nested.toArray()).toEqual([[[1, 2]], [[3, 4]], [[5, 6]]]);
  expect(nested.dtype).toBe('float32');
  expect(tensor([0.1]).item()).toBe(Math.fround(0.1));
  expect(tensor([0.1], { dtype: 'float64' }).item()).toBe(0.1);
  expect(tensor([1, -2], { dtype: 'int32' }).toTypedArray()).toEqual(Int32Array.of(1, -2));
});

test('Empty lists have sizes of 0 at their axes', () => {
  expect(tensor([]).shape).toEqual([0]);
  expect(tensor([[], []]).shape).toEqual([2, 0]);
  expect(tensor([[[]]]).shape).toEqual([1, 1, 0]);
  expect(tensor([[], []]).toArray()).toEqual([[], []]);
});

test('A typed array says the dtype unless one is named, and is copied', () => {
  const values = Float64Array.of(0.1, 2);
  const x = tensor(values);
  values[0] = 9;
  expect(x.dtype).toBe('float64');
  expect(x.toArray()).toEqual([0.1, 2]);
  expect(tensor(Int32Array.of(1, 2)).dtype).toBe('int32');
  expect(tensor(new Float32Array(6), { shape: [2, 3] }).shape).toEqual([2, 3]);
  expect(tensor(Float64Array.of(1, 2), { dtype: 'int32' }).toTypedArray()).toEqual(Int32Array.of(1, 2));
  expect(tensor(Float64Array.of(0.1), { dtype: 'float32' }).item()).toBe(Math.fround(0.1));
});

test('What a tensor gives out are copies: writing to them changes nothing', () => {
  const x = tensor([1, 2]);
  x.toTypedArray()[0] = 9;
  (x.toArray() as number[])[1] = 9;
  expect(x.toArray()).toEqual([1, 2]);
});

test('A shape that was handed over may be changed afterwards', () => {
  const shape = [2, 3];
  const made = [zeros(shape), tensor(new Float32Array(6), { shape }), zeros([6]).reshape(shape)];
  const expanded = zeros([1, 3]).expand(shape);
  shape[0] = 9;
  for (const x of [...made, expanded]) expect(x.shape).toEqual([2, 3]);
});

test('Ragged lists throw an error wherever they are ragged', () => {
  for (const ragged of [
    [[1, 2], [3]],
    [1, [2]],
    [[1], 2],
    [[[1], [2]], [[3]]],
    [[], [1]],
  ]) {
    expect(() => tensor(ragged)).toThrow(ShapeError);
  }
});

test('Values that are no numbers throw an error, and int32 takes whole numbers of 32 bits only', () => {
  for (const wrong of ['1', true, null, undefined, { length: 1 }, 1n, Symbol('one')]) {
    expect(() => tensor([wrong as never])).toThrow(ValueError);
    expect(() => tensor(wrong as never)).toThrow(ValueError);
  }
  for (const wrong of [0.5, 2 ** 31, -(2 ** 31) - 1, Number.NaN, Number.POSITIVE_INFINITY]) {
    expect(() => tensor([wrong], { dtype: 'int32' })).toThrow(ValueError);
    expect(() => tensor(Float64Array.of(wrong), { dtype: 'int32' })).toThrow(ValueError);
    expect(() => full([1], wrong, { dtype: 'int32' })).toThrow(ValueError);
  }
});

test('zeros, ones and full hold one value, the sign of zero included', () => {
  expect(zeros([2, 2]).toArray()).toEqual([
    [0, 0],
    [0, 0],
  ]);
  expect(ones([3], { dtype: 'int32' }).toTypedArray()).toEqual(Int32Array.of(1, 1, 1));
  expect(full([], 2.5).item()).toBe(2.5);
  expect(full([1], -0).item()).toBe(-0);
  expect(full([0, 3], 1).toArray()).toEqual([]);
});

test('arange counts from start up to, not including, the end', () => {
  expect(arange(4).toArray()).toEqual([0, 1, 2, 3]);
  expect(arange(2, 10, { step: 3 }).toArray()).toEqual([2, 5, 8]);
  expect(arange(3, 0, { step: -1, dtype: 'int32' }).toTypedArray()).toEqual(Int32Array.of(3, 2, 1));
  expect(arange(3, 0).shape).toEqual([0]);
  expect(arange(0, 1, { step: 0.25, dtype: 'float64' }).toArray()).toEqual([0, 0.25, 0.5, 0.75]);
  expect(() => arange(0, 1, { step: 0 })).toThrow(ValueError);
  expect(() => arange(Number.POSITIVE_INFINITY)).toThrow(ValueError);
  expect(() => arange(0, 2, { step: 0.5, dtype: 'int32' })).toThrow(ValueError);
});

test('arange leaves out what rounding brings to its end, in either direction and dtype', () => {
  for (const dtype of ['float32', 'float64'] as const) {
    expect(arange(1, 1.3, { step: 0.1, dtype }).shape).toEqual([3]);
    expect(arange(-1, -1.3, { step: -0.1, dtype }).shape).toEqual([3]);
    expect(arange(2 ** 24 - 2, 2 ** 24 + 2, { dtype }).shape).toEqual([4]);
  }
  for (let k = 1; k < 200; k++) {
    for (const step of [0.1, 0.01, 1 / 3, 0.7]) {
      for (const start of [0, 1, -5, 1e3]) {
        const x = arange(start, start + k * step, { step, dtype: 'float64' }).toTypedArray();
        expect(x.every((value) => value < start + k * step)).toBe(true);
        expect(Math.abs(x.length - k)).toBeLessThanOrEqual(1);
      }
    }
  }
});

test('arange takes its options after one number too, and throws for elements beyond int32', () => {
  expect(arange(10, { step: 4 }).toArray()).toEqual([0, 4, 8]);
  expect(arange(5, undefined as never, { step: 2, dtype: 'int32' }).toTypedArray()).toEqual(
    Int32Array.of(0, 2, 4),
  );
  expect(() => arange(0, 4e9, { step: 1.5e9, dtype: 'int32' })).toThrow(ValueError);
  expect(arange(0, 2e9 + 1, { step: 1e9, dtype: 'int32' }).toArray()).toEqual([0, 1e9, 2e9]);
});

test('eye has ones on its diagonal', () => {
  expect(eye(2, { dtype: 'float64' }).toArray()).toEqual([
    [1, 0],
    [0, 1],
  ]);
  expect(eye(0).shape).toEqual([0, 0]);
});

test('normal and uniform scale and shift what the generator gives, in order', () => {
  const draw = () => new Random(7);
  const [a, b] = [draw(), draw()];
  expect(normal([2, 2], { random: draw(), dtype: 'float64', mean: 3, std: 2 }).toArray()).toEqual([
    [3 + 2 * a.normal(), 3 + 2 * a.normal()],
    [3 + 2 * a.normal(), 3 + 2 * a.normal()],
  ]);
  expect(uniform([2], { random: draw(), dtype: 'float64', low: -1, high: 1 }).toArray()).toEqual([
    -1 + 2 * b.uniform(),
    -1 + 2 * b.uniform(),
  ]);
  const one = normal([3], { random: draw() });
  expect(one.dtype).toBe('float32');
  expect(one.toArray()).toEqual(normal([3], { random: draw() }).toArray());
});

/** A generator whose every 53-bit draw is `value`. */
function always(value: number): Random {
  const random = new Random(0);
  random.uniform = () => value;
  return random;
}

test('uniform never reaches its high bound, not even by rounding', () => {
  const random = new Random(1);
  const drawn = uniform([7_035_254], { random }).toTypedArray();
  expect(drawn[7_035_253]).toBe(1 - 2 ** -24);
  expect(drawn.every((x) => x < 1)).toBe(true);
});

test('uniform stays in low ≤ x < high after rounding, at both ends and in both dtypes', () => {
  const bounds = [
    [0, 1],
    [-1, 1],
    [0.1, 0.7],
    [0.3, 0.9],
    [-0.7, -0.3],
    [1, 1 + 2 ** -20],
    [-1 / 3, 1 / 3],
    [-1, 0],
    [0, 1e-40],
    [1e30, 1.5e30],
    [-3e38, -1],
  ] as const;
  for (const dtype of ['float32', 'float64'] as const) {
    for (const [low, high] of bounds) {
      for (const draw of [0, 2 ** -53, 0.5, 1 - 2 ** -30, 1 - 2 ** -53]) {
        const x = uniform([], { random: always(draw), dtype, low, high }).item();
        expect(x, `${dtype} ${low} ${high} ${draw}`).toBeGreaterThanOrEqual(low);
        expect(x, `${dtype} ${low} ${high} ${draw}`).toBeLessThan(high);
      }
    }
    expect(uniform([2], { random: new Random(1), dtype, low: 0.5, high: 0.5 }).toArray()).toEqual([0.5, 0.5]);
  }
  const narrow = { random: always(0.5), dtype: 'float64', low: 1, high: 1 + 2 ** -52 } as const;
  expect(uniform([], narrow).item()).toBe(1);
});

test('Only draws that rounding had moved out of the interval change: all others keep their bits', () => {
  const [a, b] = [new Random(3), new Random(3)];
  const drawn = uniform([1000], { random: a, low: -0.3, high: 0.7 }).toTypedArray();
  expect(drawn).toEqual(Float32Array.from({ length: 1000 }, () => -0.3 + (0.7 - -0.3) * b.uniform()));
});

test('An array that exceeds every engine throws a readable out-of-memory error', () => {
  expect(() => zeros([2 ** 40])).toThrow(OutOfMemoryError);
  expect(() =>
    tensor(1)
      .expand([2 ** 40])
      .toArray(),
  ).toThrow(OutOfMemoryError);
});

test('bernoulli gives 1 as often as its probability says, and nothing but 0 and 1', () => {
  const n = 20_000;
  for (const probability of [0, 0.1, 0.5, 0.9, 1]) {
    const drawn = bernoulli([n], probability, { random: new Random(1) }).toTypedArray();
    const ones = drawn.filter((x) => x === 1).length;
    expect(ones + drawn.filter((x) => x === 0).length).toBe(n);
    // Six standard deviations.
    expect(Math.abs(ones - n * probability)).toBeLessThanOrEqual(
      6 * Math.sqrt(n * probability * (1 - probability)),
    );
  }
  expect(() => bernoulli([1], 1.5, { random: new Random(1) })).toThrow(ValueError);
});

test('A typed array whose buffer was transferred throws an error, an empty one does not', () => {
  const values = new Float64Array(3);
  structuredClone(values.buffer, { transfer: [values.buffer] });
  expect(() => tensor(values)).toThrow(ValueError);
  expect(() => tensor(values)).toThrow(
    /^tensor: expected an array of numbers, got one whose buffer was transferred/,
  );
  expect(tensor(new Float64Array(0)).shape).toEqual([0]);
});
