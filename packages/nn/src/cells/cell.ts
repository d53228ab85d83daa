/** Cells: one time step of a recurrent network. */
import { type FloatDtype, isFloat, Parameter, Tensor, zeros } from '@chronograd/tensor';
import { holds } from '@chronograd/tensor/engine';
import { presentProbe } from '../internal/probing.ts';
import { Module } from '../module.ts';

/** The result of a step: the input of the layer above, and the state for the next step. */
export interface Step<State> {
  readonly output: Tensor;
  readonly state: State;
}

/**
 * One step of a recurrent network. A state is a tensor, or an object or array of tensors. Extend it
 * with your own parameters and equations; `Recurrent` runs it over time.
 */
export abstract class Cell<State> extends Module {
  /**
   * The state before the first step, for a batch of `batch` streams. Padding requires that the
   * batch is the first axis of each tensor, [B, …], and that rows depend on their own stream only.
   * Class instances are not supported as parts.
   */
  abstract initialState(batch: number): State;

  /**
   * Zeros [batch, …sizes] in the dtype of the cell's parameters, for `initialState`. Default for a
   * cell without parameters: float32.
   * @throws ShapeError unless sizes are whole numbers from 0 on.
   * @example initialState(batch: number): Tensor { return this.zeroState(batch, this.units); }
   */
  protected zeroState(batch: number, ...sizes: readonly number[]): Tensor {
    return zeros([batch, ...sizes], { dtype: floatDtypeOf(this) });
  }

  /**
   * One time step.
   * @param x shape [B, F], or int32 indices [B], which stand for one-hot vectors.
   */
  abstract step(x: Tensor, state: State): Step<State>;

  /**
   * A step whose products read another state than the one that is carried on. `variationalDropout`
   * calls it with a state of which some numbers are dropped. Override it in a cell whose next state
   * also contains the state itself, such as z∘h in a GRU. Default: a step from `read`.
   * @param x the input of `step`, or of `advance` for a cell with a projection.
   * @param state what is carried on. @param read what products read.
   */
  stepReading(x: Tensor, _state: State, read: State): Step<State> {
    return this.step(x, read);
  }

  /**
   * Names of the weights' row blocks, for reports: for each parameter, the names of the equal
   * blocks along axis 0. An LSTM returns `{ weightIh: ['i', 'f', 'g', 'o'], … }`. They do not
   * affect the computation. Default: none.
   */
  blocks(): Readonly<Record<string, readonly string[]>> {
    return {};
  }

  /**
   * Names an intermediate tensor of a step, such as a gate, for the probes of
   * `@chronograd/nn/probe`. Continue with the returned tensor, which has the same values. Without a
   * probe it is `x`.
   * @param name anything but `state` and `output`, which probes see without it.
   * @example const z = this.tap('z', sum.sigmoid());
   */
  protected tap(name: string, x: Tensor): Tensor {
    return presentProbe()?.tap(this, name, x) ?? x;
  }
}

/**
 * A cell with an input projection that does not depend on the state. `Recurrent` projects all time
 * steps in one large product before the loop. Values and gradients are the same.
 */
export abstract class ProjectedCell<State> extends Cell<State> {
  /**
   * Projects the input.
   * @param x shape [..., F], or int32 indices [...].
   * @returns shape [..., P].
   */
  abstract project(x: Tensor): Tensor;

  /** One time step. @param projected shape [B, P]: the input after `project`. */
  abstract advance(projected: Tensor, state: State): Step<State>;

  override step(x: Tensor, state: State): Step<State> {
    return this.advance(this.project(x), state);
  }

  override stepReading(projected: Tensor, _state: State, read: State): Step<State> {
    return this.advance(projected, read);
  }
}

/** The dtype of the first float parameter, or in a `functionalCall` of the first float tensor. */
export function floatDtypeOf(cell: Module): FloatDtype {
  let dtype: FloatDtype = 'float32';
  const isFloatOf =
    (kind: abstract new (...args: never) => Tensor) =>
    (each: unknown): boolean => {
      if (!(each instanceof kind) || !isFloat(each.dtype)) return false;
      dtype = each.dtype;
      return true;
    };
  const open = (node: unknown): object | null =>
    node instanceof Module || Array.isArray(node) ? node : null;
  if (!holds(cell, isFloatOf(Parameter), open)) holds(cell, isFloatOf(Tensor), open);
  return dtype;
}

/** The state of a cell. */
export type StateOf<C> = C extends Cell<infer State> ? State : never;
