import { leavesOf } from '@chronograd/autograd';
import { type FloatDtype, Random, type Tensor, tensor, ValueError } from '@chronograd/tensor';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  clipByGlobalNorm,
  clipByValue,
  globalNorm,
  Linear,
  NonFiniteGradientError,
} from '../../src/index.ts';

interface Grads {
  readonly cell: { readonly weight: Tensor; readonly bias: Tensor };
  readonly layers: readonly Tensor[];
}

/** Gradients of any shape and size, up to `largest`. */
const gradients = (dtype: FloatDtype, largest = 1e3): fc.Arbitrary<Grads> =>
  fc
    .tuple(fc.nat(), fc.integer({ min: 1, max: 40 }), fc.integer({ min: -6, max: 0 }))
    .map(([seed, n, power]) => {
      const random = new Random(seed);
      const some = (size: number) =>
        tensor(
          Float64Array.from({ length: size }, () => (2 * random.uniform() - 1) * largest * 10 ** power),
          { dtype },
        );
      return { cell: { weight: some(2 * n).reshape([2, n]), bias: some(n) }, layers: [some(1), some(3 * n)] };
    });

const numbers = (grads: Grads): number[] =>
  leavesOf('test', grads).flatMap(({ leaf }) => [...leaf.toTypedArray()]);
/** In plain numbers, scaled by the largest so that no square overflows. */
function plainNorm(values: readonly number[]): number {
  const largest = Math.max(...values.map(Math.abs));
  return largest === 0 ? 0 : largest * Math.sqrt(values.reduce((sum, g) => sum + (g / largest) ** 2, 0));
}
const cosine = (a: readonly number[], b: readonly number[]) =>
  a.reduce((sum, x, i) => sum + (x / plainNorm(a)) * (b[i]! / plainNorm(b)), 0);
const seeded = { seed: 1, numRuns: 100 };
const limits = fc.constantFrom(1e-3, 0.5, 5, 100);

test.each(['float32', 'float64'] as const)(
  'By value, %s: each number becomes the nearest within the limit, and names, shapes and dtype stay',
  (dtype) => {
    fc.assert(
      fc.property(gradients(dtype), limits, (grads, limit) => {
        const clipped = clipByValue(grads, limit);
        const bound = dtype === 'float32' ? Math.fround(limit) : limit;
        expect(numbers(clipped)).toEqual(numbers(grads).map((g) => Math.max(-bound, Math.min(bound, g))));
        expect(leavesOf('test', clipped).map(({ path, leaf }) => [path, leaf.shape, leaf.dtype])).toEqual(
          leavesOf('test', grads).map(({ path, leaf }) => [path, leaf.shape, leaf.dtype]),
        );
        expect(numbers(clipByValue(clipped, limit))).toEqual(numbers(clipped));
      }),
      seeded,
    );
  },
);

test.each([
  ['float32', 1e-6],
  ['float64', 1e-12],
] as const)(
  'By global norm, %s: above the limit the norm becomes the limit, and the direction stays',
  (dtype, tolerance) => {
    fc.assert(
      fc.property(gradients(dtype), limits, (before, limit) => {
        const { grads, norm } = clipByGlobalNorm(before, limit);
        expect(Math.abs(norm / plainNorm(numbers(before)) - 1)).toBeLessThanOrEqual(1e-12);
        expect(norm).toBe(globalNorm(before));
        if (norm <= limit) {
          expect(grads).toBe(before);
          return;
        }
        expect(Math.abs(plainNorm(numbers(grads)) / limit - 1)).toBeLessThanOrEqual(tolerance);
        expect(cosine(numbers(grads), numbers(before))).toBeGreaterThanOrEqual(1 - 1e-12);
        // Again: rounding may leave the norm above the limit, and the second clipping removes the
        // rest.
        const again = numbers(clipByGlobalNorm(grads, limit).grads);
        numbers(grads).forEach((g, i) => {
          expect(Math.abs(again[i]! - g)).toBeLessThanOrEqual(tolerance * Math.abs(g));
        });
      }),
      seeded,
    );
  },
);

test.each(['float32', 'float64'] as const)(
  'By any other norm, %s: it is (Σ |g|ᵖ)^(1/p), or the largest |g|, and is brought down to the limit',
  (dtype) => {
    const powers = fc.constantFrom(0.5, 1, 1.5, 3, 7.25, 2000, Infinity);
    fc.assert(
      fc.property(gradients(dtype), limits, powers, (before, limit, normType) => {
        const size = (grads: Grads): number => {
          const all = numbers(grads).map(Math.abs);
          const largest = Math.max(...all);
          if (normType === Infinity || largest === 0) return largest;
          return largest * all.reduce((sum, g) => sum + (g / largest) ** normType, 0) ** (1 / normType);
        };
        const { grads, norm } = clipByGlobalNorm(before, limit, { normType });
        expect(Math.abs(norm / size(before) - 1)).toBeLessThanOrEqual(1e-12);
        expect(norm).toBe(globalNorm(before, { normType }));
        if (norm <= limit) expect(grads).toBe(before);
        else
          expect(Math.abs(size(grads) / limit - 1)).toBeLessThanOrEqual(dtype === 'float32' ? 1e-6 : 1e-12);
      }),
      seeded,
    );
    expect(clipByGlobalNorm([tensor([3, -4], { dtype })], 10, { normType: 1 }).norm).toBe(7);
    expect(globalNorm([tensor([3, -4], { dtype })], { normType: 2 })).toBe(5);
    expect(globalNorm([tensor([3e38, 3e38], { dtype })], { normType: 2000 })).toBeGreaterThan(2.9e38);
    expect(() => globalNorm([], { norm_type: 1 } as object)).toThrow('did you mean normType?');
  },
);

