/**
 * `CHRONOGRAD_TEST_KERNELS=wide` runs the tests with wide kernels: see scripts/wide-suite.mjs.
 *
 * `toEqual` on tensors compares dtype, shape and elements. Without this, any two would be equal,
 * since their fields are private.
 */
import { expect } from 'vitest';

if (process.env.CHRONOGRAD_TEST_KERNELS === 'wide') {
  const { useWideKernels } = await import('./packages/tensor/src/node.ts');
  const { kernels, reason } = useWideKernels();
  if (kernels !== 'wide') throw new Error(`expected wide kernels, got ${kernels}: ${reason}`);
}

interface TensorLike {
  readonly dtype: string;
  readonly shape: readonly number[];
  toTypedArray(): ArrayLike<number>;
}

const isTensor = (value: unknown): value is TensorLike =>
  typeof value === 'object' &&
  value !== null &&
  (value as Record<symbol, unknown>)[Symbol.for('@chronograd')] === '@chronograd/tensor';

expect.addEqualityTesters([
  function tensors(a, b, customTesters) {
    if (!isTensor(a) || !isTensor(b)) return undefined;
    const parts = ({ dtype, shape }: TensorLike) => [dtype, ...shape];
    const same = (x: unknown, y: unknown): boolean => this.equals(x, y, customTesters);
    return same(parts(a), parts(b)) && same(a.toTypedArray(), b.toTypedArray());
  },
]);
