import fc from 'fast-check';
import { expect, test } from 'vitest';
import { rnnLoss } from '../../../src/checks/bptt/rnn.ts';
import { crossEntropy } from '../../../src/index.ts';
import { relativeError } from '../../differences.ts';
import { autograd, byHand, gradientError, modelOf } from './network.ts';
import { differences, type Problem, parameters, worstOf } from './problems.ts';
import { randomProblems } from './random-problems.ts';

const float64 = { dtype: 'float64' } as const;

test('Two bias vectors each get the gradient of the one that they add up to; every other gradient is the same', () => {
  fc.assert(
    fc.property(randomProblems(), (p) => {
      const wanted = byHand(p).gradients;
      const { gradients, biasHh } = autograd(p, { ...float64, biases: 2 });
      expect(gradientError(gradients, wanted)).toBeLessThanOrEqual(1e-10);
      expect(biasHh).toEqual(gradients.bh);
    }),
    { seed: 1, numRuns: 50 },
  );
});

test('A cell without biases is a cell whose bias is 0 and stays there', () => {
  fc.assert(
    fc.property(randomProblems(), (drawn) => {
      const p = { ...drawn, weights: { ...drawn.weights, bh: drawn.weights.bh.map(() => 0) } };
      const wanted = byHand(p).gradients;
      const { gradients, biasHh } = autograd(p, { ...float64, biases: 0 });
      expect(gradientError({ ...gradients, bh: wanted.bh }, wanted)).toBeLessThanOrEqual(1e-10);
      expect(biasHh).toBe(null);
      expect(modelOf(p, { ...float64, biases: 0 }).recurrent.namedParameters().length).toBe(2);
    }),
    { seed: 2, numRuns: 30 },
  );
});

/**
 * The sequence with max(0, z) in place of tanh, in plain numbers: its loss, and how close to 0 any
 * z comes.
 */
function plainRelu({ weights: { Wxh, Whh, Why, bh, by }, inputs, targets, h0, reduction }: Problem) {
  const dot = (a: number[], b: number[]) => a.reduce((sum, x, i) => sum + x * b[i]!, 0);
  let margin = Number.POSITIVE_INFINITY;
  let hs = h0;
  const logits = inputs.map((xs) => {
    hs = xs.map((x, b) =>
      bh.map((bias, i) => {
        const z = bias + dot(Wxh[i]!, x) + dot(Whh[i]!, hs[b]!);
        margin = Math.min(margin, Math.abs(z));
        return Math.max(0, z);
      }),
    );
    return hs.map((h) => by.map((bias, k) => bias + dot(Why[k]!, h)));
  });
  return { loss: rnnLoss(logits, targets, reduction), margin };
}

test('With relu in place of tanh, loss and gradients equal those of plain numbers and seven-point differences, away from kinks', () => {
  fc.assert(
    fc.property(randomProblems({ steps: 4, batch: 2, size: 4, scale: 1 }), (p) => {
      // Differences step 4.5e-3 to either side of a weight, and states are of the order of 1.
      fc.pre(plainRelu(p).margin > 0.03);
      const { value, gradients } = autograd(p, { ...float64, nonlinearity: 'relu' });
      expect(relativeError([value], [plainRelu(p).loss])).toBeLessThanOrEqual(1e-12);
      const wanted = parameters({ ...p.weights, h0: p.h0 }).map((rows) =>
        differences(rows, () => plainRelu(p).loss),
      );
      expect(worstOf(gradients, wanted)).toBeLessThanOrEqual(1e-8);
    }),
    { seed: 3, numRuns: 60 },
  );
});

test('A state left out is one of zeros, on both sides', () => {
  fc.assert(
    fc.property(randomProblems(), (drawn) => {
      const p = { ...drawn, h0: drawn.h0.map((row) => row.map(() => 0)) };
      const given = autograd(p, float64);
      const left = autograd(p, float64, (model, x, y) => {
        const { outputs, state } = model.recurrent.forward(x);
        const value = crossEntropy(model.decoder.forward(outputs), y, { reduction: p.reduction });
        return { value, outputs, state };
      });
      const none = p.h0.map((row) => row.map(() => 0));
      expect(left).toEqual({ ...given, gradients: { ...given.gradients, h0: none } });
    }),
    { seed: 4, numRuns: 30 },
  );
});
