/** A dot chart: a row per setting, a dot per run, a bar at their median or mean, and its value. */
import * as Plot from '@observablehq/plot';
import { toSpread } from '../common/format.ts';
import { mean, median } from '../common/statistics.ts';
import { drawPanel, FOOT, HEAD, type Panel } from './panel.ts';
import { type Axis, scaleOf } from './scale.ts';
import { LABEL_SIZE, paint, type SeriesInk, textWidth } from './theme.ts';

/** One row. */
export interface DotRow {
  readonly label: string;
  /** A value per run. Null if a run has none. */
  readonly values: readonly (number | null)[];
  /** Places of rings, for runs without a value. They count for the median. */
  readonly rings?: readonly number[];
  readonly ink: SeriesInk;
  /** Text at the right. Default: the value of the bar. */
  readonly text?: string;
}

export interface DotChart {
  readonly heading: string;
  /** Name of the rows. Default: ''. */
  readonly rowsLabel?: string;
  readonly x: Axis;
  readonly rows: readonly DotRow[];
  /** Default: 'median'. */
  readonly bar?: 'median' | 'mean';
  /** A value to compare all rows with. */
  readonly level?: { readonly x: number; readonly label: string };
  readonly width?: number;
  readonly rowHeight?: number;
}

/** Draws rows of dots. */
export function dotChart(chart: DotChart): Panel {
  const {
    heading,
    rowsLabel = '',
    x,
    rows,
    bar: kind = 'median',
    level,
    width = 472,
    rowHeight = 26,
  } = chart;
  const centerOf = kind === 'mean' ? mean : median;
  const dots = rows.map((row) => row.values.filter((value): value is number => Number.isFinite(value)));
  const finite = rows.map((row, i) => [...dots[i]!, ...(row.rings ?? [])]);
  const remarks = rows.map(
    (row, i) => row.text ?? (finite[i]!.length === 0 ? '–' : toSpread(centerOf(finite[i]!), finite[i]!)),
  );
  const xs = scaleOf(x, [...finite.flat(), ...(level === undefined ? [] : [level.x])], width / 100);
  const ys = scaleOf(
    {
      label: rowsLabel,
      from: -(rows.length - 0.4),
      to: 0.6,
      ticks: rows.map((_, i) => -i),
      format: (value) => rows[Math.round(-value)]?.label ?? '',
    },
    [],
    1,
  );
  const widest = (all: readonly string[]): number =>
    all.reduce((most, each) => Math.max(most, textWidth(each, LABEL_SIZE)), 0);
  const frame = {
    width,
    height: HEAD + FOOT + rows.length * rowHeight + (level === undefined ? 0 : 14),
    left: 12 + widest(rows.map((row) => row.label)),
    right: 16 + widest(remarks),
    top: HEAD + (level === undefined ? 0 : 14),
    bottom: FOOT,
  };
  const marks = rows.flatMap((row, i) => {
    const fill = paint(row.ink);
    const inside = (value: number): boolean => xs.clamp(value) === value;
    const at = (values: readonly number[]): [number, number][] =>
      values.map((value) => [xs.clamp(value), -i]);
    const options = {
      x: '0',
      y: '1',
      text: () => remarks[i]!,
      fill: paint('text'),
      textAnchor: 'start' as const,
    };
    const label = Plot.text([[xs.domain[1], -i]], { ...options, dx: 10, fontSize: LABEL_SIZE });
    if (finite[i]!.length === 0) return [label];
    const middle = [centerOf(finite[i]!)].filter(inside);
    const bar = { x: middle, y1: [-i - 0.33], y2: [-i + 0.33], stroke: fill, strokeWidth: 3 };
    return [
      Plot.ruleX(middle, bar),
      Plot.dot(at(dots[i]!.filter(inside)), { x: '0', y: '1', fill, fillOpacity: 0.55, r: 4 }),
      Plot.dot(at(row.rings ?? []), { x: '0', y: '1', stroke: fill, strokeWidth: 1.6, r: 4 }),
      // A triangle points to values beyond an end of the axis.
      ...([-90, 90] as const).map((rotate) =>
        Plot.dot(at(finite[i]!.filter((value) => !inside(value) && value > xs.domain[0] === rotate > 0)), {
          ...{ x: '0', y: '1', fill, r: 4 },
          symbol: 'triangle',
          rotate,
        }),
      ),
      label,
    ];
  });
  if (level !== undefined) {
    const at = [[level.x, 0.6]];
    marks.unshift(
      Plot.ruleX([level.x], { stroke: paint('quiet'), strokeDasharray: '2,3' }),
      Plot.text(at, {
        x: '0',
        y: '1',
        text: () => level.label,
        fill: paint('quiet'),
        dy: -8,
        fontSize: LABEL_SIZE,
      }),
    );
  }
  return drawPanel(heading, { axis: x, scale: xs }, { axis: { label: rowsLabel }, scale: ys }, frame, marks);
}
