/**
 * The base of `RNNCell`, `LSTMCell` and `GRUCell`: parameters, projection, and check of a state.
 */
import { concat, linear, Parameter, type Shape, ShapeError, Tensor } from '@chronograd/tensor';
import {
  describeValue,
  inNameOf,
  type OptionKeys,
  requireTensor,
  shapeOf,
  showShape,
} from '@chronograd/tensor/engine';
import { summedBiases } from '../formats/state-dict/cell-forms.ts';
import type { StateForm } from '../formats/state-dict/form.ts';
import { type Initializer, randomOf, uniformInit } from '../init.ts';
import { noteParameters } from '../internal/places.ts';
import { requireOneOf } from '../internal/require.ts';
import { biasInit, LAYER, type LayerOptions, requireLayer } from '../modules/linear.ts';
import { ProjectedCell } from './cell.ts';

/** Options of every gated cell. `init` makes one matrix per gate: [H, F], [H, H] or [H, P]. */
export interface GatedCellOptions extends LayerOptions {
  /**
   * The number of bias vectors: 2 as in PyTorch (`bias_ih` and `bias_hh`), 1 as in min-char-rnn
   * (`bh`), or 0. Default: 2.
   */
  readonly biases?: 0 | 1 | 2;
}

export const GATED: OptionKeys<GatedCellOptions> = { ...LAYER, biases: true };

const requireBiases = requireOneOf(0, 1, 2);

/** What distinguishes a kind of gated cell. */
interface CellKind<O extends GatedCellOptions> {
  /** The class, for errors. */
  readonly name: string;
  /** The G gates in the order of the weights' rows. One block of rows has no name. */
  readonly gates: readonly string[];
  readonly keys: OptionKeys<O>;
  /** S, the size of the hidden state that `weightHh` reads. Default: H. */
  readonly stateSize?: number;
  /** Changes the first values of `biasIh`, gate by gate. */
  readonly bias?: (gate: string, values: Tensor) => Tensor;
}

/** A cell with PyTorch's parameters: the rows of each are G gates. Extend it with `advance`. */
export abstract class GatedCell<State> extends ProjectedCell<State> {
  /** Shape [G·H, F]. */
  readonly weightIh: Parameter;
  /** Shape [G·H, S]. */
  readonly weightHh: Parameter;
  /** Shape [G·H]. */
  readonly biasIh: Parameter | null;
  /** Shape [G·H]. */
  readonly biasHh: Parameter | null;
  /** H. */
  readonly hiddenSize: number;
  readonly #name: string;
  readonly #gates: readonly string[];

  protected constructor(
    { name, gates, keys, stateSize, bias = (_, values) => values }: CellKind<GatedCellOptions>,
    inputSize: number,
    hiddenSize: number,
    options: GatedCellOptions,
  ) {
    super();
    requireLayer(name, { inputSize, hiddenSize }, options, keys);
    const { init = uniformInit(hiddenSize), biases = 2 } = options;
    requireBiases(name, 'biases', biases);
    const start = randomOf(options);
    const initBias = biasInit(options, hiddenSize);
    const each = (make: Initializer, shape: Shape): Tensor[] => gates.map(() => make(shape, start));
    this.weightIh = new Parameter(concat(each(init, [hiddenSize, inputSize])));
    this.weightHh = new Parameter(concat(each(init, [hiddenSize, stateSize ?? hiddenSize])));
    const first = (): Tensor[] => each(initBias, [hiddenSize]).map((values, k) => bias(gates[k]!, values));
    this.biasIh = biases >= 1 ? new Parameter(concat(first())) : null;
    this.biasHh = biases === 2 ? new Parameter(concat(each(initBias, [hiddenSize]))) : null;
    this.hiddenSize = hiddenSize;
    this.#name = name;
    this.#gates = gates;
    noteParameters(this);
  }

  override stateForm(): StateForm {
    return summedBiases(this);
  }

  /** The gates as row blocks of all parameters that have them. */
  override blocks(): Readonly<Record<string, readonly string[]>> {
    const gates = this.#gates;
    if (gates.length === 1) return {};
    return {
      weightIh: gates,
      weightHh: gates,
      ...(this.biasIh === null ? {} : { biasIh: gates }),
      ...(this.biasHh === null ? {} : { biasHh: gates }),
    };
  }

  override project(x: Tensor): Tensor {
    const projected = this.projectInput(x);
    return this.biasHh === null ? projected : projected.add(this.biasHh);
  }

  /** x·Wihᵀ + b_ih. */
  protected projectInput(x: Tensor): Tensor {
    return inNameOf(this.#name, () => linear(x, this.weightIh, this.biasIh));
  }
}

/**
 * Whether a tensor is [B, size] with the batch and dtype of an input. Any other shape would
 * broadcast and give meaningless numbers.
 */
export function isBatchOf(input: Tensor, x: unknown, size: number): x is Tensor {
  if (!(input instanceof Tensor && x instanceof Tensor) || x.dtype !== input.dtype) return false;
  const shape = shapeOf(x);
  const read = shapeOf(input);
  return shape.length === 2 && read.length === 2 && shape[0] === read[0] && shape[1] === size;
}

/** The error for a wrong state. @param got any value. @param expected the form with its sizes. */
export function stateError(cell: string, projected: Tensor, got: unknown, expected: string): ShapeError {
  const { dtype } = requireTensor(cell, projected);
  const parts = got instanceof Tensor ? [got] : Object.values(got ?? {});
  // Dtypes are shown only if they are the difference.
  const odd = parts.some((part) => part instanceof Tensor && part.dtype !== dtype);
  const named = (x: Tensor): string => `${odd ? `${x.dtype} ` : ''}${showShape(x.shape)}`;
  const show = (x: unknown): string => (x instanceof Tensor ? named(x) : describeValue(x));
  const state =
    got instanceof Tensor || typeof got !== 'object' || got === null || Array.isArray(got)
      ? show(got)
      : `{ ${Object.entries(got)
          .map(([name, part]) => `${name} ${show(part)}`)
          .join(', ')} }`;
  return new ShapeError(
    `${cell}: expected a state ${expected} with the B of the input, got ${state} with an input projected to ${named(projected)}; initialState(batch) gives one`,
  );
}