test('Gradients within the limit are themselves, the very same tensors', () => {
  const grads: Grads = { cell: { weight: tensor([[3, -4]]), bias: tensor([0]) }, layers: [] };
  expect(clipByValue(grads, 4).cell.weight).toBe(grads.cell.weight);
  expect(clipByValue(grads, 3.5).cell.bias).toBe(grads.cell.bias);
  expect(clipByValue(grads, 3.5).cell.weight.toArray()).toEqual([[3, -3.5]]);
  expect(clipByGlobalNorm(grads, 5)).toEqual({ grads, norm: 5 });
  expect(clipByGlobalNorm(grads, 5).grads).toBe(grads);
  expect(clipByGlobalNorm(grads, 2.5).grads.cell.weight.toArray()).toEqual([[1.5, -2]]);
  expect(clipByGlobalNorm(grads, Number.POSITIVE_INFINITY).grads).toBe(grads);
});

test('The norm of finite gradients of any size neither overflows nor vanishes, in float32 and float64', () => {
  for (const [dtype, sizes] of [
    ['float32', [1e-44, 1e-30, 1e20, 3e38]],
    ['float64', [1e-323, 1e-300, 1e20, 1e300, 1.7e308]],
  ] as const) {
    for (const size of sizes) {
      const values = Array.from({ length: 100 }, (_, i) => (i % 2 === 0 ? size : -size));
      const before = { a: tensor(values.slice(0, 30), { dtype }), b: tensor(values.slice(30), { dtype }) };
      const exact = before.a.slice(0).item();
      // Ten times the size, which float64 does not have for the largest.
      expect(globalNorm(before) / exact).toBeCloseTo(
        10 * exact === Number.POSITIVE_INFINITY ? Number.POSITIVE_INFINITY : 10,
        10,
      );
      for (const limit of [5, 1e-3]) {
        if (size < 1) {
          expect(clipByGlobalNorm(before, limit).grads).toBe(before);
          continue;
        }
        const { a, b } = clipByGlobalNorm(before, limit).grads;
        const after = [...a.toTypedArray(), ...b.toTypedArray()];
        after.forEach((g, i) => {
          expect(Math.abs(g / ((Math.sign(values[i]!) * limit) / 10) - 1)).toBeLessThanOrEqual(
            dtype === 'float32' ? 1e-6 : 1e-12,
          );
        });
      }
      expect(clipByValue(before, 5).a.slice([0, 2]).toArray()).toEqual(size > 5 ? [5, -5] : [exact, -exact]);
    }
  }
});

test('A gradient in several places of the tree counts once, and stays one tensor', () => {
  const g = tensor([3, 4]);
  const { grads, norm } = clipByGlobalNorm({ embedding: g, decoder: g }, 1);
  expect(norm).toBe(5);
  expect(grads.decoder).toBe(grads.embedding);
  const clipped = clipByValue({ embedding: g, decoder: g }, 1);
  expect(clipped.decoder).toBe(clipped.embedding);
});

test('A gradient that is NaN or infinite throws an error that names the parameter; nothing is clipped to hide it', () => {
  for (const value of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
    for (const dtype of ['float32', 'float64'] as const) {
      const grads = { cell: { weightHh: tensor([1, value, 2], { dtype }) }, bias: tensor([1], { dtype }) };
      for (const [op, run] of [
        ['clipByValue', () => clipByValue(grads, 5)],
        ['clipByGlobalNorm', () => clipByGlobalNorm(grads, 5)],
        ['globalNorm', () => globalNorm(grads)],
      ] as const) {
        expect(run).toThrow(NonFiniteGradientError);
        expect(run).toThrow(
          `${op}: expected finite gradients, got ${Number.isNaN(value) ? 'NaN' : 'Infinity'} in that of cell.weightHh; find`,
        );
        expect(run).toThrow(expect.objectContaining({ parameter: 'cell.weightHh' }));
      }
    }
  }
  expect(() => clipByValue(tensor([Number.NaN]), 5)).toThrow('got NaN in that of the tensor');
});

test('A limit that is not positive throws an error', () => {
  for (const limit of [0, -1, Number.NaN]) {
    expect(() => clipByValue(tensor([1]), limit)).toThrow(ValueError);
    expect(() => clipByGlobalNorm(tensor([1]), limit)).toThrow(
      `clipByGlobalNorm: expected a positive number for maxNorm, got ${limit}`,
    );
    expect(() => globalNorm(tensor([1]), { normType: limit })).toThrow(
      `globalNorm: expected a positive number for normType, got ${limit}`,
    );
  }
});

test('No gradients at all have norm 0', () => {
  expect(clipByGlobalNorm({ cell: {} }, 1)).toEqual({ grads: { cell: {} }, norm: 0 });
  expect(globalNorm([tensor([0, 0])])).toBe(0);
});

test('Weights in place of gradients are rejected, since their clipped copies would be unused', () => {
  const model = new Linear(2, 2, { random: new Random(1) });
  for (const weights of [model, model.parameters(), model.weight]) {
    expect(() => clipByGlobalNorm(weights, 1)).toThrow(
      /^clipByGlobalNorm: expected gradients, got .*; pass the grads/,
    );
    expect(() => clipByValue(weights, 1)).toThrow(/^clipByValue: expected gradients, got .*; pass the grads/);
  }
  expect(globalNorm(model)).toBeGreaterThan(0);
});
