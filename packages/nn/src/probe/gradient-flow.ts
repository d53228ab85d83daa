/** Gradients through time: of every state and gate, and of the weights at every step. */
import { customGradient, mapTree, requireValue, valueAndGrad } from '@chronograd/autograd';
import {
  copyOut,
  type Dtype,
  full,
  isFloat,
  type Shape,
  stack,
  type Tensor,
  ValueError,
  zeros,
} from '@chronograd/tensor';
import {
  checkOptions,
  joinPath,
  nameOf,
  requireFunction,
  unsupported,
  withoutRecording,
} from '@chronograd/tensor/engine';
import { functionalCall } from '../functional-call.ts';
import type { Module } from '../module.ts';
import { EventLog } from './event-log.ts';
import { type Hooks, withHooks } from './hooks.ts';
import { normOf } from './norms.ts';
import type { Taps } from './taps.ts';

/** Options of `gradientFlow`. */
export interface GradientFlowOptions {
  /**
   * Keep the gradients, not only their norms. This takes T times the memory of the weights.
   * Default: false.
   */
  readonly keepSteps?: boolean;
}

/** The contributions of all steps to the gradient of one parameter. */
export interface Contribution {
  /** ‖∂L/∂W through its use at step t‖, for each t. */
  readonly norms: Float64Array;
  /** The contributions, of the parameter's shape; null unless `keepSteps`. */
  readonly steps: readonly Tensor[] | null;
}

/** The gradients of a loss by time step, in order of time. Norms are √(Σ x²) over the batch. */
export interface GradientFlow {
  /** The loss. */
  readonly value: number;
  /**
   * ‖∂L/∂x_t‖ at steps t = 0 … T − 1, under the names of `recordTaps`: `cell.output`, `cell.state`,
   * `cell.c`, `cell.i`. The gradient sums over all paths from the point where x_t is named or
   * returned to the loss. So `cell.c` of an LSTM includes the path through the output gate;
   * `cell.state.c`, the state as passed on, does not. The state after step t is the one after t + 1
   * steps of `jacobianNorms`.
   *
   * NaN at all steps for a named tensor on no path to the loss: a cell must continue with what
   * `tap` returns.
   */
  readonly norms: Readonly<Record<string, Float64Array>>;
  /** ∂L/∂x_t by the same names, with time in front as in `Taps`; null unless `keepSteps`. */
  readonly gradients: Taps | null;
  /** By the paths of the cells' parameters. */
  readonly contributions: Readonly<Record<string, Contribution>>;
}

/**
 * Runs `loss` and a backward pass. Measures the gradient of every state, output and named tensor of
 * the cells of `model`, and the contribution of each step to the gradients of their parameters. The
 * loss has the same bits as without it (strict kernels). Contributions sum to the gradient up to
 * rounding. They exclude uses outside steps, such as weights tied to a decoder. A parameter shared
 * by cells is reported under its first path, with the steps of all of them.
 *
 * A `ProjectedCell` projects step by step here, and checkpoints are disabled. An enclosing
 * `gradientFlow` ignores this one.
 * @param loss a single number computed by `model`.
 * @throws PlanError inside a plan, which cannot measure.
 * @throws ShapeError unless the loss has one element.
 * @throws ValueError for a model without cells, and if no cell ran.
 * @example
 * const { norms, contributions } = gradientFlow(model, () => crossEntropy(model.forward(x), y));
 * norms['recurrent.cell.state']; // ‖∂L/∂(the state after step t)‖, t = 0 … T − 1
 * contributions['recurrent.cell.weightHh'].norms; // ‖∂L/∂W through step t‖
 */
export function gradientFlow(
  model: Module,
  loss: () => Tensor,
  options: GradientFlowOptions = {},
): GradientFlow {
  checkOptions('gradientFlow', options, { keepSteps: true });
  const { keepSteps = false } = options;
  requireFunction('gradientFlow', loss, 'gradientFlow(model, () => loss)');
  unsupported('gradientFlow measured gradients', 'call it outside of the plan');
  // The tape follows everything that depends on it, frozen or not.
  const anchor = zeros([]);
  const states = new GradientHooks(anchor, keepSteps);
  const weights = new GradientHooks(anchor, keepSteps);
  const paths = new Map<Tensor, string>();
  const hooks: Hooks = {
    named: (name, x) => states.attach([name], x, true),
    // The state that the loop holds at padded steps is not recorded.
    given: (names, x) => states.attach(names, x, false),
    around(cell, path, run) {
      const replaced = mapTree('gradientFlow', cell, (x, name) =>
        weights.attach([paths.get(x) ?? joinPath(path, name)], x, false),
      );
      return functionalCall(cell, replaced as object, run);
    },
  };
  const { value } = withHooks('gradientFlow', model, hooks, { stepwise: true, walks: true }, () => {
    for (const [path, x] of model.namedParameters()) paths.set(x, path);
    return valueAndGrad({ model, anchor }, () => requireValue('gradientFlow', loss()))();
  });
  if (states.log.empty) {
    throw new ValueError(
      `gradientFlow: expected a loss computed by ${nameOf(model)}, but none of its cells ran`,
    );
  }
  return {
    value: value.item(),
    norms: states.log.map(normsOverTime),
    gradients: keepSteps ? states.log.map((hooks) => stack(stepsOf(hooks))) : null,
    contributions: weights.log.map((hooks) => ({
      norms: normsOverTime(hooks),
      steps: keepSteps ? stepsOf(hooks) : null,
    })),
  };
}

/** The gradient of one tensor at one step. */
interface GradientHook {
  readonly shape: Shape;
  readonly dtype: Dtype;
  /** Whether a cell named the tensor, and may have continued without it. */
  readonly named: boolean;
  /** Null until a gradient arrives. */
  norm: number | null;
  g: Tensor | null;
}

/** Records the gradients of tensors. */
class GradientHooks {
  readonly log: EventLog<GradientHook> = new EventLog();
  readonly #anchor: Tensor;
  readonly #keep: boolean;

  constructor(anchor: Tensor, keep: boolean) {
    this.#anchor = anchor;
    this.#keep = keep;
  }

  /** The same values in a tensor whose gradient is recorded. */
  attach(names: readonly string[], x: Tensor, named: boolean): Tensor {
    const { shape, dtype } = x;
    if (!isFloat(dtype)) return x;
    const hook: GradientHook = { shape, dtype, named, norm: null, g: null };
    this.log.add(names, hook);
    const passOn = (g: Tensor): readonly [Tensor, null] => {
      hook.norm = normOf(g);
      if (this.#keep) hook.g = withoutRecording(() => copyOut(g));
      return [g, null];
    };
    return customGradient((y: Tensor, _anchor: Tensor) => y, passOn, 'gradientFlow')(x, this.#anchor);
  }
}

function normsOverTime(hooks: readonly GradientHook[]): Float64Array {
  const otherwise = isUnused(hooks) ? Number.NaN : 0;
  return Float64Array.from(hooks, ({ norm }) => norm ?? otherwise);
}

function stepsOf(hooks: readonly GradientHook[]): Tensor[] {
  const otherwise = isUnused(hooks) ? Number.NaN : 0;
  return hooks.map(({ g, shape, dtype }) => g ?? full(shape, otherwise, { dtype }));
}

/** Whether a tensor that a cell named is on no path to the loss, at any step. */
const isUnused = (hooks: readonly GradientHook[]): boolean =>
  hooks.every(({ norm, named }) => named && norm === null);
