/** Points of several kinds in a plane, and the way from one to the next. */
import * as Plot from '@observablehq/plot';
import { drawPanel, FOOT, HEAD, type Panel } from './panel.ts';
import { type Axis, scaleOf } from './scale.ts';
import { words } from './svg.ts';
import { LABEL_SIZE, paint, type SeriesInk, textWidth, wordsInk } from './theme.ts';

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
  /** Points that follow one another, joined by a line. */
  readonly path?: readonly (readonly [x: number, y: number])[];
  readonly width?: number;
  readonly height?: number;
}

/** Draws points, with the names of their kinds at the right. */
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
    Plot.line(path, { x: '0', y: '1', stroke: paint('text'), strokeWidth: 0.9, strokeOpacity: 0.8 }),
  ];
  const names = kinds.map(({ label, ink }, i) =>
    words(label, {
      x: width - right + 12,
      y: HEAD + 14 + i * 18,
      fill: paint(wordsInk(ink)),
      'font-size': LABEL_SIZE,
    }),
  );
  return drawPanel(heading, { axis: x, scale: xs }, { axis: y, scale: ys }, frame, marks, names.join(''));
}
