import fc from 'fast-check';
import {
  type RnnGradients,
  type RnnReduction,
  type RnnWeights,
  rnnForward,
  rnnLoss,
} from '../../../src/checks/bptt/rnn.ts';

/** A whole problem of any size. `dhnext` stands for everything that comes after the window. */
export interface Problem {
  weights: RnnWeights;
  inputs: number[][][];
  targets: number[][];
  h0: number[][];
  dhnext: number[][];
  reduction: RnnReduction;
}

const size = (max: number) => fc.integer({ min: 1, max });
const many = <A>(n: number, item: fc.Arbitrary<A>) => fc.array(item, { minLength: n, maxLength: n });
const vector = (n: number) =>
  many(
    n,
    fc.integer({ min: -999, max: 999 }).map((x) => x / 1000),
  );
const matrix = (rows: number, columns: number) => many(rows, vector(columns));

/**
 * Problems of up to 8 steps, 4 streams, 5 inputs, 6 hidden units and 6 classes, with numbers of
 * three decimals in (−1, 1).
 */
export const problems: fc.Arbitrary<Problem> = fc
  .record({ T: size(8), B: size(4), I: size(5), H: size(6), V: size(6) })
  .chain(({ T, B, I, H, V }) =>
    fc.record({
      weights: fc.record({
        Wxh: matrix(H, I),
        Whh: matrix(H, H),
        Why: matrix(V, H),
        bh: vector(H),
        by: vector(V),
      }),
      inputs: many(T, matrix(B, I)),
      targets: many(T, many(B, fc.nat(V - 1))),
      h0: matrix(B, H),
      dhnext: matrix(B, H),
      reduction: fc.constantFrom('sum', 'mean'),
    }),
  );

/**
 * The number whose gradient a backward pass gives: the loss, and ⟨dhnext, h_T⟩ in place of what
 * comes after.
 */
export function objective({ weights, inputs, targets, h0, dhnext, reduction }: Problem): number {
  const { hs, logits } = rnnForward(weights, inputs, h0);
  const arriving = dhnext.flat();
  const after = hs
    .at(-1)!
    .flat()
    .map((h, i) => h * arriving[i]!);
  return after.reduce((a, b) => a + b, rnnLoss(logits, targets, reduction));
}

/**
 * ∂f/∂(each number of `rows`), which `f` reads in place, by seven-point differences (weights:
 * Fornberg, 1988). The formula's own error is of order step⁶, and rounding adds about 1e-16 / step;
 * this step keeps both small over all the sizes above.
 */
export function differences(rows: number[][], f: () => number): number[][] {
  const step = 1.5e-3;
  return rows.map((row) =>
    row.map((x, j) => {
      const at = (n: number) => {
        row[j] = x + n * step;
        return f();
      };
      const slope = (45 * (at(1) - at(-1)) - 9 * (at(2) - at(-2)) + (at(3) - at(-3))) / (60 * step);
      row[j] = x;
      return slope;
    }),
  );
}

/**
 * The numbers of a tree of weights or gradients, parameter by parameter, as rows that can be
 * written to.
 */
export function parameters(tree: RnnGradients): number[][][] {
  return [tree.Wxh, tree.Whh, tree.Why, [tree.bh], [tree.by], tree.h0];
}

/**
 * Largest difference, relative to the largest expected element. A gradient that is almost zero is
 * checked against 1e-3 times the tolerance in absolute terms: below that, differences have no
 * digits left.
 */
export function worstError(actual: number[][], wanted: number[][]): number {
  const [a, b] = [actual.flat(), wanted.flat()];
  if (a.length !== b.length) return Number.POSITIVE_INFINITY;
  const scale = Math.max(1e-3, ...b.map(Math.abs));
  return Math.max(...a.map((x, i) => Math.abs(x - b[i]!))) / scale;
}

/** The largest {@link worstError} of any parameter. */
export function worstOf(actual: RnnGradients, wanted: number[][][]): number {
  return Math.max(...parameters(actual).map((rows, k) => worstError(rows, wanted[k]!)));
}
