/**
 * Handwritten backpropagation through time for the GRU, in plain loops, in both conventions.
 * Equations (21) … (33) are those of docs/bptt.md; (3) … (8) are the RNN's, with the same output
 * layer and loss. Of two forms joined by "or", the first applies the reset gate after the recurrent
 * product, the second before.
 *
 * T steps, B independent streams, I input features, H hidden units, V classes. Steps count from 1
 * as in the equations: `hs[t]` is h_t and `hs[0]` the initial state; x_t, y_t and target_t are at
 * `[t - 1]`. All numbers are float64.
 */
import {
  add,
  addOuter,
  addTo,
  matrix,
  mul,
  oneMinus,
  requireKeys,
  requireLists,
  requireShape,
  requireShapes,
  sigmoid,
  sigmoidSlope,
  sub,
  tanh,
  tanhSlope,
  times,
  timesTransposed,
  zeros,
} from './plain.ts';
import { crossEntropy, type RnnReduction, rnnLoss } from './rnn.ts';

/** Parameters. Matrices are rows, `[out][in]`; the gates r, z, n are in order, as in PyTorch. */
export interface GruWeights {
  /** Input to gates, `[3H][I]`. */
  Wxh: number[][];
  /** Hidden to gates, `[3H][H]`. */
  Whh: number[][];
  /** Hidden to logits, `[V][H]`. */
  Why: number[][];
  /** Bias of the input's product, `[3H]`. */
  bx: number[];
  /** Bias of the hidden state's product, `[3H]`; with `'after'`, that of n is in the gate. */
  bh: number[];
  /** Bias of the logits, `[V]`. */
  by: number[];
}

/** Apply the reset gate after the recurrent product, as PyTorch, or before it, as in the paper. */
export type GruReset = 'after' | 'before';

/** Gradients by the names of the parameters; `h0` is that of the initial state, `[B][H]`. */
export interface GruGradients extends GruWeights {
  h0: number[][];
}

/** The gates of one stream at one step, `[H]` each. n is the candidate, q is Whn v + bhn. */
export interface GruGates {
  r: number[];
  z: number[];
  n: number[];
  v: number[];
  q: number[];
}

/** Results of the forward pass: states `[T + 1][B][H]`, gates `[T][B]`, logits `[T][B][V]`. */
export interface GruForward {
  hs: number[][][];
  gates: GruGates[][];
  logits: number[][][];
}

/** Loss, gradients, and the values of each step. */
export interface GruBackward extends GruForward {
  loss: number;
  gradients: GruGradients;
  /** ∂L/∂h_0 … ∂L/∂h_T, `[T + 1][B][H]`. */
  dhs: number[][][];
  /** h_T, `[B][H]`: the initial state of the next window. */
  lastState: number[][];
}

/**
 * Runs `inputs` `[T][B][I]` from the state `h0` `[B][H]` (default zeros). Throws RangeError if
 * shapes do not fit.
 */
export function gruForward(
  weights: GruWeights,
  inputs: number[][][],
  h0?: number[][],
  reset: GruReset = 'after',
): GruForward {
  requireLists(weights, ['Wxh', 'Whh', 'Why', 'bx', 'bh', 'by'], inputs);
  const { Wxh, Whh, Why, bx, bh, by } = weights;
  const after = isAfter(reset);
  const hs = [h0 ?? matrix(inputs[0]?.length ?? 0, Math.floor(bh.length / 3))];
  const gates: GruGates[][] = [];
  const logits: number[][][] = [];
  requireShapes(3, weights, inputs, { h0: hs[0]! });
  requireShape('bx', bx, [bh.length]);
  const [Wr, Wz, Wn] = gatesOf(Whh);
  const [br, bz, bn] = gatesOf(bh);

  for (let t = 1; t <= inputs.length; t++) {
    const steps = inputs[t - 1]!.map((x, b) => {
      const hprev = hs[t - 1]![b]!;
      const [ar, az, an] = gatesOf(add(times(Wxh, x), bx)); //    (21) a_t = Wxh x_t + bx
      const r = sigmoid(add(ar, times(Wr, hprev), br)); //        (22) r_t = σ(a_r + Whr h_{t−1} + bhr)
      const z = sigmoid(add(az, times(Wz, hprev), bz)); //             z_t = σ(a_z + Whz h_{t−1} + bhz)
      const v = after ? hprev : mul(r, hprev); //                 (23) v_t = h_{t−1}  or r_t ⊙ h_{t−1}
      const q = add(times(Wn, v), bn); //                         (24) q_t = Whn v_t + bhn
      const n = tanh(add(an, after ? mul(r, q) : q)); //          (25) n_t = tanh(a_n + r_t ⊙ q_t)  or tanh(a_n + q_t)
      const h = add(mul(oneMinus(z), n), mul(z, hprev)); //       (26) h_t = (1 − z_t) ⊙ n_t + z_t ⊙ h_{t−1}
      return { gates: { r, z, n, v, q }, h };
    });
    gates.push(steps.map((step) => step.gates));
    hs.push(steps.map(({ h }) => h));
    logits.push(steps.map(({ h }) => add(times(Why, h), by))); // (3) y_t = Why h_t + by
  }
  return { hs, gates, logits };
}

