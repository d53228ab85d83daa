import fc from 'fast-check';
import { expect, test } from 'vitest';
import { oneHot, type RnnGradients, rnnBackward, rnnForward, rnnLoss } from '../../../src/checks/bptt/rnn.ts';
import {
  differences,
  objective,
  type Problem,
  parameters,
  problems,
  worstError,
  worstOf,
} from './problems.ts';

const seeded = { seed: 1, numRuns: 100 };

const backward = (p: Problem) =>
  rnnBackward(p.weights, p.inputs, p.targets, p.h0, { reduction: p.reduction, dhnext: p.dhnext });

/** Sums over runs, parameter by parameter; the initial state's gradient is that of the first. */
function total([first, ...rest]: [RnnGradients, ...RnnGradients[]]): number[][][] {
  const sums = structuredClone(parameters(first));
  for (const run of rest) {
    parameters(run)
      .slice(0, -1)
      .forEach((rows, k) => {
        rows.forEach((row, i) => {
          row.forEach((g, j) => {
            sums[k]![i]![j]! += g;
          });
        });
      });
  }
  return sums;
}

test('Gradients of every weight and of the initial state equal seven-point differences, whatever comes after the window', () => {
  let worst = 0;
  fc.assert(
    fc.property(problems, (p) => {
      const { gradients } = backward(p);
      const wanted = parameters({ ...p.weights, h0: p.h0 }).map((rows) =>
        differences(rows, () => objective(p)),
      );
      const error = worstOf(gradients, wanted);
      worst = Math.max(worst, error);
      expect(error).toBeLessThanOrEqual(1e-8);
    }),
    seeded,
  );
  console.log(`handwritten BPTT against differences: worst relative error ${worst.toExponential(1)}`);
});

test('The gradient recorded for each state equals seven-point differences of all that follows from it', () => {
  fc.assert(
    fc.property(problems, (drawn) => {
      const p: Problem = { ...drawn, reduction: 'sum' };
      const { hs, dhs } = backward(p);
      expect(dhs.length).toBe(hs.length);
      hs.slice(1, -1).forEach((state, past) => {
        const t = past + 1;
        const later: Problem = { ...p, inputs: p.inputs.slice(t), targets: p.targets.slice(t), h0: state };
        // A state serves its own output and the next step. Written out here: a forward pass cannot
        // start at an output.
        const ownLoss = () => {
          const y = state.map((h) =>
            p.weights.Why.map((row, k) => row.reduce((s, w, j) => s + w * h[j]!, p.weights.by[k]!)),
          );
          return rnnLoss([y], [p.targets[t - 1]!], 'sum');
        };
        expect(
          worstError(
            dhs[t]!,
            differences(state, () => ownLoss() + objective(later)),
          ),
        ).toBeLessThanOrEqual(1e-8);
      });
    }),
    seeded,
  );
});

test('A batch gives the sum of the results of its streams', () => {
  fc.assert(
    fc.property(problems, (drawn) => {
      const p: Problem = { ...drawn, reduction: 'sum' };
      const whole = backward(p);
      const runs = p.h0.map((h0, b) =>
        backward({
          ...p,
          inputs: p.inputs.map((xs) => [xs[b]!]),
          targets: p.targets.map((ts) => [ts[b]!]),
          h0: [h0],
          dhnext: [p.dhnext[b]!],
        }),
      );
      const [first, ...rest] = runs.map((run) => run.gradients);
      const wanted = total([first!, ...rest]);
      wanted[5] = runs.map((run) => run.gradients.h0[0]!);
      expect(worstOf(whole.gradients, wanted)).toBeLessThanOrEqual(1e-13);
      expect(whole.loss).toBeCloseTo(
        runs.reduce((sum, run) => sum + run.loss, 0),
        12,
      );
      expect(whole.lastState).toEqual(runs.map((run) => run.lastState[0]));
    }),
    seeded,
  );
});

