/** The names of lines, where the lines end. */
import type { CutLine, Point } from './cut.ts';
import { type Frame, xRange, yRange } from './panel.ts';
import type { Scale } from './scale.ts';
import { spreadLabels } from './spread.ts';
import { element, words } from './svg.ts';
import { LABEL_SIZE, paint, type SeriesInk, wordsInk } from './theme.ts';

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

/** Where a chart's data stand. */
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
  /** Where the line goes on, out of the panel. */
  readonly leaves: CutLine['leaves'];
}

/** From the end of a line to its name. */
const LEADER = 16;

/** A name as it is written: of a line that has left the panel, with an arrow, so that its height does not read as a value. */
export function markedName(label: string, leaves: CutLine['leaves']): string {
  if (leaves === null) return label;
  return `${leaves === 'above' ? '↑' : '↓'} ${label}`;
}

/** In a column at the right, in the order of the ends, with a leader where a name cannot stand at the height of its line. */
export function labelsBeside(ends: readonly End[], frame: Frame): string {
  const [, right] = xRange(frame);
  const [foot, top] = yRange(frame);
  const wanted = ends.map(({ x, y, leaves }) => {
    // Of lines that leave, those that come farther stand nearer to the others.
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
      const name = words(markedName(label, leaves), {
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

/** Above the last point of each line. */
export function labelsAbove(ends: readonly End[]): string {
  return ends
    .map(
      (end) =>
        exit(end) +
        words(markedName(end.label, end.leaves), {
          x: end.x,
          y: end.y - 8,
          fill: end.fill,
          'font-size': LABEL_SIZE,
          'text-anchor': 'middle',
        }),
    )
    .join('');
}

/** The ends of lines that have a name and anything to show, in the panel or beyond it. */
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
    return [{ label, ...place, fill: paint(wordsInk(ink)), leaves }];
  });
}

/** The right ends of levels. */
export function levelEnds(levels: readonly Level[], ys: Scale, frame: Frame): readonly End[] {
  const [, right] = xRange(frame);
  return levels.map(({ label, y }) => {
    const at = ys.clamp(y);
    const leaves = at === y ? null : y > at ? 'above' : 'below';
    return { label, x: right, y: ys.toPixel(at, yRange(frame)), fill: paint('quiet'), leaves };
  });
}

/** An arrow head where a line leaves. */
function exit({ x, y, fill, leaves }: End): string {
  if (leaves === null) return '';
  const d = `M${Math.round(x) - 4},${Math.round(y)}h8l-4,${leaves === 'above' ? -6 : 6}z`;
  return element('path', { d, fill });
}
