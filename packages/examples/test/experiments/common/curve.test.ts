import { expect, test } from 'vitest';
import {
  curveOf,
  finalMean,
  firstBelow,
  pointsOf,
  smoothed,
  spreadOf,
} from '../../../src/experiments/common/curve.ts';

const upTo = (n: number): number[] => Array.from({ length: n }, (_, i) => i + 1);

test('a curve has the mean of each stretch, at the step with which the stretch ends', () => {
  expect(curveOf([1, 3, 5, 9], 2)).toEqual({ at: [2, 4], values: [2, 7] });
  expect(curveOf([4, 8], 10)).toEqual({ at: [1, 2], values: [4, 8] });
  // 10 steps in 3 stretches: of 3, 4 and 3.
  expect(curveOf(upTo(10), 3)).toEqual({ at: [3, 7, 10], values: [2, 5.5, 9] });
});

test('a run that ended early has the stretches of one that did not, and what is left over as its last', () => {
  expect(curveOf(upTo(5), 5, 10)).toEqual({ at: [2, 4, 5], values: [1.5, 3.5, 5] });
  expect(curveOf(upTo(4), 5, 10)).toEqual({ at: [2, 4], values: [1.5, 3.5] });
  expect(curveOf([], 5, 10)).toEqual({ at: [], values: [] });
});

test('the final mean is that of the last tenth', () => {
  expect(finalMean(upTo(20))).toBe(19.5);
  expect(finalMean([7])).toBe(7);
  expect(finalMean([])).toBeNaN();
});

test('a spread has the median and both ends at each place that all runs came to, and mixes no two places', () => {
  const long = curveOf(upTo(10), 5, 10);
  const short = curveOf([11, 13, 21, 23, 99], 5, 10); // ended at step 5, within a stretch
  expect(spreadOf([short, long, long], 100)).toEqual({
    middle: [
      [200, 1.5],
      [400, 3.5],
    ],
    band: [
      [200, 1.5, 12],
      [400, 3.5, 22],
    ],
  });
  expect(spreadOf([long, short])).toEqual(spreadOf([short, long]));
  expect(spreadOf([])).toEqual({ middle: [], band: [] });
});

test('a curve is drawn where its steps are', () => {
  expect(pointsOf({ at: [2, 4], values: [7, 8] }, 10)).toEqual([
    [20, 7],
    [40, 8],
  ]);
});

test('a smoothed run begins with its first value, weighs the past by its age, and stays where the run stays', () => {
  const [first, second, third] = smoothed([8, 2, 5], 0.5) as [number, number, number];
  expect(first).toBe(8);
  expect(second).toBeCloseTo((0.5 * 8 + 2) / 1.5, 12);
  expect(third).toBeCloseTo((0.25 * 8 + 0.5 * 2 + 5) / 1.75, 12);
  for (const value of smoothed([3, 3, 3, 3], 0.99)) expect(value).toBeCloseTo(3, 12);
});

test('a run is first below a level when the mean of a window of steps is, and that window has ended', () => {
  expect(firstBelow([9, 9, 1, 9, 1, 1, 1], 4, 1)).toBe(3);
  expect(firstBelow([9, 9, 1, 9, 1, 1, 1], 4, 3)).toBe(5);
  expect(firstBelow([9, 9, 9], 4, 2)).toBeNull();
});
