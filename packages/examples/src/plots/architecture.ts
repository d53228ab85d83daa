/** A recurrent network as a diagram, folded and unrolled. */
import { grouped } from '../common/format.ts';
import type { Panel } from './panel.ts';
import { element, svgText } from './svg.ts';
import { LABEL_SIZE, paint, type SeriesInk, textInk } from './theme.ts';

/** The sizes of a network that reads characters and predicts the next. */
export interface Architecture {
  /** `RNN`, `LSTM`. */
  readonly cell: string;
  readonly vocabulary: number;
  readonly hidden: number;
  readonly steps: number;
  readonly batch: number;
  /** Number of parameters. */
  readonly parameters: number;
}

const BOX = { width: 118, height: 46 };
/** Heights of the rows: loss, logits, states, inputs. */
const ROWS = { loss: 62, logits: 128, state: 208, input: 288 };
const HEIGHT = 374;

/** Folded: one cell with a loop. */
export function foldedNetwork({ cell, vocabulary: V, hidden: H, parameters }: Architecture): Panel {
  const middle = 130;
  const right = middle + BOX.width / 2;
  const top = ROWS.state - BOX.height / 2;
  const loop = `M${right},${ROWS.state}h26v${-(BOX.height / 2 + 18)}h${-(26 + BOX.width / 2 - 20)}`;
  const content = [
    heading('Folded'),
    box(middle, ROWS.input, `x_t: 1 of ${V}`, 'gray'),
    box(middle, ROWS.state, `${cell}: h_t [${H}]`, 'blue'),
    box(middle, ROWS.logits, `logits [${V}]`, 'green'),
    up(middle, ROWS.input, ROWS.state),
    up(middle, ROWS.state, ROWS.logits),
    line(loop),
    arrowHead(middle + 20, top, 'down'),
    line(`M${middle + 20},${ROWS.state - BOX.height / 2 - 18}V${top - 6}`),
    note(middle + 10, (ROWS.input + ROWS.state) / 2 + 4, `W_xh [${H}, ${V}]`),
    note(right + 32, ROWS.state - 8, `W_hh [${H}, ${H}]`),
    note(middle - 12, (ROWS.state + ROWS.logits) / 2 + 4, `W_hy [${V}, ${H}]`, 'end'),
    note(0, HEIGHT - 6, `${grouped(parameters)} parameters`),
  ];
  return { width: 330, height: HEIGHT, content: content.join('') };
}

/** Unrolled: the same cell at each step of a window. */
export function unrolledNetwork({ vocabulary: V, hidden: H, steps, batch }: Architecture): Panel {
  const columns = [
    { x: 120, t: '1' },
    { x: 258, t: '2' },
    { x: 396, t: '3' },
    { x: 560, t: String(steps) },
  ];
  const half = 50;
  const parts = columns.flatMap(({ x, t }, i) => {
    const before = i === 0 ? 30 : columns[i - 1]!.x + half;
    return [
      box(x, ROWS.input, `x_${t}`, 'gray', 2 * half),
      box(x, ROWS.state, `h_${t}`, 'blue', 2 * half),
      box(x, ROWS.logits, `y_${t}`, 'green', 2 * half),
      svgText(`loss_${t}`, {
        x,
        y: ROWS.loss + 4,
        'text-anchor': 'middle',
        fill: paint('quiet'),
        'font-size': LABEL_SIZE,
      }),
      up(x, ROWS.input, ROWS.state),
      up(x, ROWS.state, ROWS.logits),
      line(`M${x},${ROWS.logits - BOX.height / 2}V${ROWS.loss + 16}`),
      arrowHead(x, ROWS.loss + 10, 'up'),
      line(`M${before},${ROWS.state}H${x - half - 6}`, i === 3),
      arrowHead(x - half, ROWS.state, 'right'),
    ];
  });
  const content = [
    heading(`Unrolled over a window of ${steps} steps`),
    svgText('h_0', {
      x: 26,
      y: ROWS.state + 4,
      'text-anchor': 'end',
      fill: paint('quiet'),
      'font-size': LABEL_SIZE,
    }),
    ...parts,
    note(
      0,
      HEIGHT - 26,
      `One step: x [${batch}, ${V}] one-hot, h [${batch}, ${H}], y [${batch}, ${V}]. All steps share the weights.`,
    ),
    note(
      0,
      HEIGHT - 6,
      `Gradients flow back along every arrow, at most ${steps} steps. h_${steps} is the next window’s h_0.`,
    ),
  ];
  return { width: 614, height: HEIGHT, content: content.join('') };
}

function heading(text: string): string {
  return svgText(text, { x: 0, y: 16, 'font-weight': 'bold', fill: paint('text') });
}

function box(x: number, y: number, label: string, ink: SeriesInk, width: number = BOX.width): string {
  const rect = element('rect', {
    x: x - width / 2,
    y: y - BOX.height / 2,
    width,
    height: BOX.height,
    rx: 6,
    fill: paint(ink),
    'fill-opacity': 0.14,
    stroke: paint(ink),
    'stroke-width': 1.5,
  });
  return rect + svgText(label, { x, y: y + 5, 'text-anchor': 'middle', fill: paint(textInk(ink)) });
}

function up(x: number, from: number, to: number): string {
  const end = to + BOX.height / 2;
  return line(`M${x},${from - BOX.height / 2}V${end + 6}`) + arrowHead(x, end, 'up');
}

function line(d: string, dashed = false): string {
  return element('path', {
    d,
    fill: 'none',
    stroke: paint('quiet'),
    'stroke-width': 1.4,
    'stroke-dasharray': dashed ? '4,4' : undefined,
  });
}

/** An arrow head with its point at x, y. */
function arrowHead(x: number, y: number, to: 'up' | 'down' | 'right'): string {
  const d = { up: 'l-4,8h8z', down: 'l-4,-8h8z', right: 'l-8,-4v8z' }[to];
  return element('path', { d: `M${x},${y}${d}`, fill: paint('quiet') });
}

function note(x: number, y: number, text: string, anchor = 'start'): string {
  return svgText(text, { x, y, 'text-anchor': anchor, fill: paint('quiet'), 'font-size': LABEL_SIZE });
}
