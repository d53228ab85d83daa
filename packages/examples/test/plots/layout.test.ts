import { expect, test } from 'vitest';
import { figureFile } from '../../src/plots/figure.ts';
import { lineChart } from '../../src/plots/line-chart.ts';
import { layoutProblems, wordBoxes } from './layout.ts';

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

test('lines that end at one place have separate names', () => {
  const { boxes } = wordBoxes(chart('line', 472));
  expect(boxes.map(({ words }) => words)).toEqual(
    expect.arrayContaining(['A figure', 'A heading', 'line 0', 'line 1', 'line 2', 'time']),
  );
  expect(layoutProblems(chart('line', 472))).toEqual([]);
});

test('what overlaps or leaves the page is found', () => {
  const svg = chart('line', 472);
  expect(
    layoutProblems(
      svg.replaceAll(
        'line 1',
        'a name so long that it fits nowhere at the end of a line in a figure of this width, wherever it is moved to',
      ),
    )[0],
  ).toMatch(/beyond the edge: a name so long/);
  expect(
    layoutProblems(
      svg
        .replace(/y="[\d.]+"([^>]*)>line 1/, 'y="60"$1>line 1')
        .replace(/y="[\d.]+"([^>]*)>line 2/, 'y="62"$1>line 2'),
    ),
  ).toContain('overlap: line 1 | line 2');
});
