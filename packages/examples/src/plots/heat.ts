/** Values as shades: blue for positive, orange for negative. */
import type { Panel } from './panel.ts';
import { element, svgText } from './svg.ts';
import { LABEL_SIZE, paint, textWidth } from './theme.ts';

/** Number of shades of each sign. */
const SHADES = 8;
/** Height of the heading and the key. */
const TOP = 48;

/** A square, by its position. */
interface Shade {
  readonly x: number;
  readonly y: number;
  readonly value: number;
}

/** Rows of values, one per unit, above their characters. */
export interface HeatMap {
  readonly heading: string;
  /** Value of the full shade. */
  readonly scale: number;
  /** With names at the left. */
  readonly rows: readonly { readonly label: string; readonly values: readonly number[] }[];
  readonly characters: readonly string[];
  readonly width?: number;
}

/** A heat map over a text. */
export function heatMap({ heading, scale, rows, characters, width = 960 }: HeatMap): Panel {
  const left = 8 + rows.reduce((most, { label }) => Math.max(most, textWidth(label, LABEL_SIZE)), 0);
  const size = (width - left) / characters.length;
  const rowHeight = 15;
  const shades = rows.flatMap(({ values }, r) =>
    values.map((value, c) => ({ x: left + c * size, y: TOP + r * rowHeight, value: value / scale })),
  );
  const bottom = TOP + rows.length * rowHeight;
  const text = spaced(characters, left, bottom + 15, size);
  const names = rows.map(({ label }, r) =>
    svgText(label, {
      x: left - 6,
      y: TOP + r * rowHeight + 12,
      'text-anchor': 'end',
      fill: paint('quiet'),
      'font-size': LABEL_SIZE,
    }),
  );
  return {
    width,
    height: bottom + 24,
    content: [...headOf(heading, scale), ...shaded(shades, size, rowHeight), ...names, text].join(''),
  };
}

/** A text with a shade behind each character. */
export interface ShadedText {
  readonly heading: string;
  readonly scale: number;
  readonly characters: readonly string[];
  readonly values: readonly number[];
  /** Characters per line. */
  readonly columns: number;
  readonly width?: number;
}

/** A text colored by a value per character. */
export function shadedText({ heading, scale, characters, values, columns, width = 960 }: ShadedText): Panel {
  const size = width / columns;
  const line = 20;
  const place = (i: number): { x: number; y: number } => ({
    x: (i % columns) * size,
    y: TOP + Math.floor(i / columns) * line,
  });
  const shades = values.map((value, i) => ({ ...place(i), value: value / scale }));
  const lines = Math.ceil(characters.length / columns);
  const texts = Array.from({ length: lines }, (_, l) =>
    spaced(characters.slice(l * columns, (l + 1) * columns), 0, TOP + l * line + 14, size),
  );
  return {
    width,
    height: TOP + lines * line + 6,
    content: [...headOf(heading, scale), ...shaded(shades, size, line), ...texts].join(''),
  };
}

/** The heading and the key. */
function headOf(heading: string, scale: number): string[] {
  const steps = Array.from({ length: 2 * SHADES + 1 }, (_, i) => (i - SHADES) / SHADES);
  const shades = steps.map((value, i) => ({ x: 46 + i * 10, y: 26, value }));
  const quiet = { y: 37, fill: paint('quiet'), 'font-size': LABEL_SIZE };
  const end = 46 + steps.length * 10 + 6;
  return [
    svgText(heading, { x: 0, y: 16, 'font-weight': 'bold', fill: paint('text') }),
    svgText(`−${Number(scale.toPrecision(2))}`, { ...quiet, x: 40, 'text-anchor': 'end' }),
    ...shaded(shades, 10, 14),
    svgText(`+${Number(scale.toPrecision(2))}`, { ...quiet, x: end }),
  ];
}

/** Squares, as one path per shade. */
function shaded(shades: readonly Shade[], width: number, height: number): string[] {
  const paths = new Map<number, string[]>();
  for (const { x, y, value } of shades) {
    const shade = Math.max(-SHADES, Math.min(SHADES, Math.round(value * SHADES)));
    if (!Number.isFinite(shade) || shade === 0) continue;
    const path = paths.get(shade) ?? [];
    paths.set(shade, path);
    path.push(`M${hundredths(x)},${hundredths(y)}h${hundredths(width)}v${height}h${hundredths(-width)}z`);
  }
  return [...paths]
    .sort(([a], [b]) => a - b)
    .map(([shade, path]) =>
      element('path', {
        d: path.join(''),
        fill: paint(shade > 0 ? 'above' : 'below'),
        'fill-opacity': Math.abs(shade) / SHADES,
      }),
    );
}

/** Characters at equal distances in any font. */
function spaced(characters: readonly string[], x: number, y: number, size: number): string {
  const places = characters.map((_, i) => hundredths(x + (i + 0.5) * size)).join(' ');
  return svgText(characters.join(''), {
    x: places,
    y,
    'text-anchor': 'middle',
    'font-family': "'DejaVu Sans Mono', monospace",
    'font-size': Math.min(13, size * 1.35),
    fill: paint('text'),
    'xml:space': 'preserve',
  });
}

function hundredths(value: number): string {
  return String(Math.round(value * 100) / 100);
}
