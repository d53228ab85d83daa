import { Random } from '@chronograd/tensor';
import fc from 'fast-check';
import { gruBackward, gruForward } from '../../../src/checks/bptt/gru.ts';
import { lstmBackward, lstmForward } from '../../../src/checks/bptt/lstm.ts';
import { oneHot, type RnnReduction, rnnLoss } from '../../../src/checks/bptt/rnn.ts';

/** The gated recurrences that are written out by hand. */
export const kinds = ['LSTM', 'GRU, reset after', 'GRU, reset before'] as const;
export type Kind = (typeof kinds)[number];

/** Matrices by name; a bias is a matrix of one row. */
export type Tree = Record<string, number[][]>;

/**
 * A whole problem of any size. Every kind has two biases, `bx` and `bh`; handwritten LSTMs add them
 * up.
 */
export interface GatedProblem {
  readonly kind: Kind;
  readonly weights: {
    Wxh: number[][];
    Whh: number[][];
    Why: number[][];
    bx: number[][];
    bh: number[][];
    by: number[][];
  };
  readonly ids: number[][];
  /** `ids` as one-hot vectors; or any numbers. */
  readonly inputs: number[][][];
  readonly targets: number[][];
  /** The initial state. A GRU has no use for c. */
  readonly h0: number[][];
  readonly c0: number[][];
  /** What arrives at the last state from after the window. */
  readonly dhnext: number[][];
  readonly dcnext: number[][];
  readonly reduction: RnnReduction;
}

interface Limits {
  readonly steps?: number;
  readonly batch?: number;
  readonly size?: number;
  /** Weights are drawn from ± up to one of these. */
  readonly scales?: readonly number[];
}

/**
 * Problems of any size up to the limits. Sizes are drawn by fast-check, so that a counterexample
 * shrinks to a small one; numbers come from a seed, and have few bits, so that float32 has them
 * exactly.
 */
export function gatedProblems(
  kind: Kind,
  { steps = 25, batch = 4, size = 12, scales = [0.25, 0.5, 1, 1.5] }: Limits = {},
): fc.Arbitrary<GatedProblem> {
  const upTo = (max: number) => fc.integer({ min: 1, max });
  return fc
    .record({
      T: upTo(steps),
      B: upTo(batch),
      I: upTo(size),
      H: upTo(size),
      V: upTo(size),
      scale: fc.constantFrom(...scales),
      dense: fc.boolean(),
      continued: fc.boolean(),
      reduction: fc.constantFrom<RnnReduction>('sum', 'mean'),
      seed: fc.nat(),
    })
    .map(({ T, B, I, H, V, scale, dense, continued, reduction, seed }) => {
      const random = new Random(seed);
      const times = <A>(n: number, item: () => A): A[] => Array.from({ length: n }, item);
      const matrix = (rows: number, columns: number, limit: number) =>
        times(rows, () =>
          times(columns, () => (limit * Math.round((2 * random.uniform() - 1) * 1024)) / 1024),
        );
      const ids = times(T, () => times(B, () => random.integer(I)));
      const rows = (kind === 'LSTM' ? 4 : 3) * H;
      const after = continued ? 1 : 0;
      return {
        kind,
        weights: {
          Wxh: matrix(rows, I, scale),
          Whh: matrix(rows, H, scale),
          Why: matrix(V, H, scale),
          bx: matrix(1, rows, scale),
          bh: matrix(1, rows, scale),
          by: matrix(1, V, scale),
        },
        ids,
        inputs: dense ? ids.map(() => matrix(B, I, 2)) : ids.map((row) => row.map((id) => oneHot(id, I))),
        targets: times(T, () => times(B, () => random.integer(V))),
        h0: matrix(B, H, 1),
        c0: matrix(B, H, 2),
        dhnext: matrix(B, H, after),
        dcnext: matrix(B, H, after),
        reduction,
      };
    });
}

const inner = (a: number[][], b: number[][]): number =>
  a.flat().reduce((sum, x, k) => sum + x * b.flat()[k]!, 0);

