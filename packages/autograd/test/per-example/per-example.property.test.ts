/** The law of gradients by example, over random programs that mix examples in any way. */
import {
  clippedMeanGradients,
  grad,
  perExampleGradients,
  perExampleNorms,
  valueAndGrad,
} from '@chronograd/autograd';
import type { Tensor } from '@chronograd/tensor';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { matrices, type Program, programs, toMatrix } from '../tape-programs.ts';

const B = 3;
const settings = { seed: 1, numRuns: 100 };
const pairs = fc.tuple(matrices, matrices);
const numbers = (x: Tensor): number[] => [...x.toTypedArray()];

/** The gradients of each loss alone, one after the other. */
function alone(program: Program, x: readonly Tensor[], axis: number): number[][] {
  const loss = (b: number) => (at: readonly Tensor[]) => program.run(at).sum(axis).select(b);
  return Array.from({ length: B }, (_, b) => grad(loss(b))(x).flatMap(numbers));
}

function expectEqual(got: readonly number[], expected: readonly number[]): void {
  const size = Math.max(1, ...expected.map(Math.abs));
  got.forEach((value, i) => {
    if (!(Math.abs(value - expected[i]!) <= 1e-12 * size)) {
      expect.fail(`element ${i}: expected ${expected[i]}, got ${value}`);
    }
  });
  expect(got.length).toBe(expected.length);
}

test('the gradient of each example is that of its loss alone', () => {
  fc.assert(
    fc.property(programs, pairs, fc.nat({ max: 1 }), (program, values, axis) => {
      const x = values.map(toMatrix);
      const { value, grads } = perExampleGradients(x, () => program.run(x).sum(axis))();
      expectEqual(numbers(value), numbers(program.run(x).sum(axis)));
      const expected = alone(program, x, axis);
      for (let b = 0; b < B; b++) {
        expectEqual(
          grads.flatMap((g) => numbers(g.select(b))),
          expected[b]!,
        );
      }
    }),
    settings,
  );
});

test('norms and the clipped mean are those of the gradients', () => {
  fc.assert(
    fc.property(programs, pairs, (program, values) => {
      const x = values.map(toMatrix);
      const losses = (): Tensor => program.run(x).sum(1);
      const each = alone(program, x, 1);
      const norms = each.map((g) => Math.hypot(...g));
      const limit = 0.7 * Math.max(...norms) || 1;
      expectEqual(numbers(perExampleNorms(x, losses)().norms), norms);
      const clipped = clippedMeanGradients(x, losses, limit)();
      expectEqual(numbers(clipped.norms), norms);
      const mean = each[0]!.map((_, i) =>
        each.reduce((sum, g, b) => sum + (g[i]! * Math.min(1, limit / norms[b]!)) / B, 0),
      );
      // 0/0 for an example without a gradient, which counts as 0
      expectEqual(
        clipped.grads.flatMap(numbers),
        mean.map((m) => (Number.isNaN(m) ? 0 : m)),
      );
    }),
    { ...settings, numRuns: 60 },
  );
});

test('gradients by example can be differentiated again', () => {
  fc.assert(
    fc.property(programs, pairs, (program, values) => {
      const x = values.map(toMatrix);
      const squares = (by: readonly Tensor[]): Tensor =>
        by.map((g) => g.square().sum()).reduce((a, b) => a.add(b));
      const together = valueAndGrad((at: readonly Tensor[]) => {
        const { grads } = perExampleGradients(at, () => program.run(at).sum(1))();
        return squares(grads);
      })(x);
      const apart = valueAndGrad((at: readonly Tensor[]) =>
        [0, 1, 2]
          .map((b) => squares(grad((y: readonly Tensor[]) => program.run(y).sum(1).select(b))(at)))
          .reduce((a, b) => a.add(b)),
      )(x);
      expectEqual([together.value.item()], [apart.value.item()]);
      expectEqual(together.grads.flatMap(numbers), apart.grads.flatMap(numbers));
    }),
    { ...settings, numRuns: 60 },
  );
});
