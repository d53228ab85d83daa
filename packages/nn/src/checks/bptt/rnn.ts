/**
 * Handwritten backpropagation through time for the vanilla RNN. It imports only a few plain loops,
 * so that it is independent of the code that it checks.
 *
 * Equations (1) … (11) are those of docs/bptt.md. Names are min-char-rnn's (Karpathy, 2015). T
 * steps, B independent streams, I input features, H hidden units, V classes. Steps count from 1 as
 * in the equations: `hs[t]` is h_t and `hs[0]` the initial state; x_t, y_t and target_t are at `[t
 * - 1]`. All numbers are float64.
 */
import {
  add,
  addOuter,
  addTo,
  matrix,
  requireKeys,
  requireLists,
  requireShape,
  requireShapes,
  times,
  timesTransposed,
  zeros,
} from './plain.ts';

/** Parameters. Matrices are rows of numbers, `[out][in]` as in PyTorch. */
export interface RnnWeights {
  /** Input to hidden, `[H][I]`. */
  Wxh: number[][];
  /** Hidden to hidden, `[H][H]`. */
  Whh: number[][];
  /** Hidden to logits, `[V][H]`. */
  Why: number[][];
  /** Bias of the hidden units, `[H]`. */
  bh: number[];
  /** Bias of the logits, `[V]`. */
  by: number[];
}

/** Gradients by the names of the parameters; `h0` is that of the initial state, `[B][H]`. */
export interface RnnGradients extends RnnWeights {
  h0: number[][];
}

/** `'sum'` adds the losses of all steps and streams; `'mean'` divides that by T·B. */
export type RnnReduction = 'sum' | 'mean';

/** Results of the forward pass: states h_0 … h_T `[T + 1][B][H]`, logits y_1 … y_T `[T][B][V]`. */
export interface RnnForward {
  hs: number[][][];
  logits: number[][][];
}

/** Loss, gradients, and the values of each step. */
export interface RnnBackward {
  loss: number;
  gradients: RnnGradients;
  /** States h_0 … h_T, `[T + 1][B][H]`. */
  hs: number[][][];
  /** ∂L/∂h_0 … ∂L/∂h_T, `[T + 1][B][H]`. */
  dhs: number[][][];
  /** h_T, `[B][H]`: the initial state of the next window. */
  lastState: number[][];
}

const show = (value: unknown): string => (typeof value === 'number' ? `${value}` : typeof value);

/** A larger vocabulary is an error: V8 is slow with longer arrays, and then out of memory. */
const MOST_CLASSES = 2 ** 24;

/** A vector of `size` zeros with a 1 at `index`. `size` is at most 2²⁴. */
export function oneHot(index: number, size: number): number[] {
  if (!(Number.isInteger(index) && Number.isInteger(size) && index >= 0 && index < size))
    throw new RangeError(
      `oneHotVector: expected an integer index from 0 on, below ${show(size)}, got ${show(index)}`,
    );
  if (size <= MOST_CLASSES) return zeros(size).with(index, 1);
  throw new RangeError(`oneHotVector: expected a size of at most ${MOST_CLASSES}, got ${size}`);
}

/**
 * Runs `inputs` `[T][B][I]` from the state `h0` `[B][H]` (default zeros). Throws RangeError if
 * shapes do not fit.
 */
export function rnnForward(weights: RnnWeights, inputs: number[][][], h0?: number[][]): RnnForward {
  requireLists(weights, ['Wxh', 'Whh', 'Why', 'bh', 'by'], inputs);
  const { Wxh, Whh, Why, bh, by } = weights;
  const hs = [h0 ?? matrix(inputs[0]?.length ?? 0, bh.length)];
  const logits: number[][][] = [];
  requireShapes(1, weights, inputs, { h0: hs[0]! });

  for (let t = 1; t <= inputs.length; t++) {
    const h = inputs[t - 1]!.map((x, b) => {
      const z = add(times(Wxh, x), times(Whh, hs[t - 1]![b]!), bh); // (1) z_t = Wxh x_t + Whh h_{t−1} + bh
      return z.map(Math.tanh); //                                      (2) h_t = tanh(z_t)
    });
    hs.push(h);
    logits.push(h.map((hb) => add(times(Why, hb), by))); //            (3) y_t = Why h_t + by
  }
  return { hs, logits };
}

/**
 * Softmax cross-entropy of `logits` `[T][B][V]` and integer `targets` `[T][B]`. Throws RangeError
 * at a target outside 0 … V − 1.
 */