const lstmWeights = ({ weights: { bx, bh, by, ...matrices } }: GatedProblem) => ({
  ...matrices,
  bh: bh[0]!.map((b, k) => b + bx[0]![k]!),
  by: by[0]!,
});
const gruWeights = ({ weights: { bx, bh, by, ...matrices } }: GatedProblem) => ({
  ...matrices,
  bx: bx[0]!,
  bh: bh[0]!,
  by: by[0]!,
});
const resetOf = ({ kind }: GatedProblem) => (kind === 'GRU, reset after' ? 'after' : 'before');

/** What both sides give: the number that is differentiated, states, and gradients by name. */
export interface GatedResult {
  readonly value: number;
  /** h_T, and c_T of an LSTM. */
  readonly state: Tree;
  readonly gradients: Tree;
}

/**
 * By hand: loss, ⟨dhnext, h_T⟩ and ⟨dcnext, c_T⟩ added up, with gradients; and the record of every
 * state's gradient.
 */
export function gatedByHand(p: GatedProblem): GatedResult & { readonly records: Tree[] } {
  const { inputs, targets, h0, c0, reduction, dhnext, dcnext } = p;
  if (p.kind === 'LSTM') {
    const { loss, lastState, gradients, dhs, dcs } = lstmBackward(
      lstmWeights(p),
      inputs,
      targets,
      { h: h0, c: c0 },
      { reduction, dhnext, dcnext },
    );
    const { bh, by, ...rest } = gradients;
    return {
      value: loss + inner(dhnext, lastState.h) + inner(dcnext, lastState.c),
      state: { ...lastState },
      gradients: { ...rest, bx: [bh], bh: [bh], by: [by] },
      records: dhs.map((h, t) => ({ h, c: dcs[t]! })),
    };
  }
  const options = { reset: resetOf(p), reduction, dhnext } as const;
  const { loss, lastState, gradients, dhs } = gruBackward(gruWeights(p), inputs, targets, h0, options);
  const { bx, bh, by, ...rest } = gradients;
  return {
    value: loss + inner(dhnext, lastState),
    state: { h: lastState },
    gradients: { ...rest, bx: [bx], bh: [bh], by: [by] },
    records: dhs.map((h) => ({ h })),
  };
}

/** The number alone, by the handwritten forward pass. */
export function gatedObjective(p: GatedProblem): number {
  const { inputs, targets, h0, c0, reduction, dhnext, dcnext } = p;
  if (p.kind === 'LSTM') {
    const { hs, cs, logits } = lstmForward(lstmWeights(p), inputs, { h: h0, c: c0 });
    return rnnLoss(logits, targets, reduction) + inner(dhnext, hs.at(-1)!) + inner(dcnext, cs.at(-1)!);
  }
  const { hs, logits } = gruForward(gruWeights(p), inputs, h0, resetOf(p));
  return rnnLoss(logits, targets, reduction) + inner(dhnext, hs.at(-1)!);
}

/** All that a problem is differentiated by; what is written there changes the problem. */
export function gatedParameters({ kind, weights, h0, c0 }: GatedProblem): Tree {
  return { ...weights, h0, ...(kind === 'LSTM' ? { c0 } : {}) };
}

/** Part of the sequence, from step `start` up to, not including, step `end`. */
export function gatedWindow(p: GatedProblem, start: number, end?: number): GatedProblem {
  const [ids, inputs, targets] = [p.ids, p.inputs, p.targets].map((each) => each.slice(start, end)) as [
    number[][],
    number[][][],
    number[][],
  ];
  return { ...p, ids, inputs, targets };
}

/** One stream alone. */
export function gatedStream(p: GatedProblem, b: number): GatedProblem {
  const pick = <A>(rows: A[]): A[] => [rows[b]!];
  return {
    ...p,
    ids: p.ids.map(pick),
    inputs: p.inputs.map(pick),
    targets: p.targets.map(pick),
    h0: pick(p.h0),
    c0: pick(p.c0),
    dhnext: pick(p.dhnext),
    dcnext: pick(p.dcnext),
  };
}
