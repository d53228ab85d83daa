/** The cells of a `Recurrent`, and the tree of their states. */
import type { Tensor } from '@chronograd/tensor';
import type { Cell } from '../cells/cell.ts';

export type AnyCell = Cell<unknown>;

/** One layer: a cell, or two cells, the second of which runs from the last step to the first. */
export type Layer = AnyCell | readonly [forward: AnyCell, backward: AnyCell];

/** The cells of a `Recurrent`: one cell, or a list of layers. The first layer reads the inputs. */
export type Layers = AnyCell | readonly Layer[];

/** The states of cells in the same arrangement: `[S, [S, S]]` for `[cell, [forward, backward]]`. */
export type StatesOf<C> =
  C extends Cell<infer State>
    ? State
    : C extends readonly unknown[]
      ? { readonly [I in keyof C]: StatesOf<C[I]> }
      : never;

/** The outputs of a sequence, and the state after its last step. */
export interface Unrolled<State> {
  /** Shape [T, B, …]; [B, T, …] with `batchFirst`. */
  readonly outputs: Tensor;
  readonly state: State;
}
