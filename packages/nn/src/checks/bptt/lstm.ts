/**
 * Handwritten backpropagation through time for the LSTM, in plain loops. Equations (12) … (20) are
 * those of docs/bptt.md; (3) … (8) are the RNN's, with the same output layer and loss.
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
  requireKeys,
  requireLists,
  requireShape,
  requireShapes,
  sigmoid,
  sigmoidSlope,
  tanh,
  tanhSlope,
  times,
  timesTransposed,
  zeros,
} from './plain.ts';
import { crossEntropy, type RnnReduction, rnnLoss } from './rnn.ts';

/** Parameters. Matrices are rows, `[out][in]`; the gates are i, f, g, o, as in PyTorch. */
export interface LstmWeights {
  /** Input to gates, `[4H][I]`. */
  Wxh: number[][];
  /** Hidden to gates, `[4H][H]`. */
  Whh: number[][];
  /** Hidden to logits, `[V][H]`. */
  Why: number[][];
  /** Bias of the gates, `[4H]`. */
  bh: number[];
  /** Bias of the logits, `[V]`. */
  by: number[];
}

/**
 * Gradients by the names of the parameters; `h0` and `c0` are those of the initial state, `[B][H]`.
 */
export interface LstmGradients extends LstmWeights {
  h0: number[][];
  c0: number[][];
}

/** What one step passes to the next: hidden state and cell state, `[B][H]` each. */
export interface LstmCarry {
  h: number[][];
  c: number[][];
}

/** The gates of one stream at one step, `[H]` each; g is the candidate. */
export interface LstmGates {
  i: number[];
  f: number[];
  g: number[];
  o: number[];
}

/** Results of the forward pass: states `[T + 1][B][H]`, gates `[T][B]`, logits `[T][B][V]`. */
export interface LstmForward {
  hs: number[][][];
  cs: number[][][];
  gates: LstmGates[][];
  logits: number[][][];
}

/** Loss, gradients, and the values of each step. */
export interface LstmBackward extends LstmForward {
  loss: number;
  gradients: LstmGradients;
  /** ∂L/∂h_0 … ∂L/∂h_T, `[T + 1][B][H]`. */
  dhs: number[][][];
  /** ∂L/∂c_0 … ∂L/∂c_T, `[T + 1][B][H]`: over all paths, including that through h_t. */
  dcs: number[][][];
  /** h_T and c_T: the initial state of the next window. */
  lastState: LstmCarry;
}

/**
 * Runs `inputs` `[T][B][I]` from the state `initial` (default zeros). Throws RangeError if shapes
 * do not fit.
 */
export function lstmForward(weights: LstmWeights, inputs: number[][][], initial?: LstmCarry): LstmForward {
  requireLists(weights, ['Wxh', 'Whh', 'Why', 'bh', 'by'], inputs);
  const { Wxh, Whh, Why, bh, by } = weights;
  const [B, H] = [inputs[0]?.length ?? 0, Math.floor(bh.length / 4)];
  const hs = [initial?.h ?? matrix(B, H)];
  const cs = [initial?.c ?? matrix(B, H)];
  const gates: LstmGates[][] = [];
  const logits: number[][][] = [];
  requireShapes(4, weights, inputs, { h0: hs[0]!, c0: cs[0]! });

  for (let t = 1; t <= inputs.length; t++) {
    const steps = inputs[t - 1]!.map((x, b) => {
      const [hprev, cprev] = [hs[t - 1]![b]!, cs[t - 1]![b]!];
      const a = add(times(Wxh, x), times(Whh, hprev), bh); //       (12) a_t = Wxh x_t + Whh h_{t−1} + bh
      const [ai, af, ag, ao] = gatesOf(a); //                            rows i, f, g, o
      const [i, f, o] = [sigmoid(ai), sigmoid(af), sigmoid(ao)]; // (13) i_t = σ(a_i), f_t = σ(a_f), o_t = σ(a_o)
      const g = tanh(ag); //                                             g_t = tanh(a_g)
      const c = add(mul(f, cprev), mul(i, g)); //                   (14) c_t = f_t ⊙ c_{t−1} + i_t ⊙ g_t
      const h = mul(o, tanh(c)); //                                 (15) h_t = o_t ⊙ tanh(c_t)
      return { gates: { i, f, g, o }, c, h };
    });
    gates.push(steps.map((step) => step.gates));
    cs.push(steps.map(({ c }) => c));
    hs.push(steps.map(({ h }) => h));
    logits.push(steps.map(({ h }) => add(times(Why, h), by))); // (3) y_t = Why h_t + by
  }
  return { hs, cs, gates, logits };
}

/**
 * Loss and gradients of one window: forward as {@link lstmForward}, then the steps in reverse.
 * Default: `options.reduction` `'mean'`. `options.dhnext` and `options.dcnext` `[B][H]` are the
 * gradients of h_T and c_T from later steps (default zeros), not scaled by the reduction. Throws
 * RangeError if shapes do not fit or a target is outside 0 … V − 1.
 */
