/**
 * One look for every plot. Marks are drawn in *inks*: names that stand for a color on a light page and one on a dark page. The seven hues
 * are those of Okabe and Ito (2008), which stay apart for every common kind of color blindness; their words are darker or lighter
 * forms of the same hue, legible at text size.
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
] as const;

/** A page that figures stand on. */
export type Theme = 'light' | 'dark';

/** Each ink's color. */
export const COLORS: Readonly<Record<Theme, Readonly<Record<Ink, string>>>> = {
  light: {
    page: '#ffffff',
    text: '#1b1f24',
    quiet: '#5b6470',
    grid: '#e3e6ea',
    blue: '#0072b2',
    orange: '#e69f00',
    green: '#009e73',
    purple: '#cc79a7',
    red: '#d55e00',
    sky: '#56b4e9',
    gray: '#8a929c',
    blueText: '#00619a',
    orangeText: '#8f6200',
    greenText: '#007455',
    purpleText: '#a2477a',
    redText: '#b04d00',
    skyText: '#1f77ae',
    grayText: '#5f6770',
  },
  dark: {
    page: '#14171b',
    text: '#e6e9ed',
    quiet: '#a3abb5',
    grid: '#2c3238',
    blue: '#3794d2',
    orange: '#e69f00',
    green: '#12b184',
    purple: '#d98bb5',
    red: '#e8722a',
    sky: '#8fd0f7',
    gray: '#8a929c',
    blueText: '#62b3ea',
    orangeText: '#f0b63c',
    greenText: '#35cb9f',
    purpleText: '#e6a5c8',
    redText: '#f79157',
    skyText: '#a9dcfa',
    grayText: '#aab2bb',
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

/** A drawing with the colors of a theme, for a file that stands alone. */
export function withTheme(svg: string, theme: Theme): string {
  return svg.replace(/var\(--ink-(\w+)\)/g, (_, ink: Ink) => COLORS[theme][ink]);
}

/** Declarations of all inks, for a style sheet. */
export function themeVariables(theme: Theme): string {
  return INKS.map((ink) => `--ink-${ink}:${COLORS[theme][ink]}`).join(';');
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
