/** How gradients flow back through time: to every state and gate, and from every step into the weights. */
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
  zerosLike,
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
import { normOf } from './norms.ts';
import { type Observer, observe } from './observe.ts';
import type { Taps } from './taps.ts';
import { Timelines } from './timeline.ts';

/** What `gradientFlow` keeps. */
export interface GradientFlowOptions {
  /** Whether the gradients themselves are kept, and not their norms alone. False unless named: it takes T times the memory of the weights. */
  readonly keepSteps?: boolean;
}

/** What one parameter of a cell gets from each step. */
export interface Contribution {
  /** ‖∂L/∂W through its use at step t‖, for each t. */
  readonly norms: Float64Array;
  /** The contributions, of the parameter's shape; null unless `keepSteps`. */
  readonly steps: readonly Tensor[] | null;
}

/** How the gradient of a loss flows. Steps are in order of time, as in `recordTaps`; norms are √(Σ x²) over the whole batch. */
export interface GradientFlow {
  /** The loss. */
  readonly value: number;
  /**
   * ‖∂L/∂x‖ of what each step t = 0 … T − 1 named and returned, of all that `recordTaps` would record: `cell.output`, `cell.state`, `cell.c`, `cell.i`. All ways count that x_t goes to
   * the loss from where it is named or returned: of a state that is the output too, both; of an LSTM's `cell.c` also the one through the output gate,
   * which `cell.state.c`, the state as it is handed on, does not have. The state after step t is the one after t + 1 steps of `jacobianNorms`.
   *
   * NaN at all steps for a named tensor that lies on no way to the loss: a cell has to go on with what `tap` returns.
   */
  readonly norms: Readonly<Record<string, Float64Array>>;
  /** ∂L/∂x_t by the same names, with time in front as taps have it; null unless `keepSteps`. */
  readonly gradients: Taps | null;
  /** By the parameters' paths, for those of cells: what each step adds to the gradient. */
  readonly contributions: Readonly<Record<string, Contribution>>;
}

/**
 * Runs `loss` and walks back, and measures on the way every state, output and named tensor of the cells of `model`, and what each step adds to the
 * gradients of their parameters. The loss has the same bits as without (strict kernels); contributions sum to the gradient up to rounding. What a
 * parameter gets outside of steps, such as weights tied to a decoder, is not among them. A parameter that cells share goes by its first path, and has
 * the steps of all of them.
 *
 * A `ProjectedCell` projects step by step here, and checkpoints rest. Another `gradientFlow` around it hears nothing of what it runs.
 * @param loss a single number, from what `model` makes of some inputs.
 * @throws PlanError inside of a plan, which could not measure. @throws ShapeError unless the loss has one element. @throws ValueError for a model
 * without cells, and where none of them ran.
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
  // It lets the tape follow everything that is looked at, whatever is frozen.
  const anchor = zeros([]);
  const states = new Spies(anchor, keepSteps);
  const weights = new Spies(anchor, keepSteps);
  const paths = new Map<Tensor, string>();
  const observer: Observer = {
    named: (name, x) => states.follow([name], x, true),
    // At padded steps there is no state to speak of: what the loop holds there passes by.
    given: (names, x) => states.follow(names, x, false),
    around(cell, path, run) {
      const standIns = mapTree('gradientFlow', cell, (x, name) =>
        weights.follow([paths.get(x) ?? joinPath(path, name)], x, false),
      );
      return functionalCall(cell, standIns as object, run);
    },
  };
  const manner = { stepwise: true, walks: true };
  const { value } = observe('gradientFlow', model, observer, manner, () => {
    for (const [path, x] of model.namedParameters()) paths.set(x, path);
    return valueAndGrad({ model, anchor }, () => requireValue('gradientFlow', loss()))();
  });
  if (states.lines.empty) {
    throw new ValueError(
      `gradientFlow: no cell of ${nameOf(model)} ran; a loss of what this model computes was expected`,
    );
  }
  return {
    value: value.item(),
    norms: states.lines.map(normsOverTime),
    gradients: keepSteps ? states.lines.map((spied) => stack(stepsOf(spied))) : null,
    contributions: weights.lines.map((spied) => ({
      norms: normsOverTime(spied),
      steps: keepSteps ? stepsOf(spied) : null,
    })),
  };
}

/** What came back to one tensor. */
class Spied {
  readonly shape: Shape;
  readonly dtype: Dtype;
  /** Whether a cell named it, and may have gone on without it. */
  readonly named: boolean;
  /** Null while nothing came. */
  norm: number | null = null;
  g: Tensor | null = null;
  constructor({ shape, dtype }: Tensor, named: boolean) {
    this.shape = shape;
    this.dtype = dtype;
    this.named = named;
  }
}

/** Handles on tensors that see the gradients which come back to them. */
class Spies {
  readonly lines: Timelines<Spied> = new Timelines();
  readonly #anchor: Tensor;
  readonly #keep: boolean;

  constructor(anchor: Tensor, keep: boolean) {
    this.#anchor = anchor;
    this.#keep = keep;
  }

  /** Another handle on the same tensor, with the same gradient. */
  follow(names: readonly string[], x: Tensor, named: boolean): Tensor {
    if (!isFloat(x.dtype)) return x;
    const spied = new Spied(x, named);
    for (const name of names) this.lines.add(name, spied);
    const passOn = (g: Tensor): readonly [Tensor, null] => {
      spied.norm = normOf(g);
      if (this.#keep) spied.g = withoutRecording(() => copyOut(g));
      return [g, null];
    };
    return customGradient((y: Tensor, _anchor: Tensor) => y, passOn, 'gradientFlow')(x, this.#anchor);
  }
}

function normsOverTime(spied: readonly Spied[]): Float64Array {
  const otherwise = isAside(spied) ? Number.NaN : 0;
  return Float64Array.from(spied, ({ norm }) => norm ?? otherwise);
}

function stepsOf(spied: readonly Spied[]): Tensor[] {
  const aside = isAside(spied);
  return spied.map(
    (each) => each.g ?? (aside ? full(each.shape, Number.NaN, { dtype: each.dtype }) : zerosLike(each)),
  );
}

/** Whether what a cell named lies on no way to the loss, at any step. */
const isAside = (spied: readonly Spied[]): boolean =>
  spied.every(({ norm, named }) => named && norm === null);
