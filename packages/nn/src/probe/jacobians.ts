/** Jacobians of the state by earlier states: ∂h_T/∂h_t. */
import { type Random, scope, stack, type Tensor, tensor, ValueError } from '@chronograd/tensor';
import { checkOptions, type OptionKeys, showValue, withoutRecording } from '@chronograd/tensor/engine';
import type { PaddingOptions } from '../recurrent/padding.ts';
import type { Recurrent } from '../recurrent/recurrent.ts';
import type { Layers, StatesOf } from '../recurrent/types.ts';
import { norm } from './norms.ts';
import { StateFlow } from './pull-back.ts';
import { identity, projected, ScaledRows } from './scaled-rows.ts';
import { largestSingularValue } from './spectrum.ts';

/** Options of `stepJacobians`. */
export interface JacobianOptions<State> {
  /** h₀. Default: the initial state. */
  readonly state?: State;
  /**
   * The padding, as for `recurrent.forward`. The Jacobian of a padded step, which keeps the state,
   * is the identity. Default: none.
   */
  readonly padding?: PaddingOptions;
}

/** Options of `stateJacobian`. */
export interface StateJacobianOptions<State> extends JacobianOptions<State> {
  /** Steps before the state to differentiate by: 0 … T. Default: 0, the initial state. */
  readonly from?: number;
  /** Steps before the state to differentiate: from … T. Default: T. */
  readonly to?: number;
}

/** Options of `jacobianNorms`. */
export interface JacobianNormsOptions<State> extends JacobianOptions<State> {
  /**
   * A part of the state: `c` for ∂c_T/∂c_t of an LSTM; in layers, `0.h` or all of layer `0`. It
   * selects both ends; in between, all paths through the rest of the state count. Default: the
   * whole state.
   */
  readonly leaf?: string;
  /**
   * `'spectral'`: the largest singular value; `'frobenius'`: √(Σ of all squares). Default:
   * spectral, or frobenius with projections.
   */
  readonly norm?: 'spectral' | 'frobenius';
  /**
   * The number of random projections that estimate the Frobenius norm of large states, in place of
   * all N rows. The estimate of its square is unbiased with a relative standard deviation of at
   * most √(2 / projections). Default: no estimate.
   */
  readonly projections?: number;
  /** The source of projections. */
  readonly random?: Random;
}

const JACOBIAN: OptionKeys<JacobianOptions<unknown>> = { state: true, padding: true };
const STATE_JACOBIAN: OptionKeys<StateJacobianOptions<unknown>> = { ...JACOBIAN, from: true, to: true };
const NORMS: OptionKeys<JacobianNormsOptions<unknown>> = {
  ...JACOBIAN,
  leaf: true,
  norm: true,
  projections: true,
  random: true,
};

/**
 * ∂h_to/∂h_from of each sequence, where h_t is the state after t steps: the product of the
 * Jacobians of the steps. The states of all layers form one vector of N numbers, leaf after leaf:
 * for an LSTM, h then c. Sequences of a batch must be independent, as a law of `cellLaws` says.
 * @param x as for `recurrent.forward`.
 * @returns shape [B, N, N], float64, computed in the dtype of the cells. Entry [b, i, j] is the
 * derivative of number i of the later state by number j of the earlier one.
 * @throws ValueError for two directions, dropout in training mode, and steps out of range.
 */
export function stateJacobian<const C extends Layers>(
  recurrent: Recurrent<C>,
  x: Tensor,
  options: StateJacobianOptions<StatesOf<C>> = {},
): Tensor {
  checkOptions('stateJacobian', options, STATE_JACOBIAN);
  return withoutRecording(() => {
    const flow = flowOf('stateJacobian', recurrent, x, options);
    const { from = 0, to = flow.steps } = options;
    if (!(Number.isInteger(from) && Number.isInteger(to) && 0 <= from && from <= to && to <= flow.steps)) {
      throw new ValueError(
        `stateJacobian: expected whole numbers 0 ≤ from ≤ to ≤ ${flow.steps}, got from ${showValue(from)} to ${showValue(to)}`,
      );
    }
    return scope(() => {
      let rows = new ScaledRows(identity(flow, [0, flow.size]));
      for (let t = to - 1; t >= from; t--) rows = rows.pullBack(flow, t);
      return rows.unscaled();
    });
  });
}

/**
 * The Jacobian of each step: of the state after it by the state before it. See `stateJacobian`.
 * @returns shape [T, B, N, N], float64.
 */
