import { expect, test } from 'vitest';
import { figureFile } from '../../src/plots/figure.ts';
import { lineChart } from '../../src/plots/line-chart.ts';
import { troubles, wordBoxes } from './layout.ts';

const chart = (label: string, width: number): string =>
  figureFile(
    {
      name: 'f',
      title: 'A figure',
      caption: '',
      panels: [
        lineChart({
          heading: 'A heading',
          x: { label: 'time' },
          y: { label: 'size' },
          width,
          lines: [0, 0.1, 0.2].map((y, i) => ({
            label: `${label} ${i}`,
            ink: 'blue',
            points: [
              [0, 0],
              [10, y],
            ],
          })),
        }),
      ],
    },
    'light',
  );

test('lines that end at one place get names that stand apart', () => {
  const { boxes } = wordBoxes(chart('line', 472));
  expect(boxes.map(({ words }) => words)).toEqual(
    expect.arrayContaining(['A figure', 'A heading', 'line 0', 'line 1', 'line 2', 'time']),
  );
  expect(troubles(chart('line', 472))).toEqual([]);
});

test('what overlaps or leaves the page is found', () => {
  const svg = chart('line', 472);
  expect(
    troubles(
      svg.replaceAll(
        'line 1',
        'a name so long that it cannot stand anywhere at the end of a line in a figure of this width, whatever one does',
      ),
    )[0],
  ).toMatch(/beyond the edge: a name so long/);
  expect(
    troubles(
      svg
        .replace(/y="[\d.]+"([^>]*)>line 1/, 'y="60"$1>line 1')
        .replace(/y="[\d.]+"([^>]*)>line 2/, 'y="62"$1>line 2'),
    ),
  ).toContain('overlap: line 1 | line 2');
});
