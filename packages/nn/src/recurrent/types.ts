/** What a `Recurrent` is made of, and the tree of states that mirrors it. */
import type { Tensor } from '@chronograd/tensor';
import type { Cell } from '../cells/cell.ts';

export type AnyCell = Cell<unknown>;

/** One layer: a cell, or two of which the second runs from the last step to the first. */
export type Layer = AnyCell | readonly [forward: AnyCell, backward: AnyCell];

/** What a `Recurrent` runs: one cell, or a list of layers, the first of which sees the inputs. */
export type Layers = AnyCell | readonly Layer[];

/** The states of cells, in the same arrangement: of one cell its own state, of `[[f0, b0], [f1, b1]]` `[[S, S], [S, S]]`. */
export type StatesOf<C> =
  C extends Cell<infer State>
    ? State
    : C extends readonly unknown[]
      ? { readonly [I in keyof C]: StatesOf<C[I]> }
      : never;

/** All outputs of a sequence, and the state after its last step. */
export interface Unrolled<State> {
  /** Shape [T, B, …]; [B, T, …] with `batchFirst`. */
  readonly outputs: Tensor;
  readonly state: State;
}
