/** Layer normalization. */
import {
  DtypeError,
  type FloatDtype,
  isFloat,
  ones,
  Parameter,
  type Random,
  type Shape,
  ShapeError,
  type Tensor,
  zeros,
} from '@chronograd/tensor';
import {
  checkOptions,
  type OptionKeys,
  requireTensor,
  sameShape,
  showShape,
  sizeOf,
} from '@chronograd/tensor/engine';
import { noteParameters } from '../internal/places.ts';
import { requireAboveZero, requireCount, requireFloatDtype } from '../internal/require.ts';
import { Module } from '../module.ts';

/** Options of `LayerNorm`. */
export interface LayerNormOptions {
  /** Added to the variance, so that a row of equal numbers divides by no 0. Default: 1e-5. */
  readonly eps?: number;
  /** Whether it learns a weight, from 1, and a bias, from 0. Default: true. */
  readonly affine?: boolean;
  /** Whether it learns a bias beside the weight. Default: true. */
  readonly bias?: boolean;
  /** Of weight and bias. Default: 'float32'. */
  readonly dtype?: FloatDtype;
  /** Not used. It may be there so that the options of `Linear` serve here too. */
  readonly random?: Random;
}

const OPTIONS: OptionKeys<LayerNormOptions> = {
  eps: true,
  affine: true,
  bias: true,
  dtype: true,
  random: true,
};

/**
 * Each row along the last axis, or along the last few together, brought to mean 0 and variance 1,
 * then scaled and shifted: (x − μ) / √(σ² + eps) · weight + bias, with σ² the mean of (x − μ)². Ba,
 * Kiros and Hinton, 2016; as PyTorch's `nn.LayerNorm(normalized_shape)`. A row of equal numbers
 * gives the bias, however large they are.
 */
export class LayerNorm extends Module {
  /** Of the normalized shape. */
  readonly weight: Parameter | null;
  /** Of the normalized shape. */
  readonly bias: Parameter | null;
  /** Sizes of the axes that are normalized together, the last of the input. */
  readonly normalizedShape: Shape;
  readonly eps: number;

  /**
   * @param normalizedShape size of the last axis, or sizes of the last few.
   * @throws ValueError for sizes that are no whole numbers from 1 on, none, or an eps that is not
   * above 0.
   */
  constructor(normalizedShape: number | Shape, options: LayerNormOptions = {}) {
    super();
    checkOptions('LayerNorm', options, OPTIONS);
    const { eps = 1e-5, affine = true, bias = true, dtype = 'float32' } = options;
    const sizes = Array.isArray(normalizedShape) ? [...normalizedShape] : [normalizedShape];
    requireCount('LayerNorm', 'number of axes', sizes.length);
    for (const size of sizes) requireCount('LayerNorm', 'size', size);
    requireAboveZero('LayerNorm', 'eps', eps);
    requireFloatDtype('LayerNorm', dtype);
    this.weight = affine ? new Parameter(ones(sizes, { dtype })) : null;
    this.bias = affine && bias ? new Parameter(zeros(sizes, { dtype })) : null;
    this.normalizedShape = sizes;
    this.eps = eps;
    noteParameters(this);
  }

  /**
   * @param x shape [..., normalized shape…]. @returns the same shape. @throws ShapeError for last
   * axes of other sizes.
   */
  forward(x: Tensor): Tensor {
    const { normalizedShape, weight, bias } = this;
    const { dtype, shape } = requireTensor('LayerNorm', x);
    if (!isFloat(dtype))
      throw new DtypeError(`LayerNorm: ${dtype} came, a float was expected: x.cast('float32')`);
    const lead = shape.length - normalizedShape.length;
    if (lead < 0 || !sameShape(shape.slice(lead), normalizedShape))
      throw new ShapeError(
        `LayerNorm: x ${showShape(shape)} came, [..., ${normalizedShape.join(', ')}] was expected`,
      );
    const several = normalizedShape.length > 1;
    const rows = several ? x.reshape([...shape.slice(0, lead), sizeOf(normalizedShape)]) : x;
    // What all of a row have in common changes nothing, so its first number is taken off first, as
    // a constant: large offsets cost no digits then.
    const near = rows.sub(rows.detach().select(0, -1).unsqueeze(-1));
    const centered = near.sub(near.mean(-1, true));
    const normal = centered.div(centered.square().mean(-1, true).add(this.eps).sqrt());
    const shaped = several ? normal.reshape(shape) : normal;
    const scaled = weight === null ? shaped : shaped.mul(weight);
    return bias === null ? scaled : scaled.add(bias);
  }
}
