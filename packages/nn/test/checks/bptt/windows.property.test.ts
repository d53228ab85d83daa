import { stopGradient } from '@chronograd/autograd';
import { concat } from '@chronograd/tensor';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { crossEntropy } from '../../../src/index.ts';
import { autograd, byHand, type ForwardPass, gradientError, type Result } from './network.ts';
import { parameters } from './problems.ts';
import { continued, randomProblems, type TextProblem, window } from './random-problems.ts';

const float64 = { dtype: 'float64' } as const;
/** Two steps at least, a sum as loss, and where to cut. */
const cuts = fc
  .tuple(randomProblems(), fc.nat())
  .filter(([p]) => p.ids.length > 1)
  .map(([p, draw]) => ({
    p: { ...p, reduction: 'sum' } satisfies TextProblem,
    cut: 1 + (draw % (p.ids.length - 1)),
  }));

/**
 * Two windows in one differentiated function; `carry` is what the state goes through between them.
 */
const inTwo =
  (cut: number, carry: (state: Parameters<ForwardPass>[3]) => Parameters<ForwardPass>[3]): ForwardPass =>
  (model, x, y, h0) => {
    const first = model.recurrent.forward(x.slice([0, cut]), h0);
    const second = model.recurrent.forward(x.slice([cut]), carry(first.state));
    const outputs = concat([first.outputs, second.outputs]);
    const value = crossEntropy(model.decoder.forward(outputs), y, { reduction: 'sum' });
    return { value, outputs, state: second.state };
  };

/** Sums of two windows' gradients; that of the initial state is the first window's. */
function added(first: Pick<Result, 'gradients'>, second: Pick<Result, 'gradients'>): Result['gradients'] {
  const sum = structuredClone(first.gradients);
  const other = parameters(second.gradients);
  parameters(sum)
    .slice(0, -1)
    .forEach((rows, k) => {
      rows.forEach((row, i) => {
        row.forEach((g, j) => {
          row[j] = g + other[k]![i]![j]!;
        });
      });
    });
  return sum;
}

test('A sequence split in two without detaching gives the same bits of outputs and state, and the same gradients', () => {
  fc.assert(
    fc.property(cuts, ({ p, cut }) => {
      for (const dtype of ['float64', 'float32'] as const) {
        const whole = autograd(p, { dtype });
        const split = autograd(
          p,
          { dtype },
          inTwo(cut, (state) => state),
        );
        expect(split.outputs).toEqual(whole.outputs);
        expect(split.state).toEqual(whole.state);
        expect(split.value).toBe(whole.value);
        if (dtype === 'float64')
          expect(gradientError(split.gradients, whole.gradients)).toBeLessThanOrEqual(1e-12);
      }
    }),
    { seed: 1, numRuns: 40 },
  );
});

test('Truncated BPTT, the state passed from call to call, equals the handwritten one window by window', () => {
  fc.assert(
    fc.property(cuts, ({ p, cut }) => {
      const wantedFirst = byHand(window(p, 0, cut));
      const wantedSecond = byHand({ ...window(p, cut), h0: wantedFirst.lastState });
      const first = autograd(window(p, 0, cut), float64);
      const second = autograd({ ...window(p, cut), h0: first.state }, float64);
      expect(gradientError(first.gradients, wantedFirst.gradients)).toBeLessThanOrEqual(1e-10);
      expect(gradientError(second.gradients, wantedSecond.gradients)).toBeLessThanOrEqual(1e-10);
      expect(second.state).toEqual(autograd(p, float64).state);
    }),
    { seed: 2, numRuns: 60 },
  );
});

test('stopGradient between two windows of one call truncates: the gradient is the sum of the handwritten windows', () => {
  fc.assert(
    fc.property(cuts, ({ p, cut }) => {
      const first = byHand(window(p, 0, cut));
      const second = byHand({ ...window(p, cut), h0: first.lastState });
      const truncated = autograd(p, float64, inTwo(cut, stopGradient));
      expect(gradientError(truncated.gradients, added(first, second))).toBeLessThanOrEqual(1e-10);
    }),
    { seed: 3, numRuns: 60 },
  );
});

test("Two calls give the gradient of the whole, once the second one's gradient of its initial state is sent into the first", () => {
  fc.assert(
    fc.property(cuts, ({ p: drawn, cut }) => {
      const p = continued(drawn);
      const state = autograd(window(p, 0, cut), float64).state;
      const second = autograd({ ...window(p, cut), h0: state }, float64);
      const first = autograd({ ...window(p, 0, cut), dhnext: second.gradients.h0 }, float64);
      const whole = autograd(p, float64);
      expect(gradientError(added(first, second), whole.gradients)).toBeLessThanOrEqual(1e-12);
    }),
    { seed: 4, numRuns: 40 },
  );
});
