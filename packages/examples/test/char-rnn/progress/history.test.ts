import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  centeredMedians,
  History,
  type HistoryState,
  resampled,
  sparkline,
} from '../../../src/char-rnn/progress/history.ts';

test('a history keeps means over equal stretches, and never more points than it may', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 500 }), fc.constantFrom(2, 8, 16), (steps, most) => {
      const history = new History(most);
      for (let i = 1; i <= steps; i++) history.add(i, i);
      const { points } = history;
      expect(points.length).toBeLessThan(Math.max(most, 2));
      const size = points[0]?.iteration ?? 0;
      points.forEach(({ iteration, value }, k) => {
        expect(iteration).toBe((k + 1) * size);
        expect(value).toBeCloseTo(iteration - (size - 1) / 2, 9);
      });
    }),
    { seed: 1, numRuns: 100 },
  );
});

test('a history that is kept and taken up again goes on as if it had never stopped', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 200 }), fc.integer({ min: 1, max: 200 }), (before, after) => {
      const add = (history: History, from: number, to: number): History => {
        for (let i = from + 1; i <= to; i++) history.add(i, i * i);
        return history;
      };
      const kept = JSON.parse(JSON.stringify(add(new History(8), 0, before).state)) as HistoryState;
      const resumed = new History(8);
      resumed.restore(kept, before, before);
      expect(add(resumed, before, before + after).state).toEqual(
        add(new History(8), 0, before + after).state,
      );
    }),
    { seed: 1, numRuns: 100 },
  );
});

test('of a history that came further than where the run goes on, what will be run again is dropped', () => {
  const history = new History(100);
  for (let i = 1; i <= 10; i++) history.add(i, i);
  const resumed = new History(100);
  resumed.restore(history.state, 7, 10);
  resumed.add(8, 80);
  expect(resumed.points.map(({ iteration, value }) => [iteration, value]).slice(5)).toEqual([
    [6, 6],
    [7, 7],
    [8, 80],
  ]);
});

test('a sparkline goes from the lowest block to the highest, and leaves out what is no number', () => {
  expect(sparkline([0, 1, 2, 3, 4, 5, 6, 7], 8)).toBe('▁▂▃▄▅▆▇█');
  expect(sparkline([9, Number.NaN, 1], 2)).toBe('█▁');
  expect([sparkline([], 8), sparkline([3, 3], 8)]).toEqual(['', '▁▁']);
});

test('a sparkline shows all of the course: each block the mean of an equal share', () => {
  const fallen = Array.from({ length: 32 }, (_, i) => (i < 16 ? 9 : 1));
  expect(sparkline(fallen, 16)).toBe('████████▁▁▁▁▁▁▁▁');
  expect(resampled([1, 3, 5, 7], 2)).toEqual([2, 6]);
  expect(resampled([1, 4, 7], 2)).toEqual([2, 6]); // the middle one gives half to each
  fc.assert(
    fc.property(fc.array(fc.integer({ min: -9, max: 9 }), { minLength: 1, maxLength: 90 }), (values) => {
      const mean = (all: readonly number[]): number => all.reduce((a, b) => a + b, 0) / all.length;
      const shown = resampled(values, 16);
      expect(shown).toHaveLength(Math.min(16, values.length));
      expect(mean(shown)).toBeCloseTo(mean(values), 9);
    }),
    { seed: 1, numRuns: 200 },
  );
});

test('while a run goes on its sparkline never jumps: a step changes no block by more than one, also where points are merged', () => {
  const history = new History(64);
  let before: readonly number[] = [];
  for (let i = 1; i <= 400; i++) {
    history.add(i, -i);
    const values = history.points.map(({ value }) => value);
    const line = [...sparkline(values, 16)].map((block) => '▁▂▃▄▅▆▇█'.indexOf(block));
    if (i > 32 && before.length === 16)
      expect(Math.max(...line.map((level, k) => Math.abs(level - before[k]!)))).toBeLessThanOrEqual(1);
    before = line;
  }
  expect(before).toHaveLength(16);
  expect([before[0], before[15]]).toEqual([7, 0]);
});

test('what is smoothed lies on a curve that falls ever more slowly, and not above it, and lets a spike pass', () => {
  const falling = Array.from({ length: 50 }, (_, i) => ({ iteration: i + 1, value: 9 / (i + 1) }));
  expect(centeredMedians(falling, 5)).toEqual(falling);
  const spiked = falling.map((point, i) => (i === 25 ? { ...point, value: 100 } : point));
  const highest = Math.max(...centeredMedians(spiked, 5).map(({ value }) => value));
  expect(highest).toBe(9);
});
