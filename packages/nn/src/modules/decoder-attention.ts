/** Attention of decoders: each step reads the memory that an encoder wrote. */
import { arange, ShapeError, type Tensor, tensor, ValueError, where } from '@chronograd/tensor';
import {
  checkOptions,
  type OptionKeys,
  requireTensor,
  sameShape,
  shapeOf,
  showShape,
} from '@chronograd/tensor/engine';
import { requireFloat, requireLengths } from '../internal/require.ts';
import { Module } from '../module.ts';
import { attend } from './attention.ts';
import { LAYER, type LayerOptions, Linear, requireLayer } from './linear.ts';

/** Which steps of the memory are real. Default: all. */
export interface MemoryOptions {
  /** The number of real steps of each sequence in the batch, 0 … T, from the first step on. */
  readonly lengths?: readonly number[];
  /** 0 at padded steps, anything else at real ones: shape [T, B], as `paddedBatches` has it. */
  readonly mask?: Tensor;
}

const MEMORY: OptionKeys<MemoryOptions> = { lengths: true, mask: true };

/** What a decoder reads at each step. Its tensors may be part of a cell's state. */
export interface Memory {
  /** One for each step of the encoder: [B, T, A]. */
  readonly keys: Tensor;
  /** The encoder's outputs: [B, T, M]. */
  readonly values: Tensor;
  /** 1 at real steps, 0 at padded ones: [B, 1, T]. */
  readonly mask: Tensor | null;
}

/** What a step of a decoder reads. */
export interface Context {
  /** Σ weight · value: [B, M]. */
  readonly context: Tensor;
  /** One for each step of the encoder: [B, T]. Each row sums to 1, or is 0 without a real step. */
  readonly weights: Tensor;
}

/** What both kinds share: keys from the memory, and a query at each step. */
abstract class DecoderAttention extends Module {
  /** From the encoder's outputs to keys. */
  readonly key: Linear;
  readonly querySize: number;
  readonly memorySize: number;
  readonly #op: string;

  constructor(op: string, key: Linear, querySize: number) {
    super();
    this.#op = op;
    this.key = key;
    this.querySize = querySize;
    this.memorySize = key.inputSize;
  }

  /** Scores [B, 1, T] of keys [B, T, A] for a query [B, Q]. */
  protected abstract scores(query: Tensor, keys: Tensor): Tensor;

  /**
   * Computes the keys of a sequence, once for all steps of the decoder. Values of padded steps take
   * part in no arithmetic.
   * @param encoded the encoder's outputs [T, B, M].
   * @throws ShapeError, DtypeError or ValueError for arguments that do not fit.
   */
  memory(encoded: Tensor, options: MemoryOptions = {}): Memory {
    const op = `${this.#op}.memory`;
    checkOptions(op, options, MEMORY);
    const { shape } = requireFloat(`${op}: encoded`, encoded);
    if (shape.length !== 3 || shape[2] !== this.memorySize) {
      throw new ShapeError(
        `${op}: expected the encoder's outputs [T, B, ${this.memorySize}], got ${showShape(shape)}`,
      );
    }
    const mask = maskOf(op, options, shape[0]!, shape[1]!);
    const real = encoded.transpose(0, 1);
    const values = mask === null ? real : where(mask.unsqueeze(-1), real, 0);
    return { keys: this.key.forward(values), values, mask: mask?.unsqueeze(1) ?? null };
  }

  /**
   * One step of the decoder.
   * @param query its state, usually: [B, Q]. @param memory from `memory`, of the same batch.
   * @throws ShapeError or DtypeError for arguments that do not fit.
   */
  forward(query: Tensor, { keys, values, mask }: Memory): Context {
    const shape = shapeOf(requireFloat(`${this.#op}: query`, query));
    const batch = shapeOf(requireTensor(`${this.#op}: keys`, keys))[0]!;
    if (!sameShape(shape, [batch, this.querySize])) {
      throw new ShapeError(
        `${this.#op}: expected a query [${batch}, ${this.querySize}], got ${showShape(shape)}`,
      );
    }
    const { output, weights } = attend(this.scores(query, keys), values, mask);
    return { context: output.squeeze(1), weights: weights.squeeze(1) };
  }
}

/** The mask as [B, T] of 1 and 0. */
function maskOf(op: string, { lengths, mask }: MemoryOptions, steps: number, batch: number): Tensor | null {
  if (lengths !== undefined && mask !== undefined)
    throw new ValueError(`${op}: expected lengths or mask, got both`);
  if (mask !== undefined) {
    if (!sameShape(shapeOf(requireTensor(`${op}: mask`, mask)), [steps, batch]))
      throw new ShapeError(`${op}: expected a mask [${steps}, ${batch}], got ${showShape(mask.shape)}`);
    return mask.notEqual(0).cast('int32').transpose();
  }
  if (lengths === undefined) return null;
  const real = requireLengths(op, 'lengths', lengths, [0, steps], batch);
  return arange(steps, { dtype: 'int32' }).less(tensor(real, { dtype: 'int32' }).unsqueeze(1));
}

/**
 * Additive attention of a decoder: score = v·tanh(W_q·query + W_k·encoded + b). Bahdanau, Cho and
 * Bengio, 2015.
 * @example
 * const attention = new AdditiveAttention(64, 128, 32, { random });
 * const { outputs } = encoder.forward(inputs, undefined, { lengths });
 * const memory = attention.memory(outputs, { lengths });
 * const { context, weights } = attention.forward(h, memory); // at each step of the decoder
 */
export class AdditiveAttention extends DecoderAttention {
  readonly query: Linear;
  readonly score: Linear;

  /**
   * @param querySize Q. @param memorySize M. @param size A, of the sum.
   * @throws ValueError unless sizes are whole numbers from 1 on.
   */
  constructor(querySize: number, memorySize: number, size: number, options: LayerOptions) {
    const op = 'AdditiveAttention';
    requireLayer(op, { querySize, memorySize, size }, options, LAYER);
    super(op, new Linear(memorySize, size, options), querySize);
    this.query = new Linear(querySize, size, { ...options, bias: false });
    this.score = new Linear(size, 1, { ...options, bias: false });
  }

  protected scores(query: Tensor, keys: Tensor): Tensor {
    const sums = keys.add(this.query.forward(query).unsqueeze(1));
    return this.score.forward(sums.tanh()).transpose(1, 2);
  }
}

/**
 * Dot-product attention of a decoder: score = query·(W_k·encoded)/√Q. Luong, Pham and Manning, 2015
 * ("general"), with the scale of Vaswani and others, 2017. Options and use are those of
 * `AdditiveAttention`.
 */
export class DotProductAttention extends DecoderAttention {
  /**
   * @param querySize Q. @param memorySize M.
   * @throws ValueError unless sizes are whole numbers from 1 on.
   */
  constructor(querySize: number, memorySize: number, options: LayerOptions) {
    const op = 'DotProductAttention';
    requireLayer(op, { querySize, memorySize }, options, LAYER);
    super(op, new Linear(memorySize, querySize, { ...options, bias: false }), querySize);
  }

  protected scores(query: Tensor, keys: Tensor): Tensor {
    return query
      .mul(1 / Math.sqrt(this.querySize))
      .unsqueeze(1)
      .matmul(keys.transpose(1, 2));
  }
}
