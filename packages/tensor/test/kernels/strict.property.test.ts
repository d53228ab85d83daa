import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { FloatKernels } from '../../src/kernels/contract.ts';
import { decodeHex } from '../../src/kernels/hex.ts';
import { referenceKernels } from '../../src/kernels/reference/index.ts';
import { strictModule } from '../../src/kernels/strict.generated.ts';
import { strictKernels } from '../../src/kernels/strict.ts';
import { Heap } from '../../src/memory/heap.ts';
import { wasm } from '../../src/memory/wasm.ts';
import { laws } from './laws.ts';

const DTYPES = ['float32', 'float64'] as const;

function kernelsOver(bytes: number) {
  const heap = new Heap(bytes);
  const reference = referenceKernels(heap);
  return { heap, reference, strict: strictKernels(heap, reference)! };
}

const small = kernelsOver(1 << 20);
const beyond2GiB = kernelsOver(2 ** 31 + (1 << 20));

test('Every kernel has a row in the law; what the module exports is in the set as it is, and int32 is the reference’s.', () => {
  const module = new wasm!.Module(decodeHex(strictModule));
  const { exports } = new wasm!.Instance(module, { env: { memory: small.heap.memory } });
  const taken = DTYPES.flatMap((dtype) => {
    const names = Object.keys(small.strict[dtype]) as (keyof FloatKernels)[];
    expect(names.sort()).toEqual(Object.keys(laws).sort());
    const own = names.filter((name) => small.strict[dtype][name] !== small.reference[dtype][name]);
    for (const name of own) expect(String(small.strict[dtype][name])).toContain('[native code]');
    return own.map((name) => `${name}_${dtype === 'float32' ? 'f32' : 'f64'}`);
  });
  expect(taken.sort()).toEqual(Object.keys(exports).sort());
  expect(small.strict.int32).toBe(small.reference.int32);
});

describe.each(DTYPES)(
  '%s: strict SIMD equals the reference bit for bit, and writes nothing but its outputs',
  (dtype) => {
    test.each(Object.keys(laws) as (keyof FloatKernels)[])('%s.', (name) => {
      laws[name](small.heap, dtype, small.reference[dtype], small.strict[dtype], 400);
    });
    test.each(Object.keys(laws) as (keyof FloatKernels)[])('%s, at addresses above 2 GiB.', (name) => {
      const { heap, reference, strict } = beyond2GiB;
      laws[name](heap, dtype, reference[dtype], strict[dtype], 10);
    });
  },
);

/** A dense walk through the ordinary numbers, and bit patterns spread evenly over all there are. */
function denseSample(dtype: 'float32' | 'float64', n: number): Float32Array | Float64Array {
  const values = dtype === 'float64' ? new Float64Array(n) : new Float32Array(n);
  const words = new Int32Array(values.buffer);
  const wordsEach = words.length / n;
  for (let i = 0; i < n; i++) {
    if (i < n / 2) values[i] = ((i - n / 4) * 160) / n + i * 1e-13;
    else words[(i + 1) * wordsEach - 1] = (i - n / 2) * Math.floor(2 ** 33 / n) + 7 * i;
  }
  return values;
}

describe.each(DTYPES)('%s: elementary functions agree on a dense sample', (dtype) => {
  test.each(['exp', 'expm1', 'log', 'log1p', 'tanh', 'sigmoid'] as const)(
    'of every region, by %s.',
    (name) => {
      const n = 40000;
      const { heap, reference, strict } = small;
      const size = heap[dtype].BYTES_PER_ELEMENT;
      const [x, y] = [16384, 16384 + n * size];
      heap[dtype].set(denseSample(dtype, n), x / size);
      const [expected, actual] = [reference, strict].map((kernels) => {
        kernels[dtype][name](x, y, n);
        return heap[dtype].slice(y / size, y / size + n);
      });
      expect(actual!.findIndex((value, i) => !Object.is(value, expected![i]))).toBe(-1);
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
          (i) => 16384 + i * size,
        );
        for (let i = 0; i < m * k + k * n; i++) view[16384 / size + i] = Math.fround(Math.sin(i + m) * 3);
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
