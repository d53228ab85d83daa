/**
 * `RNN`, `LSTM` and `GRU`: cells in layers and directions, with PyTorch's arrangement of states.
 */
import { ShapeError, stack, Tensor, ValueError } from '@chronograd/tensor';
import { describeValue, inNameOf, type OptionKeys, showShape } from '@chronograd/tensor/engine';
import type { Cell } from '../cells/cell.ts';
import type { GatedCellOptions } from '../cells/gates.ts';
import { GRU_CELL, GRUCell, type GRUCellOptions } from '../cells/gru.ts';
import { LSTM_CELL, LSTMCell, type LSTMCellOptions, type LSTMState } from '../cells/lstm.ts';
import { RNN_CELL, RNNCell, type RNNCellOptions } from '../cells/rnn.ts';
import type { StateForm } from '../formats/state-dict/form.ts';
import { pick } from '../internal/options.ts';
import { requireBatch, requireCount } from '../internal/require.ts';
import { Module } from '../module.ts';
import type { PaddingOptions } from '../recurrent/padding.ts';
import { RECURRENT, Recurrent, type RecurrentOptions } from '../recurrent/recurrent.ts';
import type { Unrolled } from '../recurrent/types.ts';
import { requireLayer } from './linear.ts';

/** Options of `RNN`, `LSTM` and `GRU` besides those of their cells. */
export interface StackOptions extends Omit<RecurrentOptions, 'random'> {
  /** Default: 1. */
  readonly layers?: number;
  /** Whether each layer runs in both directions. Default: false. */
  readonly bidirectional?: boolean;
}

/** Options of `RNN`: those of its cells, and of the stack. */
export type RNNOptions = RNNCellOptions & StackOptions;
/** Options of `LSTM`: those of its cells, and of the stack. */
export type LSTMOptions = LSTMCellOptions & StackOptions;
/** Options of `GRU`: those of its cells, and of the stack. */
export type GRUOptions = GRUCellOptions & StackOptions;

const STACK: OptionKeys<StackOptions & RecurrentOptions> = {
  ...RECURRENT,
  layers: true,
  bidirectional: true,
};

/** A layer: a cell, or one for each direction. */
type Layer<C> = C | readonly [forward: C, backward: C];

/** A cell's class with its options, and how its state is taken apart into named tensors. */
interface StackKind<S, C> {
  readonly name: string;
  readonly Cell: new (inputSize: number, hiddenSize: number, options: never) => C;
  readonly keys: OptionKeys<GatedCellOptions>;
  readonly parts: readonly string[];
  readonly split: (state: S) => readonly Tensor[];
  readonly join: (parts: readonly Tensor[]) => S;
}

/** The cells' states are stacked: each tensor is [L·D, B, …], forward before backward. */
abstract class Stacked<S, C extends Cell<S>> extends Module {
  readonly recurrent: Recurrent<readonly Layer<C>[]>;
  readonly #kind: StackKind<S, C>;

  protected constructor(
    kind: StackKind<S, C>,
    inputSize: number,
    hiddenSize: number,
    options: GatedCellOptions & StackOptions,
    outputSize: number = hiddenSize,
  ) {
    super();
    const { name, Cell, keys } = kind;
    requireLayer(name, { inputSize, hiddenSize }, options, { ...keys, ...STACK });
    const { layers = 1, bidirectional = false } = options;
    requireCount(name, 'layers', layers);
    const cellOptions = pick<GatedCellOptions>(options, keys) as never;
    const layer = (size: number): Layer<C> => {
      const make = (): C => new Cell(size, hiddenSize, cellOptions);
      return bidirectional ? [make(), make()] : make();
    };
    const width = (bidirectional ? 2 : 1) * outputSize;
    this.#kind = kind;
    this.recurrent = inNameOf(name, () => {
      const cells = Array.from({ length: layers }, (_, l) => layer(l === 0 ? inputSize : width));
      return new Recurrent<readonly Layer<C>[]>(cells, pick(options, RECURRENT));
    });
  }

  /** Whether inputs and outputs are [B, T, …] instead of [T, B, …]. */
  get batchFirst(): boolean {
    return this.recurrent.batchFirst;
  }

