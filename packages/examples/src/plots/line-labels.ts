/** Names at the ends of lines. */
import type { CutLine, Point } from './cut.ts';
import { type Frame, xRange, yRange } from './panel.ts';
import type { Scale } from './scale.ts';
import { spreadLabels } from './spread.ts';
import { element, svgText } from './svg.ts';
import { LABEL_SIZE, paint, type SeriesInk, textInk } from './theme.ts';

/** A named line, as far as its label needs it. */
interface Named {
  readonly label: string;
  readonly ink: SeriesInk;
  readonly points: readonly Point[];
}

/** A value to compare lines with. */
export interface Level {
  readonly y: number;
  readonly label: string;
}

/** Scales and frame of a chart. */
interface Place {
  readonly xs: Scale;
  readonly ys: Scale;
  readonly frame: Frame;
}

/** The end of a line, in pixels. */
export interface End {
  readonly label: string;
  readonly x: number;
  readonly y: number;
  readonly fill: string;
  /** Direction in which the line leaves the panel. */
  readonly leaves: CutLine['leaves'];
}

/** Length of a leader, from a line's end to its name. */
const LEADER = 16;

/** The name, with an arrow if the line leaves the panel: its height is then no value. */
export function markedName(label: string, leaves: CutLine['leaves']): string {
  if (leaves === null) return label;
  return `${leaves === 'above' ? '↑' : '↓'} ${label}`;
}

/**
 * Names in a column at the right, in the order of the ends. A name that had to move gets a leader.
 */
export function labelsBeside(ends: readonly End[], frame: Frame): string {
  const [, right] = xRange(frame);
  const [foot, top] = yRange(frame);
  const wanted = ends.map(({ x, y, leaves }) => {
    // Lines that leave later are placed closer to the others.
    if (leaves === null) return y;
    return leaves === 'above' ? top - (right - x) : foot + (right - x);
  });
  const places = spreadLabels(wanted, LABEL_SIZE + 3, [top, foot]);
  const moved = ends.map(
    ({ x, y, leaves }, i) => leaves === null && Math.abs(places[i]! - y) > 3 && x > right - 2,
  );
  const start = right + (moved.includes(true) ? LEADER : 8);
  return ends
    .map(({ label, y, fill, leaves }, i) => {
      const name = svgText(markedName(label, leaves), {
        x: start,
        y: places[i]! + LABEL_SIZE * 0.35,
        fill,
        'font-size': LABEL_SIZE,
      });
      if (!moved[i]) return name + exit(ends[i]!);
      const d = `M${Math.round(right) + 3},${Math.round(y)}L${Math.round(start) - 2},${Math.round(places[i]!)}`;
      return element('path', { d, stroke: fill, 'stroke-opacity': 0.55, fill: 'none' }) + name;
    })
    .join('');
}

/** Names above the last point of each line. */
export function labelsAbove(ends: readonly End[]): string {
  return ends
    .map(
      (end) =>
        exit(end) +
        svgText(markedName(end.label, end.leaves), {
          x: end.x,
          y: end.y - 8,
          fill: end.fill,
          'font-size': LABEL_SIZE,
          'text-anchor': 'middle',
        }),
    )
    .join('');
}

/** Ends of lines that have a name and values. */
export function endsOf(
  lines: readonly Named[],
  cuts: readonly CutLine[],
  { xs, ys, frame }: Place,
): readonly End[] {
  return lines.flatMap(({ label, ink, points }, i) => {
    const { points: cut, leaves } = cuts[i]!;
    const last = cut.findLast(([, y]) => !Number.isNaN(y));
    if (label === '' || (last === undefined && leaves === null)) return [];
    const [x, y] = last ?? [points[0]![0], ys.domain[leaves === 'above' ? 1 : 0]];
    const place = { x: xs.toPixel(x, xRange(frame)), y: ys.toPixel(y, yRange(frame)) };
    return [{ label, ...place, fill: paint(textInk(ink)), leaves }];
  });
}

/** Right ends of levels. */
export function levelEnds(levels: readonly Level[], ys: Scale, frame: Frame): readonly End[] {
  const [, right] = xRange(frame);
  return levels.map(({ label, y }) => {
    const at = ys.clamp(y);
    const leaves = at === y ? null : y > at ? 'above' : 'below';
    return { label, x: right, y: ys.toPixel(at, yRange(frame)), fill: paint('quiet'), leaves };
  });
}

/** An arrow head at a line that leaves the panel. */
function exit({ x, y, fill, leaves }: End): string {
  if (leaves === null) return '';
  const d = `M${Math.round(x) - 4},${Math.round(y)}h8l-4,${leaves === 'above' ? -6 : 6}z`;
  return element('path', { d, fill });
}
