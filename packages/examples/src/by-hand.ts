/** Handwritten BPTT for a cell with an output layer. Gradients have the names of autograd. */
import {
  GRUCell,
  gruBackward,
  type Linear,
  LSTMCell,
  lstmBackward,
  oneHotVector,
  type RNNCell,
  rnnBackward,
} from '@chronograd/nn';

/** A window of a text as indices of shape [T, B]. The loss is the mean cross-entropy. */
export interface TextWindow {
  readonly steps: number;
  readonly batch: number;
  readonly vocabulary: number;
  readonly inputs: Int32Array;
  readonly targets: Int32Array;
  /** Initial state, [B][H]. `c0` only for LSTM. Default: zeros. */
  readonly h0?: number[][];
  readonly c0?: number[][];
}

export interface ByHand {
  /** With the names of `grad`. */
  readonly gradients: { readonly cell: object; readonly decoder: object; readonly state: unknown };
  /** ∂L/∂h_0 … ∂L/∂h_T, `[T + 1][B][H]`. */
  readonly dhs: number[][][];
}

/**
 * Gradients of a window. An RNN or LSTM must have one bias vector, `biasIh`, as the handwritten
 * ones.
 */
export function byHand(cell: RNNCell | LSTMCell | GRUCell, decoder: Linear, window: TextWindow): ByHand {
  const { steps, batch, vocabulary, inputs, targets, h0, c0 } = window;
  const rows = <T>(of: (at: number) => T): T[][] =>
    Array.from({ length: steps }, (_, t) => Array.from({ length: batch }, (_, b) => of(t * batch + b)));
  const xs = rows((at) => oneHotVector(inputs[at]!, vocabulary));
  const ys = rows((at) => targets[at]!);
  const common = {
    Wxh: cell.weightIh.toArray() as number[][],
    Whh: cell.weightHh.toArray() as number[][],
    Why: decoder.weight.toArray() as number[][],
    by: decoder.bias!.toArray() as number[],
  };
  const biasIh = cell.biasIh!.toArray() as number[];
  const named = (g: typeof common, biases: object, state: unknown): ByHand['gradients'] => ({
    cell: { weightIh: g.Wxh, weightHh: g.Whh, ...biases },
    decoder: { weight: g.Why, bias: g.by },
    state,
  });
  if (cell instanceof GRUCell) {
    const weights = { ...common, bx: biasIh, bh: cell.biasHh!.toArray() as number[] };
    const { gradients: g, dhs } = gruBackward(weights, xs, ys, h0, { reset: cell.reset });
    return { gradients: named(g, { biasIh: g.bx, biasHh: g.bh }, g.h0), dhs };
  }
  const weights = { ...common, bh: biasIh };
  if (cell instanceof LSTMCell) {
    const initial = h0 === undefined || c0 === undefined ? undefined : { h: h0, c: c0 };
    const { gradients: g, dhs } = lstmBackward(weights, xs, ys, initial);
    return { gradients: named(g, { biasIh: g.bh }, { h: g.h0, c: g.c0 }), dhs };
  }
  const { gradients: g, dhs } = rnnBackward(weights, xs, ys, h0);
  return { gradients: named(g, { biasIh: g.bh }, g.h0), dhs };
}
