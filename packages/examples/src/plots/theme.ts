/**
 * One look for every plot. Marks are drawn in *inks*: names that stand for a color on a light page and one on a dark page. The seven hues follow
 * those of Okabe and Ito (2008), moved so that each line has a contrast of 3 : 1 with its page, and that any two stay apart for those who do not
 * see red or green as most do: a test measures both. Words have darker or lighter forms of the same hue, at 4.5 : 1.
 */

/** A name for a color, resolved when a figure is written. */
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

/** A page that figures stand on. */
export type Theme = 'light' | 'dark';

/** Each ink's color. `above` and `below` are backgrounds of words, for values above 0 and below. */
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

/** The inks that things compared get, in this order. */
export const SERIES_INKS: readonly SeriesInk[] = ['blue', 'red', 'green', 'purple', 'orange', 'sky', 'gray'];
export type SeriesInk = 'blue' | 'orange' | 'green' | 'purple' | 'red' | 'sky' | 'gray';

/** The ink of the i-th of things compared; they begin again after the seventh. */
export function seriesInk(i: number): SeriesInk {
  return SERIES_INKS[i % SERIES_INKS.length]!;
}

/** The ink for words about what is drawn in another. */
export function wordsInk(ink: SeriesInk): Ink {
  return `${ink}Text`;
}

/** An ink as a drawing has it: a CSS variable of {@link themeVariables}, so that the page around it decides on the color. */
export function paint(ink: Ink): string {
  return `var(--ink-${ink})`;
}

const VARIABLE = /var\(--ink-(\w+)\)/g;

/** A drawing in the colors of a theme, for a file that stands alone. */
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

/** DejaVu Sans is wide: words that fit in it fit in whatever a browser has in its place. */
export const FONT = "'DejaVu Sans', Verdana, 'Segoe UI', system-ui, sans-serif";
export const FONT_SIZE = 13;
/** Of ticks, and of names at lines. */
export const LABEL_SIZE = 12;

/** About how wide words are, in pixels. */
export function textWidth(words: string, size: number = FONT_SIZE): number {
  return [...words].length * size * 0.6;
}
