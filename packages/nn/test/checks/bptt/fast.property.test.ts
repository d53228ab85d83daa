import '../../../../tensor/test/relaxed-simd.ts';
import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import { autograd, byHand, worstDifference } from './network.ts';
import { continued, dense, randomProblems, type TextProblem } from './random-problems.ts';

/**
 * Weights at which no recurrence is chaotic: in float32 such a one has no digits left, whatever the
 * kernels.
 */
const problems = randomProblems({ scale: 0.5 });
const TOLERANCE = { float64: 1e-9, float32: 1e-4 };
/**
 * Below its smallest normal number float32 has few digits, or none: a gradient can fade that far in
 * 25 steps.
 */
const TINY = { float64: 0, float32: 2 ** -126 };
const worst = { float64: 0, float32: 0 };

afterAll(() => {
  console.log(
    `BPTT law on fast kernels: worst relative error float64 ${worst.float64.toExponential(1)}, float32 ${worst.float32.toExponential(1)}`,
  );
});

function agree(p: TextProblem, inputs: 'indices' | 'numbers'): void {
  const wanted = byHand(p);
  for (const dtype of ['float64', 'float32'] as const) {
    const error = worstDifference(autograd(p, { dtype, kernels: 'fast', inputs }), wanted, TINY[dtype]);
    worst[dtype] = Math.max(worst[dtype], error);
    expect(error, dtype).toBeLessThanOrEqual(TOLERANCE[dtype]);
  }
}

test('The BPTT law holds on fast kernels, over characters, the path of train', () => {
  fc.assert(
    fc.property(problems, (p) => agree(p, 'indices')),
    { seed: 1, numRuns: 150 },
  );
});

test('The BPTT law holds on fast kernels where inputs are any numbers and a gradient arrives from after the window', () => {
  fc.assert(
    fc.property(problems, (p) => agree(continued(dense(p)), 'numbers')),
    { seed: 2, numRuns: 100 },
  );
});
