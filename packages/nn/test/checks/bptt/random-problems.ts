import { Random } from '@chronograd/tensor';
import fc from 'fast-check';
import { oneHot, type RnnReduction } from '../../../src/checks/bptt/rnn.ts';
import type { Problem } from './problems.ts';

/**
 * A problem whose inputs are characters: `ids` are the indices that `inputs` has as one-hot
 * vectors.
 */
export interface TextProblem extends Problem {
  ids: number[][];
}

/** The largest sizes and weights that a problem may have. */
export interface Limits {
  readonly steps: number;
  readonly batch: number;
  readonly size: number;
  /** Weights are drawn evenly from ± up to this; at 1.5 many units are saturated. */
  readonly scale: number;
}

const whole: Limits = { steps: 25, batch: 4, size: 16, scale: 1.5 };

/**
 * Problems of any size up to the limits. Sizes are drawn by fast-check, so that a counterexample
 * shrinks to a small one; numbers come from a seed, and are multiples of 1/1024, so that float32
 * has them exactly.
 */
export function randomProblems(limits: Partial<Limits> = {}): fc.Arbitrary<TextProblem> {
  const { steps, batch, size, scale } = { ...whole, ...limits };
  const upTo = (max: number) => fc.integer({ min: 1, max });
  return fc
    .record({
      T: upTo(steps),
      B: upTo(batch),
      I: upTo(size),
      H: upTo(size),
      V: upTo(size),
      scale: fc.integer({ min: 1, max: 15 }).map((tenths) => (scale * tenths) / 15),
      reduction: fc.constantFrom<RnnReduction>('sum', 'mean'),
      seed: fc.nat(),
    })
    .map(problemOf);
}

interface Draw {
  readonly T: number;
  readonly B: number;
  readonly I: number;
  readonly H: number;
  readonly V: number;
  readonly scale: number;
  readonly reduction: RnnReduction;
  readonly seed: number;
}

function problemOf({ T, B, I, H, V, scale, reduction, seed }: Draw): TextProblem {
  const random = new Random(seed);
  const times = <A>(n: number, item: () => A): A[] => Array.from({ length: n }, item);
  const number = (limit: number) => Math.round((2 * random.uniform() - 1) * limit * 1024) / 1024;
  const matrix = (rows: number, columns: number, limit: number) =>
    times(rows, () => times(columns, () => number(limit)));
  const ids = times(T, () => times(B, () => random.integer(I)));
  return {
    weights: {
      Wxh: matrix(H, I, scale),
      Whh: matrix(H, H, scale),
      Why: matrix(V, H, scale),
      bh: times(H, () => number(scale)),
      by: times(V, () => number(scale)),
    },
    ids,
    inputs: ids.map((row) => row.map((id) => oneHot(id, I))),
    targets: times(T, () => times(B, () => random.integer(V))),
    h0: matrix(B, H, 1),
    dhnext: matrix(B, H, 0),
    reduction,
  };
}

/** The same problem with inputs that are no characters: any numbers. */
export function dense(p: TextProblem, seed = 1): TextProblem {
  const random = new Random(seed);
  return {
    ...p,
    inputs: p.inputs.map((xs) => xs.map((x) => x.map(() => Math.round(random.normal() * 1024) / 1024))),
  };
}

/** The same problem with something after it, which sends a gradient back to the last state. */
export function continued(p: TextProblem, seed = 2): TextProblem {
  const random = new Random(seed);
  return { ...p, dhnext: p.dhnext.map((row) => row.map(() => Math.round(random.normal() * 1024) / 1024)) };
}

/** Part of the sequence, from step `start` up to, not including, step `end`. */
export function window(p: TextProblem, start: number, end?: number): TextProblem {
  return {
    ...p,
    ids: p.ids.slice(start, end),
    inputs: p.inputs.slice(start, end),
    targets: p.targets.slice(start, end),
  };
}

/** Some of the streams, in the order named. */
export function streams(p: TextProblem, order: readonly number[]): TextProblem {
  const pick = <A>(rows: A[]): A[] => order.map((b) => rows[b]!);
  return {
    ...p,
    ids: p.ids.map(pick),
    inputs: p.inputs.map(pick),
    targets: p.targets.map(pick),
    h0: pick(p.h0),
    dhnext: pick(p.dhnext),
  };
}