export function lstmBackward(
  weights: LstmWeights,
  inputs: number[][][],
  targets: number[][],
  initial?: LstmCarry,
  options: { reduction?: RnnReduction; dhnext?: number[][]; dcnext?: number[][] } = {},
): LstmBackward {
  requireKeys('lstmBackward', options, ['reduction', 'dhnext', 'dcnext']);
  const forward = lstmForward(weights, inputs, initial);
  const { Whh, Why } = weights;
  const { hs, cs, gates, logits } = forward;
  const loss = rnnLoss(logits, targets, options.reduction);
  const [T, B, I] = [inputs.length, inputs[0]!.length, inputs[0]![0]!.length];
  const [H, V] = [weights.bh.length / 4, weights.by.length];
  const scale = options.reduction === 'sum' ? 1 : 1 / (T * B);
  const [dWxh, dWhh, dbh] = [matrix(4 * H, I), matrix(4 * H, H), zeros(4 * H)];
  const [dWhy, dby] = [matrix(V, H), zeros(V)];
  requireShape('dhnext', options.dhnext ?? matrix(B, H), [B, H]);
  requireShape('dcnext', options.dcnext ?? matrix(B, H), [B, H]);
  const dhnext = [...(options.dhnext ?? matrix(B, H))];
  const dcnext = [...(options.dcnext ?? matrix(B, H))];
  const dhs: number[][][] = [];
  const dcs: number[][][] = [];

  for (let t = T; t >= 1; t--) {
    dhs.unshift([]);
    dcs.unshift([]);
    for (let b = 0; b < B; b++) {
      const [x, hprev, cprev] = [inputs[t - 1]![b]!, hs[t - 1]![b]!, cs[t - 1]![b]!];
      const { i, f, g, o } = gates[t - 1]![b]!;
      const tanhC = tanh(cs[t]![b]!);
      const target = targets[t - 1]![b]!;
      const { p } = crossEntropy(logits[t - 1]![b]!, target);

      const dy = p.map((pk, k) => scale * (k === target ? pk - 1 : pk)); //  (6) dy_t = scale · (p_t − onehot(target_t))
      addOuter(dWhy, dy, hs[t]![b]!); //                                     (7) dWhy += dy_t h_tᵀ
      addTo(dby, dy); //                                                         dby += dy_t
      const dh = add(timesTransposed(Why, dy), dhnext[b]!); //               (8) dh_t = Whyᵀ dy_t + dhnext
      const dc = add(mul(dh, o, tanhSlope(tanhC)), dcnext[b]!); //          (16) dc_t = dh_t ⊙ o_t ⊙ (1 − tanh²(c_t)) + dcnext
      const da = [
        ...mul(dc, g, sigmoidSlope(i)), //                                  (17) da_i = dc_t ⊙ g_t ⊙ i_t ⊙ (1 − i_t)
        ...mul(dc, cprev, sigmoidSlope(f)), //                                   da_f = dc_t ⊙ c_{t−1} ⊙ f_t ⊙ (1 − f_t)
        ...mul(dc, i, tanhSlope(g)), //                                          da_g = dc_t ⊙ i_t ⊙ (1 − g_t²)
        ...mul(dh, tanhC, sigmoidSlope(o)), //                                   da_o = dh_t ⊙ tanh(c_t) ⊙ o_t ⊙ (1 − o_t)
      ];
      addOuter(dWxh, da, x); //                                             (18) dWxh += da_t x_tᵀ
      addOuter(dWhh, da, hprev); //                                              dWhh += da_t h_{t−1}ᵀ
      addTo(dbh, da); //                                                         dbh += da_t
      dhnext[b] = timesTransposed(Whh, da); //                              (19) dhnext = Whhᵀ da_t, for step t − 1
      dcnext[b] = mul(dc, f); //                                            (20) dcnext = dc_t ⊙ f_t, for step t − 1
      dhs[0]!.push(dh);
      dcs[0]!.push(dc);
    }
  }
  dhs.unshift(dhnext); // h_0 has no output: its gradient comes from step 1 alone.
  dcs.unshift(dcnext);
  const gradients = { Wxh: dWxh, Whh: dWhh, Why: dWhy, bh: dbh, by: dby, h0: dhnext, c0: dcnext };
  return { loss, gradients, ...forward, dhs, dcs, lastState: { h: hs[T]!, c: cs[T]! } };
}

/** The rows of i, f, g and o. */
function gatesOf(rows: number[]): [i: number[], f: number[], g: number[], o: number[]] {
  const H = rows.length / 4;
  return [rows.slice(0, H), rows.slice(H, 2 * H), rows.slice(2 * H, 3 * H), rows.slice(3 * H)];
}
