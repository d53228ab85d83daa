import type { RnnWeights } from '../../nn/src/checks/bptt/rnn.ts';

/** Names of the parameters, in the order in which they are drawn. */
export const names = ['Wxh', 'Whh', 'Why', 'bh', 'by'] as const;

/** What a point of the golden fixtures is drawn from; see the head of `scripts/golden.py`. */
export interface Drawn {
  seed: number;
  /** Standard deviation of each parameter. */
  scales: Record<(typeof names)[number], number>;
  /** Upper end of each parameter's Adagrad accumulators. */
  accumulators: Record<(typeof names)[number], number>;
  /** The hidden state lies in (−hiddenScale, hiddenScale). */
  hiddenScale: number;
}

/** What {@link draw} gives: matrices as rows, `hidden` as `[H]`. */
export interface Draw {
  weights: RnnWeights;
  accumulators: RnnWeights;
  hidden: number[];
}

/** Uniform numbers in [0, 1) with 32 bits: mulberry32 (Tommy Ettinger, 2017). */
export function mulberry32(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let z = Math.imul(state ^ (state >>> 15), state | 1);
    z ^= z + Math.imul(z ^ (z >>> 7), z | 61);
    return ((z ^ (z >>> 14)) >>> 0) / 2 ** 32;
  };
}

/**
 * Weights, accumulators and a hidden state for `hidden` units and `classes` characters: the same
 * bits as golden.py's.
 */
export function draw(
  { seed, scales, accumulators, hiddenScale }: Drawn,
  hidden: number,
  classes: number,
): Draw {
  const uniform = mulberry32(seed);
  const vector = (size: number, value: (u: number) => number) =>
    Array.from({ length: size }, () => value(uniform()));
  const matrix = (rows: number, columns: number, value: (u: number) => number) =>
    Array.from({ length: rows }, () => vector(columns, value));
  const parameters = (value: (name: (typeof names)[number], u: number) => number): RnnWeights => ({
    Wxh: matrix(hidden, classes, (u) => value('Wxh', u)),
    Whh: matrix(hidden, hidden, (u) => value('Whh', u)),
    Why: matrix(classes, hidden, (u) => value('Why', u)),
    bh: vector(hidden, (u) => value('bh', u)),
    by: vector(classes, (u) => value('by', u)),
  });
  return {
    weights: parameters((name, u) => (2 * u - 1) * (scales[name] * Math.sqrt(3))),
    accumulators: parameters((name, u) => u * accumulators[name]),
    hidden: vector(hidden, (u) => (2 * u - 1) * hiddenScale),
  };
}
