import { versions } from 'node:process';
import { describe, expect, test } from 'vitest';
import { kernelsInUse, useKernels } from '../../src/kernels/active.ts';
import { kernelsOf } from '../../src/kernels/builds.ts';
import type { FloatKernels, Kernels } from '../../src/kernels/contract.ts';
import { referenceKernels } from '../../src/kernels/reference/index.ts';
import { Heap, heap } from '../../src/memory/heap.ts';
import { useWideKernels } from '../../src/node.ts';
import { firstDifference, TEST_BYTES } from '../../src/wide/self-test.ts';
import { laws } from './laws.ts';

const { kernels, reason } = useWideKernels();
const wide = kernelsOf('wide');

test('Wide kernels are in use, or the fastest others for a reason', () => {
  expect(kernelsInUse()).toBe(kernels);
  expect(kernels === 'wide').toBe(reason === null);
  expect(kernels === 'wide').toBe(wide !== null);
  if (Number(versions.node.split('.')[0]) < 22) expect(reason).toContain('relaxed SIMD');
  if (wide === null) expect(() => useKernels('wide')).toThrow('useWideKernels');
  useKernels('strict');
});

describe.skipIf(wide === null).each(['float32', 'float64'] as const)(
  '%s: wide kernels give the bits of fast ones, and write nothing but their outputs',
  (dtype) => {
    test.each(Object.keys(laws) as (keyof FloatKernels)[])('%s.', (name) => {
      const [ours, fast] = [wide![dtype], kernelsOf('fast')![dtype]];
      if (ours[name] !== fast[name]) laws[name](heap, dtype, fast, ours, 400);
    });
  },
);

describe('The test before use', () => {
  const memory = new Heap(TEST_BYTES);
  const reference = referenceKernels(memory);
  const NAMES = ['exp', 'log', 'tanh', 'sigmoid', 'matmul', 'crossEntropy'] as const;
  const withOther = (name: keyof FloatKernels, kernel: (...args: number[]) => void): Kernels => ({
    ...reference,
    float32: { ...reference.float32, [name]: kernel },
  });

  test('accepts kernels of the same bits', () => {
    for (const name of NAMES) {
      const same = withOther(
        name,
        (...args) => void (reference.float32[name] as (...a: number[]) => void)(...args),
      );
      expect(firstDifference(memory, reference, same)).toBeNull();
    }
  });

  test('finds one wrong bit, a write beside the output, and a kernel without a test', () => {
    for (const name of NAMES) {
      const run = reference.float32[name] as (...args: number[]) => void;
      const output = { matmul: 5, crossEntropy: 3 }[name as string] ?? 1;
      for (const where of [0, -1]) {
        const wrong = withOther(name, (...args) => {
          run(...args);
          memory.int32[(args[output]! >>> 2) + where]! ^= 1;
        });
        expect(firstDifference(memory, reference, wrong)).toMatch(`${name} of float32 gives other bits`);
      }
    }
    expect(
      firstDifference(
        memory,
        reference,
        withOther('relu', () => {}),
      ),
    ).toBe('relu has no test');
  });
});
