import { expect, test } from 'vitest';
import { oneHot, type RnnWeights, rnnBackward } from '../../nn/src/checks/bptt/rnn.ts';
import {
  type Checks,
  goldenNotebook,
  goldenPresets,
  goldenText,
  type Settings,
  worstError,
} from './golden-fixtures.ts';
import { type Draw, draw, names } from './golden-generator.ts';

const { ids, characters } = goldenText();
const classes = characters.length;

/** A parameter's rows; a bias is one row. The rows are the parameter's own. */
const rowsOf = (weights: RnnWeights, name: (typeof names)[number]): number[][] => {
  const value = weights[name];
  return name === 'bh' || name === 'by' ? [value as number[]] : (value as number[][]);
};

/** Handwritten BPTT over the window at `position`, then one clipped Adagrad update in place. */
function step(
  { weights, accumulators, hidden }: Draw,
  position: number,
  { steps, lr, clip, epsilon }: Settings,
) {
  const window = ids.slice(position, position + steps + 1);
  const inputs = window.slice(0, -1).map((id) => [oneHot(id, classes)]);
  const targets = window.slice(1).map((id) => [id]);
  const { loss, gradients, lastState } = rnnBackward(weights, inputs, targets, [hidden], {
    reduction: 'sum',
  });
  for (const name of names) {
    const [w, s] = [rowsOf(weights, name), rowsOf(accumulators, name)];
    rowsOf(gradients, name).forEach((row, i) => {
      row.forEach((raw, j) => {
        const g = Math.min(Math.max(raw, -clip), clip);
        s[i]![j]! += g * g;
        w[i]![j]! -= (lr * g) / Math.sqrt(s[i]![j]! + epsilon);
      });
    });
  }
  return { loss, gradients, hidden: lastState[0]! };
}

const worstOf = (weights: RnnWeights, checks: Checks): number =>
  Math.max(...names.map((name) => worstError(rowsOf(weights, name).flat(), checks[name])));

/**
 * The losses of the notebook's run from weights multiplied by `1 + change()`, and what is left at
 * the end.
 */
function notebookRun(change: () => number) {
  const notebook = goldenNotebook();
  const at = draw(notebook.start, notebook.hidden, classes);
  for (const name of names) {
    for (const row of rowsOf(at.weights, name))
      for (const [j, w] of row.entries()) row[j] = w * (1 + change());
  }
  const zeros = at.hidden;
  const resets: number[] = [];
  let position = 0;
  const losses = notebook.losses.map((_, iteration) => {
    if (iteration === 0 || position + notebook.steps + 1 >= ids.length) {
      position = 0;
      at.hidden = zeros;
      resets.push(iteration);
    }
    const { loss, hidden } = step(at, position, notebook);
    at.hidden = hidden;
    position += notebook.steps;
    return loss;
  });
  return { ...at, losses, resets };
}

const worstDifference = (a: number[], b: number[]) => Math.max(...a.map((x, i) => Math.abs(x - b[i]!)));

test('Handwritten BPTT goes through the notebook run with the golden losses, weights and last state', () => {
  const golden = goldenNotebook();
  const run = notebookRun(() => 0);
  const worst = worstDifference(run.losses, golden.losses);
  console.log(`golden notebook, handwritten BPTT: worst difference of 300 losses ${worst.toExponential(1)}`);
  expect(run.resets).toEqual(golden.resets);
  expect(worst).toBeLessThanOrEqual(1e-10);
  expect(worstDifference(run.hidden, golden.final.hidden)).toBeLessThanOrEqual(1e-10);
  expect(worstOf(run.weights, golden.final.weights)).toBeLessThanOrEqual(1e-10);
  expect(worstOf(run.accumulators, golden.final.accumulators)).toBeLessThanOrEqual(1e-10);
  const smoothed = golden.losses.reduce(
    (mean, loss) => 0.999 * mean + 0.001 * loss,
    Math.log(classes) * golden.steps,
  );
  expect(smoothed).toBeCloseTo(golden.smoothed, 10);
});

test('The notebook run is stable: weights changed in their last bit give the same losses to 1e-12', () => {
  let sign = 1;
  const changed = notebookRun(() => {
    sign = -sign;
    return sign * Number.EPSILON;
  });
  const worst = worstDifference(changed.losses, goldenNotebook().losses);
  console.log(
    `golden notebook, weights changed in their last bit: worst difference ${worst.toExponential(1)}`,
  );
  expect(worst).toBeLessThanOrEqual(1e-12);
});

test.each(Object.entries(goldenPresets()))(
  'Handwritten BPTT takes the golden step at every point of %s',
  (name, preset) => {
    let worst = 0;
    for (const point of preset.points) {
      const at = draw(point, preset.hidden, classes);
      const { loss, gradients, hidden } = step(at, point.position, preset);
      const outside = names
        .flatMap((n) => rowsOf(gradients, n).flat())
        .filter((g) => Math.abs(g) > preset.clip);
      expect(outside.length).toBe(point.clipped);
      worst = Math.max(
        worst,
        Math.abs(loss - point.loss) / point.loss,
        worstOf(gradients, point.gradients),
        worstOf(at.weights, point.after.weights),
        worstOf(at.accumulators, point.after.accumulators),
        worstError(hidden, point.after.hidden),
      );
    }
    console.log(`golden ${name}, handwritten BPTT: worst relative error ${worst.toExponential(1)}`);
    expect(worst).toBeLessThanOrEqual(1e-10);
  },
);
