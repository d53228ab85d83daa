/** What `RNN`, `LSTM` and `GRU` have in common: equal layers of one kind of cell, and PyTorch's arrangement of their states. */
import { type Shape, ShapeError, stack, Tensor, ValueError } from '@chronograd/tensor';
import { describeValue, type OptionKeys, showShape, showValue } from '@chronograd/tensor/engine';
import { RECURRENT, type RecurrentOptions } from '../recurrent/recurrent.ts';

/** How cells are stacked; the rest of PyTorch's options are the cell's. */
export interface StackOptions extends Omit<RecurrentOptions, 'random'> {
  /** 1 unless named. */
  readonly layers?: number;
  /** Whether each layer runs in both directions. False unless named. */
  readonly bidirectional?: boolean;
}

export const STACK: OptionKeys<StackOptions & RecurrentOptions> = {
  ...RECURRENT,
  layers: true,
  bidirectional: true,
};

/** One layer of a stack: a cell, or one for each direction. */
export type StackLayer<C> = C | readonly [forward: C, backward: C];

/**
 * The layers, the first of which takes `inputSize` numbers, and all others what comes out of the one before.
 * @throws ValueError for a number of layers below 1.
 */
export function stackOf<C>(
  name: string,
  options: StackOptions,
  inputSize: number,
  outputSize: number,
  make: (inputSize: number) => C,
): readonly StackLayer<C>[] {
  const { layers = 1, bidirectional = false } = options;
  if (!Number.isInteger(layers) || layers < 1)
    throw new ValueError(`${name}: layers ${showValue(layers)} came, a whole number from 1 on was expected`);
  return Array.from({ length: layers }, (_, l) => {
    const size = l === 0 ? inputSize : (bidirectional ? 2 : 1) * outputSize;
    return bidirectional ? ([make(size), make(size)] as const) : make(size);
  });
}

/** States of layers and directions as one tensor [L·D, B, …], direction inner. */
export function stackStates<S>(states: readonly (S | readonly [S, S])[], part: (state: S) => Tensor): Tensor {
  return stack(states.flatMap((layer) => (Array.isArray(layer) ? (layer as S[]) : [layer as S])).map(part));
}

/** The states of layers and directions, where `at` gives the one that stands at a position of [L·D, B, …]. */
export function unstackStates<S>(
  layers: readonly StackLayer<unknown>[],
  at: (position: number) => S,
): readonly (S | readonly [S, S])[] {
  let next = 0;
  return layers.map((layer) => (Array.isArray(layer) ? ([at(next++), at(next++)] as const) : at(next++)));
}

/** @throws ShapeError for a state that has not one [B, H] for each layer and direction. */
export function checkStacked(
  name: string,
  what: string,
  state: unknown,
  layers: readonly StackLayer<unknown>[],
): void {
  const count = layers.reduce<number>((sum, layer) => sum + (Array.isArray(layer) ? 2 : 1), 0);
  const shape: Shape | null = state instanceof Tensor ? state.shape : null;
  if (shape?.length === 3 && shape[0] === count) return;
  const came = shape === null ? describeValue(state) : showShape(shape);
  throw new ShapeError(
    `${name}: ${what} ${came} came, [${count}, B, H] was expected, one [B, H] for each layer and direction; initialState(batch) gives one`,
  );
}
