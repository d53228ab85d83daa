/** Cells: one time step of a recurrent network. */
import { type FloatDtype, isFloat, Parameter, type Tensor, zeros } from '@chronograd/tensor';
import { type Branch, nameOf, tensorLeaves } from '@chronograd/tensor/engine';
import { probing } from '../internal/probing.ts';
import { Module } from '../module.ts';

/** What a step gives: what the layer above sees, and the state for the next step. */
export interface Step<State> {
  readonly output: Tensor;
  readonly state: State;
}

/**
 * One step of a recurrent network over a state of any shape: a tensor, or an object or array of tensors. Extend it with your own parameters
 * and equations; `Recurrent` runs it over time.
 */
export abstract class Cell<State> extends Module {
  /**
   * The state before the first step, for a batch of `batch` streams. With padding the batch is the first axis of each tensor in it, [B, …], and rows
   * depend on nothing but their own stream; class instances are refused as parts.
   */
  abstract initialState(batch: number): State;

  /**
   * Zeros [batch, …sizes] in the dtype of the cell's parameters, for `initialState`. Default for a
   * cell without parameters: float32.
   * @throws ShapeError for sizes that are no whole numbers from 0 on.
   * @example initialState(batch: number): Tensor { return this.zeroState(batch, this.units); }
   */
  protected zeroState(batch: number, ...sizes: readonly number[]): Tensor {
    return zeros([batch, ...sizes], { dtype: floatDtypeOf(this) });
  }

  /**
   * One time step.
   * @param x shape [B, F]; or int32 indices [B], standing for one-hot vectors.
   */
  abstract step(x: Tensor, state: State): Step<State>;

  /**
   * What the rows of the weights are, for reports: by the name of a parameter, the names of the equal blocks of rows (of axis 0) that it is
   * made of, from the first to the last. An LSTM's are `{ weightIh: ['i', 'f', 'g', 'o'], … }`. None unless a cell says so; nothing is
   * computed from them.
   */
  blocks(): Readonly<Record<string, readonly string[]>> {
    return {};
  }

  /**
   * Names a tensor that a step computes on its way, such as a gate, for the probes of `@chronograd/nn/probe`. Go on with what it returns: the same
   * values. It costs nothing while nobody looks.
   * @param name anything but `state` and `output`, which probes know by themselves.
   * @example const z = this.tap('z', sum.sigmoid());
   */
  protected tap(name: string, x: Tensor): Tensor {
    return probing === null ? x : probing.tap(this, name, x);
  }
}

/**
 * A cell that takes its input in through a projection which does not depend on the state. `Recurrent` then projects all time steps at
 * once, before the loop: one large product in place of many small ones. Values and gradients are the same.
 */
export abstract class ProjectedCell<State> extends Cell<State> {
  /** All that the input contributes. @param x shape [..., F]; or int32 indices [...]. @returns shape [..., P]. */
  abstract project(x: Tensor): Tensor;

  /** One time step. @param projected shape [B, P]: what `project` made of the input. */
  abstract advance(projected: Tensor, state: State): Step<State>;

  override step(x: Tensor, state: State): Step<State> {
    return this.advance(this.project(x), state);
  }
}

/** The dtype of the first float parameter, or in a `functionalCall` of the first float tensor. */
function floatDtypeOf(cell: Module): FloatDtype {
  const open = (node: unknown): Branch | null =>
    node instanceof Module || Array.isArray(node) ? (node as unknown as Branch) : null;
  const floats = tensorLeaves(nameOf(cell), cell, { open }).flatMap(({ leaf }) =>
    isFloat(leaf.dtype) ? leaf : [],
  );
  const { dtype } = floats.find((x) => x instanceof Parameter) ?? floats[0] ?? { dtype: 'float32' };
  return dtype as FloatDtype;
}

/** The state of a cell. */
export type StateOf<C> = C extends Cell<infer State> ? State : never;
