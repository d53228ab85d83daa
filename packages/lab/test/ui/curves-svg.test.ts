import { expect, test } from 'vitest';
import { curvesSvg } from '../../src/ui/curves-svg.ts';

const svg = curvesSvg(
  [
    { label: 'A & B', series: 1, values: [4, null, 2, Number.NaN, 1] },
    { label: 'held out', series: 2, values: [null, 3, null, null, 2], points: true },
  ],
  'bits <per> character',
  (name) => `var(${name})`,
);

test('A saved curve has a point for each finite value, at its update', () => {
  const points = svg
    .match(/points="([^"]*)"/)![1]!
    .split(' ')
    .map((point) => point.split(',').map(Number));
  expect(points).toHaveLength(3);
  const [[x1, y1], [x3, y3], [x5, y5]] = points as [number, number][] as [
    [number, number],
    [number, number],
    [number, number],
  ];
  expect(x3 - x1).toBeCloseTo(x5 - x3, 0);
  expect([x1, x5]).toEqual([64, 700]); // the margins
  expect((y3 - y1) / (y5 - y3)).toBeCloseTo(2, 1); // 4 → 2 → 1
  expect(svg.match(/<circle/g)).toHaveLength(2);
});

test('Labels are escaped, and every color is one of the theme', () => {
  expect(svg).toContain('A &amp; B');
  expect(svg).toContain('bits &lt;per> character');
  expect(svg.match(/(fill|stroke)="(?!none|var\(--)/g)).toBeNull();
});