export function rnnLoss(logits: number[][][], targets: number[][], reduction: RnnReduction = 'mean'): number {
  requireLists({ targets }, ['targets'], logits);
  requireShape('targets', targets, [logits.length, logits[0]?.length ?? 0]);
  const each = logits.flatMap((ys, t) => ys.map((y, b) => crossEntropy(y, targets[t]![b]!).loss));
  return each.reduce((sum, loss) => sum + loss, 0) * (reduction === 'mean' ? 1 / each.length : 1);
}

/**
 * Loss and gradients of one window: forward as {@link rnnForward}, then the steps in reverse.
 * Default: `options.reduction` `'mean'`. `options.dhnext` `[B][H]` is the gradient of h_T from
 * later steps (default zeros), not scaled by the reduction. Throws RangeError if shapes do not fit
 * or a target is outside 0 … V − 1.
 */
export function rnnBackward(
  weights: RnnWeights,
  inputs: number[][][],
  targets: number[][],
  h0?: number[][],
  options: { reduction?: RnnReduction; dhnext?: number[][] } = {},
): RnnBackward {
  requireKeys('rnnBackward', options, ['reduction', 'dhnext']);
  const { hs, logits } = rnnForward(weights, inputs, h0);
  const { Whh, Why } = weights;
  const loss = rnnLoss(logits, targets, options.reduction);
  const [T, B, I] = [inputs.length, inputs[0]!.length, inputs[0]![0]!.length];
  const [H, V] = [weights.bh.length, weights.by.length];
  const scale = options.reduction === 'sum' ? 1 : 1 / (T * B);
  const [dWxh, dWhh, dWhy, dbh, dby] = [matrix(H, I), matrix(H, H), matrix(V, H), zeros(H), zeros(V)];
  requireShape('dhnext', options.dhnext ?? matrix(B, H), [B, H]);
  const dhnext = [...(options.dhnext ?? matrix(B, H))];
  const dhs: number[][][] = [];

  for (let t = T; t >= 1; t--) {
    const dhOfStreams: number[][] = [];
    for (let b = 0; b < B; b++) {
      const [x, h, hprev] = [inputs[t - 1]![b]!, hs[t]![b]!, hs[t - 1]![b]!];
      const target = targets[t - 1]![b]!;
      const { p } = crossEntropy(logits[t - 1]![b]!, target);

      const dy = p.map((pk, k) => scale * (k === target ? pk - 1 : pk)); // (6) dy_t = scale · (p_t − onehot(target_t))
      addOuter(dWhy, dy, h); //                                             (7) dWhy += dy_t h_tᵀ
      addTo(dby, dy); //                                                        dby += dy_t
      const dh = add(timesTransposed(Why, dy), dhnext[b]!); //              (8) dh_t = Whyᵀ dy_t + dhnext
      const dz = dh.map((g, i) => g * (1 - h[i]! ** 2)); //                 (9) dz_t = dh_t ⊙ (1 − h_t²)
      addOuter(dWxh, dz, x); //                                            (10) dWxh += dz_t x_tᵀ
      addOuter(dWhh, dz, hprev); //                                             dWhh += dz_t h_{t−1}ᵀ
      addTo(dbh, dz); //                                                        dbh += dz_t
      dhnext[b] = timesTransposed(Whh, dz); //                             (11) dhnext = Whhᵀ dz_t, for step t − 1
      dhOfStreams.push(dh);
    }
    dhs.unshift(dhOfStreams);
  }
  dhs.unshift(dhnext); // h_0 has no output: its gradient comes from step 1 alone.
  const gradients = { Wxh: dWxh, Whh: dWhh, Why: dWhy, bh: dbh, by: dby, h0: dhnext };
  return { loss, gradients, hs, dhs, lastState: hs[T]! };
}

/**
 * Softmax and its loss, for one vector of logits. Subtracting the largest keeps exp from
 * overflowing.
 */
export function crossEntropy(y: number[], target: number): { p: number[]; loss: number } {
  if (!(Number.isInteger(target) && target >= 0 && target < y.length)) {
    throw new RangeError(`bptt: expected an integer target from 0 to ${y.length - 1}, got ${show(target)}`);
  }
  const m = y.reduce((a, b) => Math.max(a, b));
  const e = y.map((yk) => Math.exp(yk - m));
  const sum = e.reduce((a, b) => a + b);
  const p = e.map((ek) => ek / sum); //              (4) p_t = exp(y_t) / Σ exp(y_t)
  const loss = Math.log(sum) - (y[target]! - m); //  (5) L = Σ_t −log p_t[target_t]
  return { p, loss };
}
