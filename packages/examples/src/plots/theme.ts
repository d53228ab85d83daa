/**
 * The colors of all plots. An *ink* names a color on light pages and one on dark pages. The seven
 * hues follow Okabe and Ito (2008), adjusted so that lines have a contrast of 3 : 1 with the page,
 * and any two stay distinct for color-blind readers. A test measures both. Text has darker or
 * lighter variants of the same hue, at 4.5 : 1.
 */

/** Name of a color, resolved when a figure is written. */
export type Ink = (typeof INKS)[number];

const INKS = [
  'page',
  'text',
  'quiet',
  'grid',
  'blue',
  'orange',
  'green',
  'purple',
  'red',
  'sky',
  'gray',
  'blueText',
  'orangeText',
  'greenText',
  'purpleText',
  'redText',
  'skyText',
  'grayText',
  'above',
  'below',
] as const;

export type Theme = 'light' | 'dark';

/**
 * Color of each ink. `above` and `below` are backgrounds of text, for positive and negative values.
 */
export const COLORS: Readonly<Record<Theme, Readonly<Record<Ink, string>>>> = {
  light: {
    page: '#ffffff',
    text: '#1b1f24',
    quiet: '#5b6470',
    grid: '#e3e6ea',
    blue: '#00499b',
    orange: '#ca7c00',
    green: '#40a277',
    purple: '#b155a3',
    red: '#b62e03',
    sky: '#2d97e8',
    gray: '#636363',
    blueText: '#00499b',
    orangeText: '#8f5700',
    greenText: '#1f7350',
    purpleText: '#9b3f8d',
    redText: '#a82a02',
    skyText: '#1a6fb3',
    grayText: '#5a5f66',
    above: '#3d9be9',
    below: '#dd7a1a',
  },
  dark: {
    page: '#14171b',
    text: '#e6e9ed',
    quiet: '#a3abb5',
    grid: '#2c3238',
    blue: '#3e8bf1',
    orange: '#f0a10f',
    green: '#6cf09b',
    purple: '#d685b5',
    red: '#e23c06',
    sky: '#57d1fe',
    gray: '#797979',
    blueText: '#6ba7f6',
    orangeText: '#f4b544',
    greenText: '#6cf09b',
    purpleText: '#e0a0c6',
    redText: '#f5744a',
    skyText: '#7fddff',
    grayText: '#a0a4aa',
    above: '#1b62b5',
    below: '#b0400f',
  },
};

/** Inks of series, in order. */
export const SERIES_INKS: readonly SeriesInk[] = ['blue', 'red', 'green', 'purple', 'orange', 'sky', 'gray'];
export type SeriesInk = 'blue' | 'orange' | 'green' | 'purple' | 'red' | 'sky' | 'gray';

/** Ink of the i-th series. Repeats after the seventh. */
export function seriesInk(i: number): SeriesInk {
  return SERIES_INKS[i % SERIES_INKS.length]!;
}

/** Ink for text about a series. */
export function textInk(ink: SeriesInk): Ink {
  return `${ink}Text`;
}

/** An ink in a drawing: a CSS variable that the page sets, see {@link adaptiveColors}. */
export function paint(ink: Ink): string {
  return `var(--ink-${ink})`;
}

const VARIABLE = /var\(--ink-(\w+)\)/g;

/** A drawing in the colors of a theme, for a separate file. */
export function withTheme(svg: string, theme: Theme): string {
  return svg.replace(VARIABLE, (_, ink: Ink) => COLORS[theme][ink]);
}

/** A drawing in CSS variables, with the light color for renderers that do not support them. */
export function withFallbacks(svg: string): string {
  return svg.replace(VARIABLE, (variable, ink: Ink) => `${variable.slice(0, -1)}, ${COLORS.light[ink]})`);
}

/** Declarations of all inks, for a style sheet. */
export function themeVariables(theme: Theme): string {
  return INKS.map((ink) => `--ink-${ink}:${COLORS[theme][ink]}`).join(';');
}

/** Rules of a style sheet that declare all inks by the reader's color scheme. */
export function adaptiveColors(): string {
  return `:root{${themeVariables('light')}}@media (prefers-color-scheme: dark){:root{${themeVariables('dark')}}}`;
}

/** DejaVu Sans is wide: text that fits in it also fits in a browser's other fonts. */
export const FONT = "'DejaVu Sans', Verdana, 'Segoe UI', system-ui, sans-serif";
export const FONT_SIZE = 13;
/** For ticks and names of lines. */
export const LABEL_SIZE = 12;

/** Approximate width of text, in pixels. */
export function textWidth(text: string, size: number = FONT_SIZE): number {
  return [...text].length * size * 0.6;
}
