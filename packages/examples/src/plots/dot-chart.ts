/** A dot chart: a row per setting, a dot per run, a bar at their median or mean, and its value. */
import * as Plot from '@observablehq/plot';
import { toSpread } from '../common/format.ts';
import { mean, median } from '../common/statistics.ts';
import { drawPanel, FOOT, HEAD, type Panel } from './panel.ts';
import { type Axis, type Scale, scaleOf } from './scale.ts';
import { LABEL_SIZE, paint, type SeriesInk, textWidth } from './theme.ts';

/** Height of the label of a level. */
const LEVEL_LABEL = 14;

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

/** A row with what is drawn of it. */
interface Drawn {
  readonly row: DotRow;
  readonly dots: readonly number[];
  /** Dots and rings. */
  readonly finite: readonly number[];
  /** Null if there are no values. */
  readonly center: number | null;
  readonly text: string;
}

/** Draws rows of dots. */
export function dotChart(chart: DotChart): Panel {
  const { heading, rowsLabel = '', x, rows, bar = 'median', level, width = 472, rowHeight = 26 } = chart;
  const drawn = rows.map((row) => drawnRow(row, bar === 'mean' ? mean : median));
  const values = drawn.flatMap(({ finite }) => finite);
  const xs = scaleOf(x, [...values, ...(level === undefined ? [] : [level.x])], width / 100);
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
  const above = level === undefined ? 0 : LEVEL_LABEL;
  const frame = {
    width,
    height: HEAD + FOOT + rows.length * rowHeight + above,
    left: 12 + widest(rows.map((row) => row.label)),
    right: 16 + widest(drawn.map(({ text }) => text)),
    top: HEAD + above,
    bottom: FOOT,
  };
  const marks = [
    ...(level === undefined ? [] : levelMarks(level)),
    ...drawn.flatMap((each, i) => rowMarks(each, -i, xs)),
  ];
  return drawPanel(heading, { axis: x, scale: xs }, { axis: { label: rowsLabel }, scale: ys }, frame, marks);
}

function drawnRow(row: DotRow, centerOf: (values: readonly number[]) => number): Drawn {
  const dots = row.values.filter((value): value is number => Number.isFinite(value));
  const finite = [...dots, ...(row.rings ?? [])];
  const center = finite.length === 0 ? null : centerOf(finite);
  return { row, dots, finite, center, text: row.text ?? (center === null ? '–' : toSpread(center, finite)) };
}

/** The bar, dots, rings and text of a row at a height y. */
function rowMarks({ row, dots, finite, center, text }: Drawn, y: number, xs: Scale): Plot.Markish[] {
  const fill = paint(row.ink);
  const inside = (value: number): boolean => xs.clamp(value) === value;
  const at = (values: readonly number[]): [number, number][] => values.map((value) => [xs.clamp(value), y]);
  const label = textMark([xs.domain[1], y], text, { fill: paint('text'), textAnchor: 'start', dx: 10 });
  if (center === null) return [label];
  const middle = [center].filter(inside);
  const bar = { x: middle, y1: [y - 0.33], y2: [y + 0.33], stroke: fill, strokeWidth: 3 };
  return [
    Plot.ruleX(middle, bar),
    Plot.dot(at(dots.filter(inside)), { x: '0', y: '1', fill, fillOpacity: 0.55, r: 4 }),
    Plot.dot(at(row.rings ?? []), { x: '0', y: '1', stroke: fill, strokeWidth: 1.6, r: 4 }),
    // A triangle points to values beyond an end of the axis.
    ...([-90, 90] as const).map((rotate) =>
      Plot.dot(at(finite.filter((value) => !inside(value) && value > xs.domain[0] === rotate > 0)), {
        ...{ x: '0', y: '1', fill, r: 4 },
        symbol: 'triangle',
        rotate,
      }),
    ),
    label,
  ];
}

function levelMarks({ x, label }: NonNullable<DotChart['level']>): Plot.Markish[] {
  return [
    Plot.ruleX([x], { stroke: paint('quiet'), strokeDasharray: '2,3' }),
    textMark([x, 0.6], label, { fill: paint('quiet'), dy: -8 }),
  ];
}

function textMark(at: readonly [number, number], text: string, options: Plot.TextOptions): Plot.Markish {
  return Plot.text([at], { x: '0', y: '1', text: () => text, fontSize: LABEL_SIZE, ...options });
}
