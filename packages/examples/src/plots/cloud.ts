/** Points of several kinds in a plane, and a path through them. */
import * as Plot from '@observablehq/plot';
import { drawPanel, FOOT, HEAD, type Panel, xRange, yRange } from './panel.ts';
import { type Axis, scaleOf } from './scale.ts';
import { element, svgText } from './svg.ts';
import { LABEL_SIZE, paint, type SeriesInk, textInk, textWidth } from './theme.ts';

/** Points of one kind. */
export interface Kind {
  readonly label: string;
  readonly ink: SeriesInk;
  readonly points: readonly (readonly [x: number, y: number])[];
}

export interface Cloud {
  readonly heading: string;
  readonly x: Axis;
  readonly y: Axis;
  readonly kinds: readonly Kind[];
  /** Points joined by arrows, with start and end marked. */
  readonly path?: readonly (readonly [x: number, y: number])[];
  readonly width?: number;
  readonly height?: number;
}

/** Draws points, with a legend at the right. */
export function cloud({ heading, x, y, kinds, path = [], width = 472, height = 400 }: Cloud): Panel {
  const all = [...kinds.flatMap((kind) => kind.points), ...path];
  const [xs, ys] = [
    scaleOf(
      x,
      all.map(([at]) => at),
      width / 100,
    ),
    scaleOf(
      y,
      all.map(([, at]) => at),
      height / 70,
    ),
  ];
  const left =
    12 + ys.ticks.reduce((most, tick) => Math.max(most, textWidth(ys.format(tick), LABEL_SIZE)), 0);
  const right = 20 + kinds.reduce((most, { label }) => Math.max(most, textWidth(label, LABEL_SIZE)), 0);
  const frame = { width, height, left, right, top: HEAD, bottom: FOOT };
  const marks = [
    ...kinds.map(({ ink, points }) =>
      Plot.dot(points, { x: '0', y: '1', r: 2.6, fill: paint(ink), fillOpacity: 0.6 }),
    ),
    Plot.arrow(
      path.slice(1).map((to, i) => [...path[i]!, ...to]),
      {
        ...{ x1: '0', y1: '1', x2: '2', y2: '3', stroke: paint('text') },
        ...{ strokeWidth: 1.1, headLength: 7, inset: 2 },
      },
    ),
    Plot.dot([...path.slice(0, 1), ...path.slice(1).slice(-1)], {
      ...{ x: '0', y: '1', fill: paint('page'), stroke: paint('text'), strokeWidth: 1.6, r: 5 },
    }),
  ];
  const names = kinds.map(({ label, ink }, i) =>
    svgText(label, {
      x: width - right + 12,
      y: HEAD + 14 + i * 18,
      fill: paint(textInk(ink)),
      'font-size': LABEL_SIZE,
    }),
  );
  const place = ([atX, atY]: readonly [number, number]): [number, number] => [
    xs.toPixel(atX, xRange(frame)),
    ys.toPixel(atY, yRange(frame)),
  ];
  const ends = path.length < 2 ? '' : endNames(place(path[0]!), place(path.at(-1)!), [left, width - right]);
  return drawPanel(
    heading,
    { axis: x, scale: xs },
    { axis: y, scale: ys },
    frame,
    marks,
    names.join('') + ends,
  );
}

/** `start` and `end` near their points, on a background that keeps them legible. */
function endNames(
  start: readonly [number, number],
  end: readonly [number, number],
  [least, greatest]: readonly [number, number],
): string {
  const near = Math.abs(start[0] - end[0]) < 40 && Math.abs(start[1] - end[1]) < 18;
  return [
    { text: 'start', x: start[0], y: start[1] - 9 },
    { text: 'end', x: end[0], y: near ? end[1] + 18 : end[1] - 9 },
  ]
    .map(({ text, x, y }) => {
      const half = textWidth(text, LABEL_SIZE) / 2 + 3;
      const middle = Math.max(least + half, Math.min(greatest - half, x));
      const box = { x: middle - half, y: y - 11, width: 2 * half, height: 15, rx: 3 };
      const style = { 'text-anchor': 'middle', 'font-weight': 'bold', 'font-size': LABEL_SIZE };
      return (
        element('rect', { ...box, fill: paint('page'), 'fill-opacity': 0.8 }) +
        svgText(text, { x: middle, y, fill: paint('text'), ...style })
      );
    })
    .join('');
}
