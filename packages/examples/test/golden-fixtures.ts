import { readFileSync } from 'node:fs';
import { type Drawn, mulberry32, type names } from './golden-generator.ts';

/** A large array in short; see the head of `scripts/golden.py`. */
export interface Check {
  index: number[];
  value: number[];
  sum: number;
  sumAbs: number;
  maxAbs: number;
  dot: number;
}

/** A {@link Check} of each parameter. */
export type Checks = Record<(typeof names)[number], Check>;

/**
 * Settings of a preset: hidden units, steps of a window, Adagrad's rate and ε (inside the root),
 * clip by value at ±clip.
 */
export interface Settings {
  hidden: number;
  steps: number;
  lr: number;
  clip: number;
  epsilon: number;
}

/**
 * One point of a preset: where it starts, and what one step makes of it. Gradients are those before
 * clipping.
 */
export interface Point extends Drawn {
  iteration: number;
  position: number;
  loss: number;
  clipped: number;
  gradients: Checks;
  after: { weights: Checks; accumulators: Checks; hidden: Check };
}

/** The run of the preset `notebook`. Iterations in `resets` start from zeros at position 0. */
export interface Notebook extends Settings {
  start: Drawn;
  resets: number[];
  losses: number[];
  smoothed: number;
  final: { weights: Checks; accumulators: Checks; hidden: number[] };
}

const checkSeed = 7;

const read = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`./fixtures/${name}.json`, import.meta.url), 'utf8'));

/** The text of all fixtures; `ids` are its characters' places in `characters`. */
export function goldenText(): {
  text: string;
  characters: string;
  ids: number[];
  draws: { seed: number; first: number[] };
} {
  const fixture = read('text') as {
    text: string;
    characters: string;
    draws: { seed: number; first: number[] };
  };
  return { ...fixture, ids: [...fixture.text].map((character) => fixture.characters.indexOf(character)) };
}

export function goldenNotebook(): Notebook {
  return read('notebook') as Notebook;
}

/** Presets by name, with their points at iterations 0, 100 and 1,000. */
export function goldenPresets(): Record<string, Settings & { points: Point[] }> {
  return (read('presets') as { presets: Record<string, Settings & { points: Point[] }> }).presets;
}

/**
 * Largest relative error of `values` (row by row) against a check: elements against the largest,
 * sums against the sum of magnitudes.
 */
export function worstError(values: ArrayLike<number>, check: Check): number {
  const uniform = mulberry32(checkSeed);
  const sums = { sum: 0, sumAbs: 0, dot: 0 };
  let maxAbs = 0;
  for (const x of Array.from(values)) {
    sums.sum += x;
    sums.sumAbs += Math.abs(x);
    sums.dot += x * (2 * uniform() - 1);
    maxAbs = Math.max(maxAbs, Math.abs(x));
  }
  const elements = check.index.map((i, k) => Math.abs((values[i] ?? Number.NaN) - check.value[k]!));
  const totals = [sums.sum - check.sum, sums.sumAbs - check.sumAbs, sums.dot - check.dot].map(Math.abs);
  return Math.max(
    ...[...elements, Math.abs(maxAbs - check.maxAbs)].map((error) => error / check.maxAbs),
    ...totals.map((error) => error / check.sumAbs),
  );
}