  /** The state before the first step, for a batch of `batch` streams. */
  initialState(batch: number): S {
    requireBatch(this.#kind.name, batch);
    return this.#stacked(this.recurrent.initialState(batch));
  }

  override stateForm(): StateForm {
    return { names: { recurrent: '*' } };
  }

  /** As `Recurrent.forward`. @throws ShapeError for a state of other layers or directions. */
  forward(inputs: Tensor, state?: S, padding?: PaddingOptions): Unrolled<S> {
    const { recurrent } = this;
    const before = state === undefined ? undefined : this.#unstacked(state);
    const run = inNameOf(this.#kind.name, () => recurrent.forward(inputs, before as never, padding));
    return { outputs: run.outputs, state: this.#stacked(run.state) };
  }

  /** @param states of layers and directions, as `Recurrent` arranges them. */
  #stacked(states: unknown): S {
    const { split, join } = this.#kind;
    const all = (states as readonly (S | readonly S[])[]).flat().map((state) => split(state as S));
    return join(all[0]!.map((_, part) => stack(all.map((parts) => parts[part]!))));
  }

  #unstacked(state: S): readonly (S | readonly S[])[] {
    const { name, parts: names, split, join } = this.#kind;
    const layers: readonly (C | readonly C[])[] = this.recurrent.cell;
    const count = layers.flat().length;
    const parts = split(state);
    for (const [i, part] of parts.entries()) requireStacked(name, names[i]!, part, count);
    let next = 0;
    const take = (): S => {
      const at = next++;
      return join(parts.map((part) => part.select(at)));
    };
    return layers.map((layer) => (Array.isArray(layer) ? layer.map(take) : take()));
  }
}

function requireStacked(op: string, name: string, part: unknown, count: number): void {
  const shape = part instanceof Tensor ? part.shape : null;
  if (shape?.length === 3 && shape[0] === count) return;
  throw new ShapeError(
    `${op}: expected [${count}, B, H] for ${name}, one [B, H] for each layer and direction, got ${shape === null ? describeValue(part) : showShape(shape)}; initialState(batch) gives one`,
  );
}

const TENSOR = {
  parts: ['state'],
  split: (state: Tensor): readonly Tensor[] => [state],
  join: ([h]: readonly Tensor[]): Tensor => h!,
};

/**
 * Simple recurrent cells in layers and directions, as PyTorch's `nn.RNN`. The state is one tensor
 * [L·D, B, H], layer by layer and forward before backward.
 * @example new RNN(65, 128, { layers: 2, bidirectional: true, dropout: 0.2, random })
 */
export class RNN extends Stacked<Tensor, RNNCell> {
  /** @throws ValueError for options that neither the cell nor `Recurrent` accepts. */
  constructor(inputSize: number, hiddenSize: number, options: RNNOptions) {
    super({ name: 'RNN', Cell: RNNCell, keys: RNN_CELL, ...TENSOR }, inputSize, hiddenSize, options);
  }
}

/**
 * Gated recurrent units in layers and directions, as PyTorch's `nn.GRU`. The state is one tensor
 * [L·D, B, H], layer by layer and forward before backward.
 * @example new GRU(65, 128, { layers: 2, bidirectional: true, dropout: 0.2, random })
 */
export class GRU extends Stacked<Tensor, GRUCell> {
  /** @throws ValueError for options that neither the cell nor `Recurrent` accepts. */
  constructor(inputSize: number, hiddenSize: number, options: GRUOptions) {
    super({ name: 'GRU', Cell: GRUCell, keys: GRU_CELL, ...TENSOR }, inputSize, hiddenSize, options);
  }
}

const LSTM_KIND: StackKind<LSTMState, LSTMCell> = {
  name: 'LSTM',
  Cell: LSTMCell,
  keys: LSTM_CELL,
  parts: ['state.h', 'state.c'],
  split: (state) => {
    if (Array.isArray(state)) throw new ValueError(ARRAY_STATE);
    return [state?.h, state?.c];
  },
  join: ([h, c]) => ({ h: h!, c: c! }),
};
const ARRAY_STATE = 'LSTM: expected a state { h, c }, got an array; write { h, c } in place of [h, c]';

/**
 * Long short-term memory in layers and directions, as PyTorch's `nn.LSTM`. The state is
 * { h [L·D, B, H], c [L·D, B, H] }, layer by layer and forward before backward; h is [L·D, B, P]
 * with a projection.
 * @example new LSTM(65, 128, { layers: 2, bidirectional: true, dropout: 0.2, random })
 */
export class LSTM extends Stacked<LSTMState, LSTMCell> {
  /** @throws ValueError for options that neither the cell nor `Recurrent` accepts. */
  constructor(inputSize: number, hiddenSize: number, options: LSTMOptions) {
    super(LSTM_KIND, inputSize, hiddenSize, options, options?.projectionSize);
  }
}