export function stepJacobians<const C extends Layers>(
  recurrent: Recurrent<C>,
  x: Tensor,
  options: JacobianOptions<StatesOf<C>> = {},
): Tensor {
  checkOptions('stepJacobians', options, JACOBIAN);
  return withoutRecording(() => {
    const flow = flowOf('stepJacobians', recurrent, x, options);
    const rows = identity(flow, [0, flow.size]);
    return scope(() => stack(Array.from({ length: flow.steps }, (_, t) => flow.pullBack(t, rows))));
  });
}

/**
 * ‖∂h_T/∂h_t‖ for every t = 0 … T: how much the final state depends on the state after t steps.
 * Products are rescaled at every step, so norms underflow only below the range of float64, in
 * float32 cells too.
 * @param x as for `recurrent.forward`.
 * @returns shape [T + 1, B], float64. Row T is the norm of the identity, or its estimate.
 * @throws ValueError for options that do not fit, and as `stateJacobian`.
 * @example
 * jacobianNorms(recurrent, x); // largest singular values
 * jacobianNorms(recurrent, x, { leaf: 'c', projections: 16, random }); // estimates of ‖∂c_T/∂c_t‖
 */
export function jacobianNorms<const C extends Layers>(
  recurrent: Recurrent<C>,
  x: Tensor,
  options: JacobianNormsOptions<StatesOf<C>> = {},
): Tensor {
  checkOptions('jacobianNorms', options, NORMS);
  return withoutRecording(() => {
    const { projections, random } = options;
    const how = options.norm ?? (projections === undefined ? 'spectral' : 'frobenius');
    requireMethod(how, projections, random);
    const flow = flowOf('jacobianNorms', recurrent, x, options);
    const range = rangeOf(flow, options.leaf);
    const start =
      projections === undefined || random === undefined
        ? identity(flow, range)
        : projected(flow, range, projections, random);
    return normsBackwards(flow, start, range, how);
  });
}

/** Norms of the columns `range` of rows pulled back from the last state to the first. */
function normsBackwards(
  flow: StateFlow,
  start: Tensor,
  [first, end]: readonly [number, number],
  how: 'spectral' | 'frobenius',
): Tensor {
  const { steps, batch } = flow;
  const norms = new Float64Array((steps + 1) * batch);
  const sizeOf = (all: Tensor): number => {
    const part = all.slice(null, [first, end]);
    return how === 'spectral' ? largestSingularValue(part) : norm(part.toTypedArray());
  };
  let rows = new ScaledRows(start);
  for (let t = steps; ; t--) {
    for (let b = 0; b < batch; b++) norms[t * batch + b] = rows.size(b, sizeOf);
    if (t === 0) break;
    rows = rows.pullBack(flow, t - 1);
  }
  return tensor(norms, { shape: [steps + 1, batch], dtype: 'float64' });
}

function flowOf<C extends Layers>(
  op: string,
  recurrent: Recurrent<C>,
  x: Tensor,
  options: JacobianOptions<StatesOf<C>>,
): StateFlow {
  const general = options as JacobianOptions<StatesOf<Layers>>;
  return new StateFlow(op, recurrent as unknown as Recurrent<Layers>, x, general);
}

function rangeOf(flow: StateFlow, leaf: string | undefined): readonly [number, number] {
  if (leaf === undefined) return [0, flow.size];
  // The leaves of a layer are adjacent.
  const ranges = [...flow.ranges].filter(([path]) => path === leaf || path.startsWith(`${leaf}.`));
  if (ranges.length > 0) return [ranges[0]![1][0], ranges.at(-1)![1][1]];
  throw new ValueError(
    `jacobianNorms: expected leaf to be one of ${[...flow.ranges.keys()].join(', ')}, got ${showValue(leaf)}`,
  );
}

function requireMethod(how: string, projections: number | undefined, random: Random | undefined): void {
  if (how !== 'spectral' && how !== 'frobenius')
    throw new ValueError(`jacobianNorms: expected norm 'spectral' or 'frobenius', got ${showValue(how)}`);
  if (projections === undefined) return;
  if (!(Number.isInteger(projections) && projections > 0) || random === undefined || how === 'spectral') {
    const got = `${showValue(projections)} with norm ${showValue(how)} and ${random === undefined ? 'no' : 'a'} random`;
    throw new ValueError(
      `jacobianNorms: expected projections from 1 on with the Frobenius norm and { random }, got ${got}`,
    );
  }
}
