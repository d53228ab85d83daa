import { expect, test } from 'vitest';
import { type DotRow, dotChart } from '../../src/plots/dot-chart.ts';

const drawn = (row: Partial<DotRow>): string =>
  dotChart({
    heading: '',
    x: { label: '', from: 0, to: 10 },
    rows: [{ label: 'row', ink: 'blue', values: [], ...row }],
  }).content;

/** How many dots, rings, triangles, and bars at the median there are. */
const counts = (svg: string): number[] => {
  const circles = (filled: boolean): number =>
    [...svg.matchAll(/<g([^>]*)>((?:<circle[^>]*>)+)/g)]
      .filter(([, group]) => group!.includes('fill-opacity') === filled)
      .reduce((sum, [, , all]) => sum + all!.split('<circle').length - 1, 0);
  const triangles = svg.match(/rotate\(-?90/g)?.length ?? 0;
  return [circles(true), circles(false), triangles, svg.match(/stroke-width="3"/g)?.length ?? 0];
};

test('a value beyond an end of the axis is a triangle that points there, not a dot at the end', () => {
  expect(counts(drawn({ values: [2, 4, 6] }))).toEqual([3, 0, 0, 1]);
  expect(counts(drawn({ values: [2, 4, 60] }))).toEqual([2, 0, 1, 1]);
  expect(drawn({ values: [2, 4, 60] })).toMatch(/rotate\(90/);
  expect(drawn({ values: [-2, 4, 6] })).toMatch(/rotate\(-90/);
  // The median itself lies outside.
  expect(counts(drawn({ values: [2, 40, 60] }))).toEqual([1, 0, 2, 0]);
});

test('runs without a value are rings, and count for the median', () => {
  expect(counts(drawn({ values: [2, null], rings: [9] }))).toEqual([1, 1, 0, 1]);
  expect(drawn({ values: [2], rings: [9, 9] })).toContain('>9<');
});
