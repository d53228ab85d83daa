/** The names of lines, where the lines end. */
import type { Level, Line } from './line-chart.ts';
import { type Frame, xRange, yRange } from './panel.ts';
import { drawable, type Scale } from './scale.ts';
import { spreadLabels } from './spread.ts';
import { element, words } from './svg.ts';
import { LABEL_SIZE, paint, wordsInk } from './theme.ts';

/** Where a chart's data stand. */
interface Place {
  readonly xs: Scale;
  readonly ys: Scale;
  readonly frame: Frame;
}

interface Label {
  readonly label: string;
  readonly x: number;
  readonly y: number;
  readonly fill: string;
}

/** From the end of a line to its name. */
const LEADER = 16;
/** So near the lower end a line counts as leaving there. */
const FOOT = 12;

/** In a column at the right, in the order of the ends, with a leader where a name cannot stand at the height of its line. */
export function labelsBeside(lines: readonly Line[], levels: readonly Level[], place: Place): string {
  const { ys, frame } = place;
  const [, right] = xRange(frame);
  const range = yRange(frame);
  const ofLevels = levels.map(
    ({ label, y }): Label => ({ label, x: right, y: ys.toPixel(ys.clamp(y), range), fill: paint('quiet') }),
  );
  const all = [...endsOf(lines, place), ...ofLevels];
  const places = spreadLabels(
    // Of lines that leave the plot at its foot, those that come farther stand higher.
    all.map(({ x, y }) => (y > range[0] - FOOT ? range[0] + right - x : y)),
    LABEL_SIZE + 3,
    [range[1], range[0]],
  );
  const moved = all.map(({ x, y }, i) => Math.abs(places[i]! - y) > 3 && x > right - 2);
  const start = right + (moved.includes(true) ? LEADER : 8);
  return all
    .map(({ label, y, fill }, i) => {
      const name = words(label, {
        x: start,
        y: places[i]! + LABEL_SIZE * 0.35,
        fill,
        'font-size': LABEL_SIZE,
      });
      if (!moved[i]) return name;
      const d = `M${Math.round(right) + 3},${Math.round(y)}L${Math.round(start) - 2},${Math.round(places[i]!)}`;
      return element('path', { d, stroke: fill, 'stroke-opacity': 0.55, fill: 'none' }) + name;
    })
    .join('');
}

/** Above the last point of each line. */
export function labelsAbove(lines: readonly Line[], place: Place): string {
  return endsOf(lines, place)
    .map(({ label, x, y, fill }) =>
      words(label, { x, y: y - 8, fill, 'font-size': LABEL_SIZE, 'text-anchor': 'middle' }),
    )
    .join('');
}

function endsOf(lines: readonly Line[], { xs, ys, frame }: Place): Label[] {
  return lines.flatMap((line) => {
    const last = line.points.findLast(([, value]) => !Number.isNaN(drawable(value, ys)));
    if (line.label === '' || last === undefined) return [];
    const [x, y] = [xs.toPixel(last[0], xRange(frame)), ys.toPixel(drawable(last[1], ys), yRange(frame))];
    return [{ label: line.label, x, y, fill: paint(wordsInk(line.ink)) }];
  });
}
