/** A panel: axes with marks of Observable Plot, a heading and axis labels. */
import * as Plot from '@observablehq/plot';
import { parseHTML } from 'linkedom';
import type { Axis, Scale } from './scale.ts';
import { element, serialize, svgText } from './svg.ts';
import { FONT_SIZE, paint } from './theme.ts';

/** A drawing of known size. */
export interface Panel {
  readonly width: number;
  readonly height: number;
  /** Content of an `svg` element of that size. */
  readonly content: string;
}

/** Size and margins of a panel, in pixels. */
export interface Frame {
  readonly width: number;
  readonly height: number;
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** Pixel range of an axis. The lower end of y is at the bottom. */
export const xRange = ({ left, width, right }: Frame): readonly [number, number] => [left, width - right];
export const yRange = ({ top, height, bottom }: Frame): readonly [number, number] => [height - bottom, top];

/** Height of the heading and the label of the y axis. */
export const HEAD = 52;
/** Height of the ticks and the label of the x axis. */
export const FOOT = 46;

/** Shared: a document is expensive to create, and drawings are not attached to it. */
const { document } = parseHTML('<!doctype html><html><body></body></html>');

/** An axis and its scale. */
export interface FittedAxis {
  readonly axis: Axis;
  readonly scale: Scale;
}

/** Draws marks on two axes, with grid, ticks and labels. @param over elements on top */
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
    svgText(heading, { x: 0, y: 16, 'font-weight': 'bold', fill: paint('text') }),
    svgText(y.axis.label, { x: 0, y: 36, fill: paint('quiet') }),
    svgText(x.axis.label, { x: middle, y: height - 6, 'text-anchor': 'middle', fill: paint('quiet') }),
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
