/** A line chart with names at the ends of lines. */
import * as Plot from '@observablehq/plot';
import { type CutLine, cutLine, type Point } from './cut.ts';
import { endsOf, type Level, labelsAbove, labelsBeside, levelEnds, markedName } from './line-labels.ts';
import { drawPanel, FOOT, type Frame, HEAD, type Panel } from './panel.ts';
import { type Axis, type Scale, scaleOf } from './scale.ts';
import { LABEL_SIZE, paint, type SeriesInk, textWidth } from './theme.ts';

export interface Line {
  /** Name at its end. '' for none. */
  readonly label: string;
  readonly points: readonly Point[];
  readonly ink: SeriesInk;
  /** Thin and pale, for backgrounds. */
  readonly faint?: boolean;
  readonly dashed?: boolean;
  /** A dot at each point. */
  readonly dots?: boolean;
  /** Dots only. */
  readonly noLine?: boolean;
  /** Range at each x, as the spread over seeds. */
  readonly band?: readonly (readonly [x: number, low: number, high: number])[];
}

export interface LineChart {
  readonly heading: string;
  readonly x: Axis;
  readonly y: Axis;
  readonly lines: readonly Line[];
  readonly levels?: readonly Level[];
  /**
   * Position of names: in a column at the right, or above the end of each line. Default: 'beside'.
   */
  readonly named?: 'beside' | 'above';
  readonly width?: number;
  readonly height?: number;
}

/** Draws lines. */
export function lineChart({
  heading,
  x,
  y,
  lines,
  levels = [],
  named = 'beside',
  width = 472,
  height = 340,
}: LineChart): Panel {
  const points = lines.flatMap((line) => line.points);
  const bands = lines.flatMap((line) => line.band ?? []);
  const xs = scaleOf(
    { tight: true, ...x },
    points.map(([at]) => at),
    width / 90,
  );
  const heights = [...points.map(([, value]) => value ?? Number.NaN), ...bands.flatMap(([, a, b]) => [a, b])];
  const ys = scaleOf(y, [...heights, ...levels.map((level) => level.y)], height / 60);
  const cuts = lines.map((line) => cutLine(line.points, xs, ys));
  const beside = [
    ...lines.flatMap(({ label }, i) => (label === '' ? [] : [markedName(label, cuts[i]!.leaves)])),
    ...levels.map((each) => each.label),
  ];
  const right =
    24 +
    (named === 'above' ? [] : beside).reduce(
      (most, label) => Math.max(most, textWidth(label, LABEL_SIZE)),
      0,
    );
  const left =
    10 + ys.ticks.reduce((most, tick) => Math.max(most, textWidth(ys.format(tick), LABEL_SIZE)), 0);
  const frame: Frame = { width, height, left, right, top: HEAD, bottom: FOOT };
  const marks = [
    ...levels
      .filter(({ y: at }) => ys.clamp(at) === at)
      .map((level) => Plot.ruleY([level.y], { stroke: paint('quiet'), strokeDasharray: '2,3' })),
    ...lines.flatMap((line, i) => marksOf(line, cuts[i]!, ys)),
  ];
  const ends = endsOf(lines, cuts, { xs, ys, frame });
  const labels =
    named === 'above' ? labelsAbove(ends) : labelsBeside([...ends, ...levelEnds(levels, ys, frame)], frame);
  return drawPanel(heading, { axis: x, scale: xs }, { axis: y, scale: ys }, frame, marks, labels);
}

function marksOf(line: Line, { points, measured }: CutLine, ys: Scale): Plot.Markish[] {
  const stroke = paint(line.ink);
  const marks: Plot.Markish[] = [];
  if (line.band !== undefined) {
    // A band is clamped, so that it ends flat at the edge.
    const band = line.band.map(([at, low, high]) => [at, ys.clamp(low), ys.clamp(high)] as const);
    marks.push(Plot.areaY(band, { x: '0', y1: '1', y2: '2', fill: stroke, fillOpacity: 0.18 }));
  }
  if (line.noLine !== true) {
    const strokeWidth = line.faint === true ? 0.8 : 2;
    const options = { x: '0', y: '1', stroke, strokeWidth, strokeOpacity: line.faint === true ? 0.35 : 1 };
    marks.push(Plot.line(points, line.dashed === true ? { ...options, strokeDasharray: '6,4' } : options));
  }
  // A line of one point is invisible, so it gets a dot.
  const dots = line.dots === true || line.noLine === true ? measured : aloneIn(points);
  if (dots.length > 0)
    marks.push(
      Plot.dot(dots, { x: '0', y: '1', fill: stroke, r: 3.2, fillOpacity: line.faint === true ? 0.4 : 1 }),
    );
  return marks;
}

/** Points without neighbors to connect to. */
function aloneIn(points: CutLine['points']): CutLine['points'] {
  const isGap = (i: number): boolean => Number.isNaN(points[i]?.[1] ?? Number.NaN);
  return points.filter((_, i) => !isGap(i) && isGap(i - 1) && isGap(i + 1));
}
