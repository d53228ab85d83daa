/** How much each output depends on each earlier input: ‖∂y_t/∂x_s‖. */
import { concat, isFloat, oneHot, scope, type Tensor, tensor, ValueError } from '@chronograd/tensor';
import { checkOptions, type OptionKeys, withoutRecording } from '@chronograd/tensor/engine';
import { floatDtypeOf } from '../cells/cell.ts';
import type { PaddingOptions } from '../recurrent/padding.ts';
import { checkInputs, Recurrent } from '../recurrent/recurrent.ts';
import type { Layers, StatesOf } from '../recurrent/types.ts';
import { norm } from './norms.ts';
import { requireSteps, StateFlow } from './pull-back.ts';

/** Options of `connectivity`. */
export interface ConnectivityOptions<State> {
  /**
   * Computes y_t, such as logits, from the output [B, …] of step t. It must not mix sequences.
   * Default: y_t is the output.
   */
  readonly read?: (output: Tensor) => Tensor;
  /** h₀. Default: the initial state. */
  readonly state?: State;
  /** The padding, as for `recurrent.forward`. Entries of padded steps are 0. Default: none. */
  readonly padding?: PaddingOptions;
}

const CONNECTIVITY: OptionKeys<ConnectivityOptions<unknown>> = { read: true, state: true, padding: true };

/**
 * The Frobenius norm of ∂y_t/∂x_s for all steps t and s: how much output t depends on input s.
 * Madsen, "Visualizing memorization in RNNs", 2019, calls it connectivity.
 * @param x as for `recurrent.forward`. Indices are differentiated as the vectors they represent:
 * one-hot vectors with `classes`, the embedding's with `embedding`.
 * @returns shape [T, T, B], float64, computed in the dtype of the cells. Entry [t, s, b] is 0 for
 * s > t.
 * @throws ValueError for two directions, for dropout in training mode, and for indices without
 * `classes` or `embedding`.
 * @example connectivity(model.recurrent, x, { read: (h) => model.decoder.forward(h) });
 */
export function connectivity<const C extends Layers>(
  recurrent: Recurrent<C>,
  x: Tensor,
  options: ConnectivityOptions<StatesOf<C>> = {},
): Tensor {
  const op = 'connectivity';
  checkOptions(op, options, CONNECTIVITY);
  const general = recurrent as unknown as Recurrent<Layers>;
  requireSteps(op, general);
  const { read = (output) => output } = options;
  const [, batch] = checkInputs(op, x, general.batchFirst);
  return withoutRecording(() => {
    const vectors = scope(() => vectorsOf(op, general, x));
    const plain = new Recurrent(general.cell, { batchFirst: general.batchFirst });
    const state = (options.state as StatesOf<Layers> | undefined) ?? general.initialState(batch);
    const flow = new StateFlow(op, plain, vectors, { ...options, state });
    return scope(() => normsOfAll(flow, read));
  });
}

/** From the last step to the first, the rows of all later outputs at once. */
function normsOfAll(flow: StateFlow, read: (output: Tensor) => Tensor): Tensor {
  const { steps: T, batch: B, size: N } = flow;
  const norms = new Float64Array(T * T * B);
  // [B, (T − 1 − s)·K, N]: ∂y_t/∂h for t = s + 1 …, by the state before step s + 1.
  let later: Tensor | null = null;
  for (let s = T - 1; s >= 0; s--) {
    later = scope(() => {
      const { state, input } = flow.jacobian(s, read);
      const K = state.shape[1]! - N;
      const split = (rows: Tensor): [ofState: Tensor, ofOutput: Tensor] => [
        rows.slice(null, [0, N]),
        rows.slice(null, [N, N + K]),
      ];
      const [[stateByState, outputByState], [stateByInput, outputByInput]] = [split(state), split(input)];
      const byInput = later === null ? [outputByInput] : [outputByInput, later.matmul(stateByInput)];
      const values = concat(byInput, 1).toTypedArray();
      const size = K * input.shape[2]!;
      for (let b = 0; b < B; b++)
        for (let t = s; t < T; t++) {
          const from = (b * (T - s) + (t - s)) * size;
          norms[(t * T + s) * B + b] = norm(values.subarray(from, from + size));
        }
      return later === null ? outputByState : concat([outputByState, later.matmul(stateByState)], 1);
    });
  }
  return tensor(norms, { shape: [T, T, B], dtype: 'float64' });
}

/** The inputs as numbers. */
function vectorsOf(op: string, recurrent: Recurrent<Layers>, x: Tensor): Tensor {
  const { classes, embedding } = recurrent;
  if (isFloat(x.dtype)) return x;
  if (embedding !== null) return embedding.forward(x);
  if (classes !== null) return oneHot(x, classes, floatDtypeOf(recurrent));
  throw new ValueError(
    `${op}: expected numbers, or indices of a Recurrent with classes or an embedding, got ${x.dtype} inputs; construct it with { classes: V }`,
  );
}