/**
 * Loss and gradients of one window: forward as {@link gruForward}, then the steps in reverse.
 * Defaults: `options.reset` `'after'`, `options.reduction` `'mean'`. `options.dhnext` `[B][H]` is
 * the gradient of h_T from later steps (default zeros), not scaled by the reduction. Throws
 * RangeError if shapes do not fit or a target is outside 0 … V − 1.
 */
export function gruBackward(
  weights: GruWeights,
  inputs: number[][][],
  targets: number[][],
  h0?: number[][],
  options: { reset?: GruReset; reduction?: RnnReduction; dhnext?: number[][] } = {},
): GruBackward {
  requireKeys('gruBackward', options, ['reset', 'reduction', 'dhnext']);
  const after = isAfter(options.reset ?? 'after');
  const forward = gruForward(weights, inputs, h0, options.reset);
  const { Whh, Why } = weights;
  const { hs, gates, logits } = forward;
  const loss = rnnLoss(logits, targets, options.reduction);
  const [T, B, I] = [inputs.length, inputs[0]!.length, inputs[0]![0]!.length];
  const [H, V] = [weights.bh.length / 3, weights.by.length];
  const scale = options.reduction === 'sum' ? 1 : 1 / (T * B);
  const [dWxh, dWhh, dbx, dbh] = [matrix(3 * H, I), matrix(3 * H, H), zeros(3 * H), zeros(3 * H)];
  const [dWhy, dby] = [matrix(V, H), zeros(V)];
  requireShape('dhnext', options.dhnext ?? matrix(B, H), [B, H]);
  const dhnext = [...(options.dhnext ?? matrix(B, H))];
  const dhs: number[][][] = [];
  const [Wr, Wz, Wn] = gatesOf(Whh);
  const [dWr, dWz, dWn] = gatesOf(dWhh);

  for (let t = T; t >= 1; t--) {
    dhs.unshift([]);
    for (let b = 0; b < B; b++) {
      const [x, hprev] = [inputs[t - 1]![b]!, hs[t - 1]![b]!];
      const { r, z, n, v, q } = gates[t - 1]![b]!;
      const target = targets[t - 1]![b]!;
      const { p } = crossEntropy(logits[t - 1]![b]!, target);

      const dy = p.map((pk, k) => scale * (k === target ? pk - 1 : pk)); //  (6) dy_t = scale · (p_t − onehot(target_t))
      addOuter(dWhy, dy, hs[t]![b]!); //                                     (7) dWhy += dy_t h_tᵀ
      addTo(dby, dy); //                                                         dby += dy_t
      const dh = add(timesTransposed(Why, dy), dhnext[b]!); //               (8) dh_t = Whyᵀ dy_t + dhnext
      const dan = mul(dh, oneMinus(z), tanhSlope(n)); //                    (27) da_n = dh_t ⊙ (1 − z_t) ⊙ (1 − n_t²)
      const daz = mul(dh, sub(hprev, n), sigmoidSlope(z)); //               (28) da_z = dh_t ⊙ (h_{t−1} − n_t) ⊙ z_t ⊙ (1 − z_t)
      const dq = after ? mul(dan, r) : dan; //                              (29) dq = da_n ⊙ r_t  or da_n
      const dv = timesTransposed(Wn, dq); //                                (30) dv = Whnᵀ dq
      const dr = after ? mul(dan, q) : mul(dv, hprev); //                   (31) dr = da_n ⊙ q_t  or dv ⊙ h_{t−1}
      const dar = mul(dr, sigmoidSlope(r)); //                                   da_r = dr ⊙ r_t ⊙ (1 − r_t)
      addOuter(dWxh, [...dar, ...daz, ...dan], x); //                       (32) dWxh += [da_r, da_z, da_n] x_tᵀ
      addTo(dbx, [...dar, ...daz, ...dan]); //                                   dbx  += [da_r, da_z, da_n]
      addOuter(dWr, dar, hprev); //                                              dWhr += da_r h_{t−1}ᵀ
      addOuter(dWz, daz, hprev); //                                              dWhz += da_z h_{t−1}ᵀ
      addOuter(dWn, dq, v); //                                                   dWhn += dq v_tᵀ
      addTo(dbh, [...dar, ...daz, ...dq]); //                                    dbh  += [da_r, da_z, dq]
      const gated = add(timesTransposed(Wr, dar), timesTransposed(Wz, daz));
      // (33) dhnext = dh_t ⊙ z_t + Whrᵀ da_r + Whzᵀ da_z + dv  or r_t ⊙ dv, for step t − 1
      dhnext[b] = add(mul(dh, z), gated, after ? dv : mul(r, dv));
      dhs[0]!.push(dh);
    }
  }
  dhs.unshift(dhnext); // h_0 has no output: its gradient comes from step 1 alone.
  const gradients = { Wxh: dWxh, Whh: dWhh, Why: dWhy, bx: dbx, bh: dbh, by: dby, h0: dhnext };
  return { loss, gradients, ...forward, dhs, lastState: hs[T]! };
}

/** The rows of r, z and n. Those of a matrix are references, not copies. */
function gatesOf<Row>(rows: Row[]): [r: Row[], z: Row[], n: Row[]] {
  const H = rows.length / 3;
  return [rows.slice(0, H), rows.slice(H, 2 * H), rows.slice(2 * H)];
}

function isAfter(reset: GruReset): boolean {
  if (reset === 'after' || reset === 'before') return reset === 'after';
  throw new RangeError(`bptt: expected reset 'after' or 'before', got ${reset}`);
}
