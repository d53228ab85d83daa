/** What gated cells share: weights whose rows are gates one below the other, and the shapes that a state must have. */
import { concat, Parameter, type Shape, ShapeError, Tensor, ValueError } from '@chronograd/tensor';
import {
  describeValue,
  type OptionKeys,
  requireTensor,
  shapeOf,
  showShape,
  showValue,
} from '@chronograd/tensor/engine';
import { type Initializer, randomOf, uniformInit } from '../init.ts';
import { biasInit, LAYER, type LayerOptions } from '../modules/linear.ts';

/** How a gated cell begins. `init` makes the weights gate by gate, each a matrix [H, F], [H, H] or [H, P] of its own. */
export interface GatedCellOptions extends LayerOptions {
  /** How many bias vectors: 2 as PyTorch has it (`bias_ih` and `bias_hh`), 1, or 0. 2 unless named. */
  readonly biases?: 0 | 1 | 2;
}

export const GATED: OptionKeys<GatedCellOptions> = { ...LAYER, biases: true };

/** The parameters that LSTM and GRU have in common; G gates. */
export interface GatedParameters {
  /** Shape [G·H, F]. */
  readonly weightIh: Parameter;
  /** Shape [G·H, S], S the size of the state that comes back. */
  readonly weightHh: Parameter;
  /** Shape [G·H]. */
  readonly biasIh: Parameter | null;
  /** Shape [G·H]. */
  readonly biasHh: Parameter | null;
}

/** Sizes of a gated cell: input features, hidden units, and what comes back of the output. */
interface Sizes {
  readonly inputSize: number;
  readonly hiddenSize: number;
  readonly stateSize: number;
}

/** First values. @param bias changes those of the first bias vector, given gate by gate. */
export function gatedParameters(
  cell: string,
  gates: readonly string[],
  { inputSize, hiddenSize, stateSize }: Sizes,
  options: GatedCellOptions,
  bias: (gate: string, values: Tensor) => Tensor = (_, values) => values,
): GatedParameters {
  const { init = uniformInit(hiddenSize), biases = 2 } = options;
  if (biases !== 0 && biases !== 1 && biases !== 2)
    throw new ValueError(`${cell}: biases ${showValue(biases)} came, 0, 1 or 2 was expected`);
  const start = randomOf(options);
  const each = (make: Initializer, shape: Shape): Tensor[] => gates.map(() => make(shape, start));
  const zeroOrUniform = biasInit(options, hiddenSize);
  const weightIh = new Parameter(concat(each(init, [hiddenSize, inputSize])));
  const weightHh = new Parameter(concat(each(init, [hiddenSize, stateSize])));
  const first = (): Tensor[] => each(zeroOrUniform, [hiddenSize]).map((values, k) => bias(gates[k]!, values));
  const biasIh = biases >= 1 ? new Parameter(concat(first())) : null;
  const biasHh = biases === 2 ? new Parameter(concat(each(zeroOrUniform, [hiddenSize]))) : null;
  return { weightIh, weightHh, biasIh, biasHh };
}

/** The gates as row blocks of all parameters that have them. */
export function gateBlocks(
  { biasIh, biasHh }: GatedParameters,
  gates: readonly string[],
): Readonly<Record<string, readonly string[]>> {
  return {
    weightIh: gates,
    weightHh: gates,
    ...(biasIh === null ? {} : { biasIh: gates }),
    ...(biasHh === null ? {} : { biasHh: gates }),
  };
}

/** Whether a tensor is [B, size] for the batch of an input; all else would be broadcast, and give numbers that mean nothing. */
export function isBatchOf(input: Tensor, x: unknown, size: number): x is Tensor {
  if (!(input instanceof Tensor && x instanceof Tensor) || x.dtype !== input.dtype) return false;
  const shape = shapeOf(x);
  const read = shapeOf(input);
  return shape.length === 2 && read.length === 2 && shape[0] === read[0] && shape[1] === size;
}

/** What is wrong with a state. @param came a tensor, its parts by name, or whatever else. @param expected the same with sizes. */
export function stateError(cell: string, projected: Tensor, came: unknown, expected: string): ShapeError {
  const { dtype } = requireTensor(cell, projected);
  const parts = came instanceof Tensor ? [came] : Object.values(came ?? {});
  // Dtypes are named where they are what is wrong.
  const odd = parts.some((part) => part instanceof Tensor && part.dtype !== dtype);
  const named = (x: Tensor): string => `${odd ? `${x.dtype} ` : ''}${showShape(x.shape)}`;
  const show = (x: unknown): string => (x instanceof Tensor ? named(x) : describeValue(x));
  const state =
    came instanceof Tensor || typeof came !== 'object' || came === null || Array.isArray(came)
      ? show(came)
      : `{ ${Object.entries(came)
          .map(([name, part]) => `${name} ${show(part)}`)
          .join(', ')} }`;
  return new ShapeError(
    `${cell}: a state ${state} came with an input projected to ${named(projected)}, ${expected} with the B of the input was expected; initialState(batch) gives one`,
  );
}
