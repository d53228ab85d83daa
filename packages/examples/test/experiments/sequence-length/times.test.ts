import { expect, test } from 'vitest';
import {
  growth,
  leftOut,
  roundKey,
  timeClaims,
  timeMethod,
  timeSentences,
  timesOf,
} from '../../../src/experiments/sequence-length/times.ts';

const LENGTHS = [5, 10, 25, 50, 100, 200];

/** Seconds of windows that grow as a law says, by a factor for each round. */
function measured(law: (steps: number, round: number) => number, rounds = 5): Record<string, number> {
  return Object.fromEntries(
    LENGTHS.flatMap((steps) =>
      Array.from({ length: rounds }, (_, round) => [roundKey(steps, round), law(steps, round)]),
    ),
  );
}
const noise = (round: number): number => 1 + 0.01 * (round - 2);
const times = (law: (steps: number, round: number) => number) => timesOf(measured(law), LENGTHS, 8)!;

test('a character costs its window’s time, shared among all steps and all streams', () => {
  const { window, character } = times((steps) => 1e-4 * steps);
  expect(window[1]![1]).toBeCloseTo(1, 12); // 10 steps: 1 ms
  for (const [, microseconds] of character) expect(microseconds).toBeCloseTo(12.5, 10);
});

test('time that grows with T is linear, also with a cost for each window', () => {
  const found = times((steps, round) => (2e-4 + 1e-4 * steps) * noise(round));
  expect(growth(found)).toBe('linearly');
  expect(timeSentences(found)[0]).toBe('Time grows linearly with T.');
  expect(timeSentences(found)[1]).toMatch(/^From T = 25 on/);
  expect(timeClaims(found)).toMatchObject([{ held: 2, of: 2 }]);
});

test('time that grows as T^1.3, as T^0.7, or faster at the end, is not linear', () => {
  const faster = times((steps, round) => 1e-4 * steps ** 1.3 * noise(round));
  expect(growth(faster)).toBe('faster than linearly');
  expect(timeSentences(faster).join(' ')).toContain('as T^p with p = 1.3');
  expect(timeClaims(faster)).toMatchObject([{ held: 0, of: 2 }]);
  expect(growth(times((steps) => 1e-4 * steps ** 0.7))).toBe('more slowly than linearly');
  // The caches end: only the longest window pays.
  const late = times((steps) => 1e-4 * steps * (steps === 200 ? 1.15 : 1));
  expect(Math.abs(late.exponents[0]! - 1)).toBeLessThan(0.1);
  expect(growth(late)).toBe('faster than linearly');
  expect(timeClaims(late)).toMatchObject([{ held: 1, of: 2 }]);
});

test('rounds that contradict one another decide nothing', () => {
  const found = times((steps, round) => 1e-4 * steps ** (round % 2 === 0 ? 0.8 : 1.2));
  expect(growth(found)).toBe('undecided');
  expect(timeSentences(found)[0]).toContain('These rounds do not decide');
  expect(timeClaims(found)).toEqual([]);
});

test('a round in which something else ran does not change the verdict', () => {
  const found = timesOf(
    measured((steps, round) => 1e-4 * steps * (round > 7 && steps === 200 ? 3 : 1), 9),
    LENGTHS,
    8,
  )!;
  expect(growth(found)).toBe('linearly');
  expect(timeClaims(found)).toMatchObject([{ held: 2, of: 2 }]);
});

test('the median lies where it is said to lie with 95 % certainty, and no wider than that: by counting all throws of so many coins', () => {
  for (let n = 6; n <= 14; n++) {
    /** The share of all throws in which the median lies between the values that are left. */
    const certainty = (left: number): number => {
      let inside = 0;
      for (let throws = 0; throws < 2 ** n; throws++) {
        const below = throws.toString(2).replaceAll('0', '').length;
        if (below > left && n - below > left) inside++;
      }
      return inside / 2 ** n;
    };
    expect(certainty(leftOut(n))).toBeGreaterThanOrEqual(0.95);
    expect(certainty(leftOut(n) + 1)).toBeLessThan(0.95);
  }
  expect([5, 24, 26].map(leftOut)).toEqual([-1, 6, 7]);
});

test('too few rounds for confidence intervals are reported', () => {
  const methodOf = (rounds: number): string =>
    timeMethod(
      timesOf(
        measured((steps) => 1e-4 * steps, rounds),
        LENGTHS,
        8,
      )!,
      8,
      64,
    )[1]!;
  expect(methodOf(5)).toContain('medians of 5 rounds and their range, too few for 95 % confidence');
  expect(methodOf(6)).toContain('medians of 6 rounds with 95 % confidence intervals');
});

test('nothing that was measured gives no times', () => {
  expect(timesOf({}, LENGTHS, 8)).toBeNull();
});
