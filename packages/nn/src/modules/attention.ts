/** Attention: means of values, weighted by how well their keys fit a query. */
import { arange, ShapeError, type Tensor, where } from '@chronograd/tensor';
import { checkOptions, type OptionKeys, requireTensor, shapeOf, showShape } from '@chronograd/tensor/engine';
import { requireBoolean, requireFinite, requireFloat } from '../internal/require.ts';

/** Options of `dotProductAttention`. */
export interface DotProductAttentionOptions {
  /**
   * 0 at keys that a query must not use, in any dtype. Its shape broadcasts to [..., Q, K]. Masked
   * keys get weight 0, and no gradient. A query without a key gets output 0. Default: all count.
   */
  readonly mask?: Tensor;
  /** Whether query i uses keys 0 … i only. Default: false. */
  readonly causal?: boolean;
  /** The factor of query·key. Default: 1/√D. */
  readonly scale?: number;
}

const OPTIONS: OptionKeys<DotProductAttentionOptions> = { mask: true, causal: true, scale: true };

/** The result of attention. */
export interface Attended {
  /** Σ weight · value: shape [..., Q, M]. */
  readonly output: Tensor;
  /** Shape [..., Q, K]: each row sums to 1, or is 0 if all keys are masked. */
  readonly weights: Tensor;
}

/**
 * Scaled dot-product attention: softmax(scale · query·keysᵀ)·values. Vaswani and others, 2017;
 * PyTorch's `scaled_dot_product_attention`. Leading axes, such as batch and heads, broadcast.
 * @param query shape [..., Q, D]. @param keys shape [..., K, D]. @param values shape [..., K, M].
 * @throws ShapeError, DtypeError or ValueError for arguments that do not fit.
 * @example
 * // One head of causal self-attention, as in a transformer: x is [B, T, D].
 * const [q, k, v] = projection.forward(x).chunk(3, -1);
 * const { output } = dotProductAttention(q, k, v, { causal: true });
 */
export function dotProductAttention(
  query: Tensor,
  keys: Tensor,
  values: Tensor,
  options: DotProductAttentionOptions = {},
): Attended {
  const op = 'dotProductAttention';
  checkOptions(op, options, OPTIONS);
  const [q, k] = [shapeOf(requireFloat(`${op}: query`, query)), shapeOf(requireFloat(`${op}: keys`, keys))];
  const v = shapeOf(requireFloat(`${op}: values`, values));
  const fits = q.length >= 2 && k.length >= 2 && v.length >= 2 && q.at(-1) === k.at(-1);
  if (!fits || k.at(-2) !== v.at(-2) || q.at(-1) === 0) {
    throw new ShapeError(
      `${op}: expected query [..., Q, D], keys [..., K, D] and values [..., K, M], got ${showShape(q)}, ${showShape(k)} and ${showShape(v)}`,
    );
  }
  const { mask, causal = false, scale = 1 / Math.sqrt(q.at(-1)!) } = options;
  requireBoolean(op, 'causal', causal);
  requireFinite(op, 'scale', scale);
  const scores = query.matmul(keys.transpose(-2, -1)).mul(scale);
  return attend(scores, values, unmasked(op, scores, mask, causal));
}

/** 1 where a query may use a key, or null if it may use all. */
function unmasked(op: string, scores: Tensor, mask: Tensor | undefined, causal: boolean): Tensor | null {
  const shape = shapeOf(scores);
  const earlier = causal ? lowerTriangle(shape.at(-2)!, shape.at(-1)!) : null;
  if (mask === undefined) return earlier;
  const own = shapeOf(requireTensor(`${op}: mask`, mask));
  const fits = own.every((size, i) => size === 1 || size === shape.at(i - own.length));
  if (own.length > shape.length || !fits) {
    throw new ShapeError(
      `${op}: expected a mask that broadcasts to ${showShape(shape)}, got ${showShape(own)}`,
    );
  }
  const given = mask.notEqual(0).cast('int32');
  return earlier === null ? given : given.mul(earlier);
}

/** 1 at [i, j] with j ≤ i. */
function lowerTriangle(rows: number, columns: number): Tensor {
  const row = arange(rows, { dtype: 'int32' }).unsqueeze(1);
  return row.greaterEqual(arange(columns, { dtype: 'int32' }));
}

/** e to this power is 0 beside every other score. With −Infinity, a row of them would give NaN. */
const MASKED = -1e30;

/** The weights of scores [..., Q, K], and the mean of the values. */
export function attend(scores: Tensor, values: Tensor, mask: Tensor | null): Attended {
  if (mask === null) {
    const weights = scores.softmax();
    return { output: weights.matmul(values), weights };
  }
  // A row without keys has equal weights here, and 0 after the product.
  const weights = where(mask, scores, MASKED).softmax().mul(mask.cast(scores.dtype));
  return { output: weights.matmul(values), weights };
}
