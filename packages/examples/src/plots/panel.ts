/** A panel: one pair of axes with marks of Observable Plot in it, a heading and words on its axes. */
import * as Plot from '@observablehq/plot';
import { parseHTML } from 'linkedom';
import type { Axis, Scale } from './scale.ts';
import { element, serialize, words } from './svg.ts';
import { FONT_SIZE, paint } from './theme.ts';

/** A drawing of known size. */
export interface Panel {
  readonly width: number;
  readonly height: number;
  /** What stands in an `svg` element of that size. */
  readonly content: string;
}

/** Where a panel's marks may stand: pixels from the left and the top. */
export interface Frame {
  readonly width: number;
  readonly height: number;
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** The range of pixels that an axis spans: the lower end of y is at the bottom. */
export const xRange = ({ left, width, right }: Frame): readonly [number, number] => [left, width - right];
export const yRange = ({ top, height, bottom }: Frame): readonly [number, number] => [height - bottom, top];

/** Room above the marks: the heading, and the name of the y axis below it. */
export const HEAD = 52;
/** Room below: ticks and the name of the x axis. */
export const FOOT = 46;

/** Made once: a document is expensive, and drawings do not stay in it. */
const { document } = parseHTML('<!doctype html><html><body></body></html>');

/** A fitted axis and the words on it. */
export interface FittedAxis {
  readonly axis: Axis;
  readonly scale: Scale;
}

/** Marks on two fitted axes, with a grid, ticks, and words. @param over elements to stand on top */
export function drawPanel(
  heading: string,
  x: FittedAxis,
  y: FittedAxis,
  frame: Frame,
  marks: readonly Plot.Markish[],
  over = '',
): Panel {
  const { width, height } = frame;
  const drawn = Plot.plot({
    document: document as never,
    width,
    height,
    marginLeft: frame.left,
    marginRight: frame.right,
    marginTop: frame.top,
    marginBottom: frame.bottom,
    x: { type: x.scale.type, domain: [...x.scale.domain], label: null },
    y: { type: y.scale.type, domain: [...y.scale.domain], label: null },
    marks: [...grid(x.scale, y.scale), ...ticks(x.scale, y.scale), ...marks],
  });
  const middle = (xRange(frame)[0] + xRange(frame)[1]) / 2;
  const parts = [...(drawn as unknown as { childNodes: Iterable<unknown> }).childNodes].map(serialize);
  const content = [
    element('g', { 'text-anchor': 'middle' }, parts.join('')),
    over,
    words(heading, { x: 0, y: 16, 'font-weight': 'bold', fill: paint('text') }),
    words(y.axis.label, { x: 0, y: 36, fill: paint('quiet') }),
    words(x.axis.label, { x: middle, y: height - 6, 'text-anchor': 'middle', fill: paint('quiet') }),
  ];
  return { width, height, content: content.join('') };
}

function grid(x: Scale, y: Scale): Plot.Markish[] {
  const stroke = paint('grid');
  return [Plot.ruleX(x.ticks, { stroke }), Plot.ruleY(y.ticks, { stroke })];
}

function ticks(x: Scale, y: Scale): Plot.Markish[] {
  const options = { tickSize: 0, label: null, fill: paint('quiet'), fontSize: FONT_SIZE - 1 };
  return [
    Plot.axisX([...x.ticks], { ...options, tickPadding: 8, text: (value: number) => x.format(value) }),
    Plot.axisY([...y.ticks], { ...options, tickPadding: 6, text: (value: number) => y.format(value) }),
  ];
}