test('A sequence split in two, with the state carried on and dhnext carried back, gives what the whole gives', () => {
  fc.assert(
    fc.property(problems, fc.nat(), (drawn, draw) => {
      const p: Problem = { ...drawn, reduction: 'sum' };
      const T = p.inputs.length;
      fc.pre(T > 1);
      const cut = 1 + (draw % (T - 1));
      const whole = backward(p);
      const head = { ...p, inputs: p.inputs.slice(0, cut), targets: p.targets.slice(0, cut) };
      const state = rnnForward(p.weights, head.inputs, p.h0).hs[cut]!;
      const tail = backward({ ...p, inputs: p.inputs.slice(cut), targets: p.targets.slice(cut), h0: state });
      const front = backward({ ...head, dhnext: tail.gradients.h0 });
      expect(worstOf(whole.gradients, total([front.gradients, tail.gradients]))).toBeLessThanOrEqual(1e-13);
      expect(front.loss + tail.loss).toBeCloseTo(whole.loss, 12);
      expect([...front.hs.slice(0, -1), ...tail.hs]).toEqual(whole.hs);
    }),
    seeded,
  );
});

test('A mean is the sum divided by steps and streams, in the loss and in every gradient', () => {
  fc.assert(
    fc.property(problems, (drawn) => {
      const n = drawn.inputs.length * drawn.h0.length;
      const run = (reduction: 'sum' | 'mean') =>
        rnnBackward(drawn.weights, drawn.inputs, drawn.targets, drawn.h0, { reduction });
      const [sum, mean] = [run('sum'), run('mean')];
      const wanted = parameters(sum.gradients).map((rows) => rows.map((row) => row.map((g) => g / n)));
      expect(worstOf(mean.gradients, wanted)).toBeLessThanOrEqual(1e-13);
      expect(mean.loss).toBeCloseTo(sum.loss / n, 12);
      expect(rnnBackward(drawn.weights, drawn.inputs, drawn.targets, drawn.h0)).toEqual(mean);
    }),
    seeded,
  );
});

test('A state left out is a state of zeros, and nothing that was passed in is changed', () => {
  fc.assert(
    fc.property(problems, (p) => {
      const before = structuredClone(p);
      const zero = p.h0.map((row) => row.map(() => 0));
      expect(rnnBackward(p.weights, p.inputs, p.targets)).toEqual(
        rnnBackward(p.weights, p.inputs, p.targets, zero),
      );
      backward(p);
      expect(p).toEqual(before);
    }),
    seeded,
  );
});

test('Logits of any size give a finite loss: a thousand apart, the surer one decides', () => {
  expect(rnnLoss([[[1000, 0]], [[-1000, -1000]]], [[1], [0]], 'sum')).toBe(1000 + Math.log(2));
  expect(rnnLoss([[[1e300, 0]]], [[0]])).toBe(0);
});

test('A one-hot input picks one column of Wxh', () => {
  const weights = { Wxh: [[0.1, 0.2, 0.3]], Whh: [[0]], Why: [[1], [2]], bh: [0], by: [0, 0] };
  expect(rnnForward(weights, [[oneHot(2, 3)]]).hs[1]).toEqual([[Math.tanh(0.3)]]);
  expect(() => oneHot(3, 3)).toThrow('oneHotVector: expected an integer index from 0 on, below 3, got 3');
  for (const size of [2 ** 24 + 1, 2 ** 32, 2 ** 53])
    expect(() => oneHot(3, size)).toThrow(`oneHotVector: expected a size of at most 16777216, got ${size}`);
});

test('Shapes that disagree and targets outside the classes throw errors with their names', () => {
  const weights = { Wxh: [[1, 2]], Whh: [[1]], Why: [[1], [2]], bh: [0], by: [0, 0] };
  const inputs = [[[1, 0]], [[0, 1]]];
  const run =
    (changed: Partial<typeof weights>, targets = [[0], [1]], h0 = [[0]]) =>
    () =>
      rnnBackward({ ...weights, ...changed }, inputs, targets, h0);
  expect(run({})).not.toThrow();
  expect(run({ Whh: [[1, 2]] })).toThrow('bptt: expected length 1 for Whh[0], got length 2');
  expect(run({ Wxh: [[1, 2, 3]] })).toThrow('bptt: expected length 3 for inputs[0][0], got length 2');
  expect(run({ by: [] })).toThrow('V 0: all must be at least 1');
  expect(run({}, [[0]])).toThrow('bptt: expected length 2 for targets, got length 1');
  expect(run({}, [[0], [2]])).toThrow('bptt: expected an integer target from 0 to 1, got 2');
  expect(run({}, [[0], [1]], [[0], [0]])).toThrow('bptt: expected length 1 for h0, got length 2');
  expect(() => rnnBackward(weights, inputs, [[0], [1]], [[0]], { dhnext: [[1, 2]] })).toThrow(
    'for dhnext[0]',
  );
});
