import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cutLine } from '../../src/plots/cut.ts';
import { lineChart } from '../../src/plots/line-chart.ts';
import { scaleOf } from '../../src/plots/scale.ts';

const xs = scaleOf({ label: '', from: 0, to: 10 }, [], 5);
const linear = scaleOf({ label: '', from: 0, to: 1 }, [], 5);
const log = scaleOf({ label: '', scale: 'log', from: 0.01, to: 1 }, [], 5);

test('a line that leaves its panel ends at the edge, where it crosses it, and comes back where it crosses it again', () => {
  const { points, measured, leaves } = cutLine(
    [
      [0, 0.5],
      [2, 1.5],
      [4, 0.5],
      [5, -0.5],
    ],
    xs,
    linear,
  );
  expect(points).toEqual([
    [0, 0.5],
    [1, 1],
    [2, Number.NaN],
    [expect.closeTo(3, 10), 1],
    [4, 0.5],
    [4.5, 0],
    [5, Number.NaN],
  ]);
  expect(measured).toEqual([
    [0, 0.5],
    [4, 0.5],
  ]);
  expect(leaves).toBe('below');
});

test('on a log axis a line crosses an edge where its straight line on the page does; 0 lies below, without a place', () => {
  const { points, leaves } = cutLine(
    [
      [0, 0.1],
      [2, 0.001],
    ],
    xs,
    log,
  );
  expect(points[1]).toEqual([expect.closeTo(1, 10), 0.01]);
  expect(leaves).toBe('below');
  const zero = cutLine(
    [
      [0, 0.1],
      [2, 0],
    ],
    xs,
    log,
  );
  expect(zero).toMatchObject({
    points: [
      [0, 0.1],
      [2, Number.NaN],
    ],
    leaves: 'below',
  });
});

test('a line that has no more values does not leave, and one that is never in its panel lies beside it', () => {
  const leaves = (...ys: (number | null)[]): unknown =>
    cutLine(
      ys.map((y, x) => [x, y]),
      xs,
      linear,
    ).leaves;
  expect([
    leaves(0.2, 0.3),
    leaves(0.2, null),
    leaves(0.2, null, 7),
    leaves(3, 4),
    leaves(0, -1),
    leaves(null),
  ]).toEqual([null, null, null, 'above', 'below', null]);
});

test('nothing that is drawn lies beyond an edge, and no measured point within is lost', () => {
  const value = fc.oneof(
    fc.integer({ min: -30, max: 40 }).map((n) => n / 10),
    fc.constantFrom(0, 1, null),
  );
  fc.assert(
    fc.property(fc.array(value, { maxLength: 10 }), (ys) => {
      const { points, measured } = cutLine(
        ys.map((y, x) => [x, y]),
        xs,
        linear,
      );
      const shown = points.filter(([, y]) => !Number.isNaN(y));
      for (const [x, y] of shown) {
        expect(y).toBeGreaterThanOrEqual(0);
        expect(y).toBeLessThanOrEqual(1);
        // On the line through the two measured points around it.
        const [a, b] = [ys[Math.floor(x)] ?? 0, ys[Math.ceil(x)] ?? 0];
        expect(y).toBeCloseTo(a + (x - Math.floor(x)) * (b - a), 6);
      }
      const inside = ys.flatMap((y, x) => (y !== null && y >= 0 && y <= 1 ? [[x, y]] : []));
      expect(measured).toEqual(inside);
      for (const each of inside) expect(shown).toContainEqual(each);
    }),
    { seed: 1, numRuns: 300 },
  );
});

test('the name of a line that has left says so', () => {
  const svg = (to: number): string =>
    lineChart({
      heading: '',
      x: { label: '' },
      y: { label: '', from: 0, to: 1 },
      lines: [
        {
          label: 'a name',
          ink: 'blue',
          points: [
            [0, 0.5],
            [1, to],
          ],
        },
      ],
    }).content;
  expect([svg(0.1), svg(-1), svg(3)].map((each) => />([^<]*a name)</.exec(each)?.[1])).toEqual([
    'a name',
    '↓ a name',
    '↑ a name',
  ]);
});
