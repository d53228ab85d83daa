/** How the state depends on earlier states: ∂h_T/∂h_t. */
import { eye, normal, type Random, scope, stack, type Tensor, tensor, ValueError } from '@chronograd/tensor';
import { checkOptions, type OptionKeys, showValue, withoutRecording } from '@chronograd/tensor/engine';
import type { PaddingOptions } from '../recurrent/padding.ts';
import type { Recurrent } from '../recurrent/recurrent.ts';
import type { Layers, StatesOf } from '../recurrent/types.ts';
import { norm } from './norms.ts';
import { StateFlow } from './pull-back.ts';
import { ScaledRows } from './scaled-rows.ts';
import { largestSingularValue } from './spectrum.ts';

/** What a `Recurrent` runs over. */
export interface JacobianOptions<State> {
  /** h₀; the initial state unless given. */
  readonly state?: State;
  /** Which steps are real, as for `recurrent.forward`: the Jacobian of a padded step, which holds the state, is the identity. All unless given. */
  readonly padding?: PaddingOptions;
}

/** Which Jacobian `stateJacobian` gives. */
export interface StateJacobianOptions<State> extends JacobianOptions<State> {
  /** t of the state that it is taken by: 0 … T. 0, the state before the first step, unless named. */
  readonly from?: number;
  /** t of the state that it is taken of: from … T. T unless named. */
  readonly to?: number;
}

/** What `jacobianNorms` measures. */
export interface JacobianNormsOptions<State> extends JacobianOptions<State> {
  /**
   * One part of the state alone: `c` for ∂c_T/∂c_t of an LSTM, in layers `0.h` or all of layer `0`. Only the ends are that part: in between, the
   * change goes by all ways, through the rest of the state too. The whole state unless named.
   */
  readonly leaf?: string;
  /** `'spectral'`: the largest singular value; `'frobenius'`: √(Σ of all squares). Spectral unless named; with projections frobenius. */
  readonly norm?: 'spectral' | 'frobenius';
  /**
   * For large states: how many random projections estimate the Frobenius norm, in place of all N rows. The estimate of its square is unbiased, and
   * its relative standard deviation at most √(2 / projections).
   */
  readonly projections?: number;
  /** Where projections come from. */
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
 * ∂h_to/∂h_from of each sequence, where h_t is the state after t steps: the product of the steps' Jacobians. The states of all layers count, as one
 * vector of N numbers, leaf after leaf: of an LSTM, h then c.
 * Sequences of a batch are taken to be independent of one another, as the law of `cellLaws` has it.
 * @param x as for `recurrent.forward`. @returns shape [B, N, N], float64, computed in the cells' own type: entry [b, i, j] is how fast number i of the
 * later state changes with number j of the earlier one.
 * @throws ValueError for two directions, dropout in training mode, or steps that are not there.
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
        `stateJacobian: from ${showValue(from)} to ${showValue(to)} came, whole numbers 0 ≤ from ≤ to ≤ ${flow.steps} were expected`,
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
 * The Jacobian of each step by itself, of the state after it by the state before it: shape [T, B, N, N], float64. For the rest see `stateJacobian`.
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
 * ‖∂h_T/∂h_t‖ for every t = 0 … T: how much of the final state still depends on the state after t steps. What is small is scaled up on the way,
 * so that it vanishes where float64 ends, in float32 cells too.
 * @param x as for `recurrent.forward`. @returns shape [T + 1, B], float64; row T is the norm of the identity, or its estimate by projections.
 * @throws ValueError for options that do not fit, and as `stateJacobian`.
 * @example
 * jacobianNorms(recurrent, x); // largest singular values
 * jacobianNorms(recurrent, x, { leaf: 'c', projections: 16, random }); // Frobenius norms of ∂c_T/∂c_t, estimated
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

/** Norms of the columns `range` of rows that are pulled back from the last state to the first. */
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
  { state, padding }: JacobianOptions<StatesOf<C>>,
): StateFlow {
  const before = state as StatesOf<Layers> | undefined;
  return new StateFlow(op, recurrent as unknown as Recurrent<Layers>, x, {
    ...(before === undefined ? {} : { state: before }),
    ...(padding === undefined ? {} : { padding }),
  });
}

/** The rows of the identity in a range: shape [B, K, N]. */
function identity({ batch, size }: StateFlow, [from, to]: readonly [number, number]): Tensor {
  return eye(size, { dtype: 'float64' })
    .slice([from, to])
    .expand([batch, to - from, size]);
}

/** Random rows v/√k, v normal, of numbers in a range and zeros elsewhere: their images have on average the squares of the Frobenius norm. */
function projected(
  { batch, size }: StateFlow,
  [from, to]: readonly [number, number],
  k: number,
  random: Random,
): Tensor {
  const rows = normal([batch, k, size], { random, dtype: 'float64', std: 1 / Math.sqrt(k) });
  const mask = tensor(Float64Array.from({ length: size }, (_, i) => (i >= from && i < to ? 1 : 0)));
  return rows.mul(mask.cast('float64'));
}

function rangeOf(flow: StateFlow, leaf: string | undefined): readonly [number, number] {
  if (leaf === undefined) return [0, flow.size];
  // A layer's leaves stand together.
  const ranges = [...flow.ranges].filter(([path]) => path === leaf || path.startsWith(`${leaf}.`));
  if (ranges.length > 0) return [ranges[0]![1][0], ranges.at(-1)![1][1]];
  throw new ValueError(
    `jacobianNorms: leaf ${showValue(leaf)} came, one of ${[...flow.ranges.keys()].join(', ')} was expected`,
  );
}

function requireMethod(how: string, projections: number | undefined, random: Random | undefined): void {
  if (how !== 'spectral' && how !== 'frobenius')
    throw new ValueError(
      `jacobianNorms: norm ${showValue(how)} came, 'spectral' or 'frobenius' was expected`,
    );
  if (projections === undefined) return;
  if (!(Number.isInteger(projections) && projections > 0) || random === undefined || how === 'spectral') {
    throw new ValueError(
      `jacobianNorms: projections ${showValue(projections)} came with norm ${showValue(how)} and ${random === undefined ? 'no' : 'a'} random, a whole number from 1 on, the Frobenius norm and { random } were expected`,
    );
  }
}
