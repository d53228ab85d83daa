import fc from 'fast-check';
import { expect, test } from 'vitest';
import { relativeError } from '../../differences.ts';
import { autograd, gradientError } from './network.ts';
import { parameters } from './problems.ts';
import { continued, randomProblems, streams, type TextProblem } from './random-problems.ts';

const float64 = { dtype: 'float64' } as const;
const summed = randomProblems().map((p) => continued({ ...p, reduction: 'sum' }) satisfies TextProblem);

test("A batch gives the sum of its streams' losses and gradients, and each stream the states it would have alone, bit for bit", () => {
  fc.assert(
    fc.property(summed, (p) => {
      const whole = autograd(p, float64);
      const alone = p.h0.map((_, b) => autograd(streams(p, [b]), float64));
      expect(whole.state).toEqual(alone.map(({ state }) => state[0]));
      expect(
        relativeError([whole.value], [alone.reduce((sum, { value }) => sum + value, 0)]),
      ).toBeLessThanOrEqual(1e-12);
      const [Wxh, Whh, Why, [bh], [by]] = parameters(alone[0]!.gradients).map((rows, k) =>
        rows.map((row, i) =>
          row.map((_, j) => alone.reduce((sum, { gradients }) => sum + parameters(gradients)[k]![i]![j]!, 0)),
        ),
      ) as [number[][], number[][], number[][], [number[]], [number[]], number[][]];
      const h0 = alone.map(({ gradients }) => gradients.h0[0]!);
      expect(gradientError(whole.gradients, { Wxh, Whh, Why, bh, by, h0 })).toBeLessThanOrEqual(1e-12);
    }),
    { seed: 1, numRuns: 50 },
  );
});

test('Streams in another order end in the same states in that order, and give the same gradients', () => {
  fc.assert(
    fc.property(summed, fc.nat(), (p, draw) => {
      const B = p.h0.length;
      const order = p.h0.map((_, b) => (draw % 2 === 0 ? (b + draw) % B : B - 1 - b));
      const before = autograd(p, float64);
      const after = autograd(streams(p, order), float64);
      expect(after.state).toEqual(order.map((b) => before.state[b]));
      const h0 = order.map((b) => before.gradients.h0[b]!);
      expect(after.gradients.h0).toEqual(h0);
      expect(gradientError(after.gradients, { ...before.gradients, h0 })).toBeLessThanOrEqual(1e-12);
    }),
    { seed: 2, numRuns: 50 },
  );
});

test('A mean is the sum divided by steps and streams, in the loss and in every gradient', () => {
  fc.assert(
    fc.property(randomProblems(), (p) => {
      const n = p.ids.length * p.h0.length;
      const [sum, mean] = (['sum', 'mean'] as const).map((reduction) =>
        autograd({ ...p, reduction }, float64),
      ) as [ReturnType<typeof autograd>, ReturnType<typeof autograd>];
      expect(relativeError([mean.value * n], [sum.value])).toBeLessThanOrEqual(1e-14);
      parameters(mean.gradients).forEach((rows, k) => {
        const wanted = parameters(sum.gradients)[k]!.flat();
        expect(
          relativeError(
            rows.flat(),
            wanted.map((g) => g / n),
          ),
        ).toBeLessThanOrEqual(1e-12);
      });
    }),
    { seed: 3, numRuns: 50 },
  );
});
