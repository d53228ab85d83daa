import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { FloatKernels } from '../../src/kernels/contract.ts';
import { referenceKernels } from '../../src/kernels/reference/index.ts';
import { strictKernels } from '../../src/kernels/strict.ts';
import { Heap } from '../../src/memory/heap.ts';
import { laws } from './laws.ts';

const DTYPES = ['float32', 'float64'] as const;

function kernelsOver(bytes: number) {
  const heap = new Heap(bytes);
  const reference = referenceKernels(heap);
  return { heap, reference, strict: strictKernels(heap, reference)! };
}

const small = kernelsOver(1 << 20);
const beyond2GiB = kernelsOver(2 ** 31 + (1 << 20));

test('Every kernel of the strict set has a row in the law, and every float kernel is the WebAssembly function itself.', () => {
  for (const dtype of DTYPES) {
    expect(Object.keys(small.strict[dtype]).sort()).toEqual(Object.keys(laws).sort());
    for (const kernel of Object.values(small.strict[dtype]))
      expect(String(kernel)).toContain('[native code]');
  }
  expect(small.strict.int32).toBe(small.reference.int32);
});

describe.each(DTYPES)(
  '%s: strict SIMD equals the reference bit for bit, and writes nothing but its outputs',
  (dtype) => {
    test.each(Object.keys(laws) as (keyof FloatKernels)[])('%s.', (name) => {
      laws[name](small.heap, dtype, small.reference[dtype], small.strict[dtype], 200);
    });
    test.each(Object.keys(laws) as (keyof FloatKernels)[])('%s, at addresses above 2 GiB.', (name) => {
      const { heap, reference, strict } = beyond2GiB;
      laws[name](heap, dtype, reference[dtype], strict[dtype], 5);
    });
  },
);

/** Every `step`-th bit pattern of float32, or a dense walk through the float64 of ordinary size. */
function denseSample(dtype: 'float32' | 'float64', n: number): Float32Array | Float64Array {
  if (dtype === 'float64')
    return Float64Array.from({ length: n }, (_, i) => ((i - n / 2) * 80) / n + i * 1e-13);
  const bits = Int32Array.from({ length: n }, (_, i) => i * Math.floor(2 ** 32 / n));
  return new Float32Array(bits.buffer);
}

describe.each(DTYPES)('%s: elementary functions agree on a dense sample', (dtype) => {
  test.each(['exp', 'expm1', 'log', 'log1p', 'tanh', 'sigmoid'] as const)(
    'of every region, by %s.',
    (name) => {
      const n = 32768;
      const { heap, reference, strict } = small;
      const view = heap[dtype];
      const at = 65536 / view.BYTES_PER_ELEMENT;
      view.set(denseSample(dtype, n), at);
      const results = [reference, strict].map((kernels) => {
        kernels[dtype][name](65536, 65536 + 8 * n, n);
        return view.slice(at + (8 * n) / view.BYTES_PER_ELEMENT).slice(0, n);
      });
      expect(results[1]!.findIndex((y, i) => !Object.is(y, results[0]![i]))).toBe(-1);
    },
  );
});

test('A row of a product does not depend on the batch it is computed in.', () => {
  const { heap, strict } = small;
  fc.assert(
    fc.property(
      fc.constantFrom(...DTYPES),
      fc.integer({ min: 1, max: 9 }),
      fc.integer({ min: 1, max: 70 }),
      fc.integer({ min: 1, max: 150 }),
      (dtype, m, n, k) => {
        const view = heap[dtype];
        const size = view.BYTES_PER_ELEMENT;
        const [a, b, whole, single] = [0, m * k, m * k + k * n, m * k + k * n + m * n].map(
          (i) => 4096 + i * size,
        );
        for (let i = 0; i < m * k + k * n; i++) view[4096 / size + i] = Math.fround(Math.sin(i + m) * 3);
        const { matmul } = strict[dtype];
        matmul(a!, k, 1, b!, n, whole!, n, m, n, k, 0);
        for (let r = 0; r < m; r++)
          matmul(a! + r * k * size, k, 1, b!, n, single! + r * n * size, n, 1, n, k, 0);
        const from = (address: number) => view.slice(address / size, address / size + m * n);
        expect(from(single!)).toEqual(from(whole!));
      },
    ),
    { seed: 1, numRuns: 100 },
  );
});
