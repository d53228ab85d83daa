/** Layer normalization. */
import {
  type FloatDtype,
  ones,
  Parameter,
  type Random,
  type Shape,
  ShapeError,
  type Tensor,
  zeros,
} from '@chronograd/tensor';
import { checkOptions, type OptionKeys, sameShape, showShape, sizeOf } from '@chronograd/tensor/engine';
import { noteParameters } from '../internal/places.ts';
import { requireAboveZero, requireCount, requireFloat, requireFloatDtype } from '../internal/require.ts';
import { Module } from '../module.ts';

/** Options of `LayerNorm`. */
export interface LayerNormOptions {
  /** Added to the variance: avoids a division by 0 for a row of equal numbers. Default: 1e-5. */
  readonly eps?: number;
  /** Whether it learns a weight, from 1, and a bias, from 0. Default: true. */
  readonly affine?: boolean;
  /** Whether it learns a bias beside the weight. Default: true. */
  readonly bias?: boolean;
  /** The dtype of weight and bias. Default: 'float32'. */
  readonly dtype?: FloatDtype;
  /** Not used. It is accepted so that the options of `Linear` are valid here too. */
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
 * Normalizes each row along the last axis, or along the last few together, to mean 0 and variance
 * 1, then scales and shifts: (x − μ) / √(σ² + eps) · weight + bias, with σ² the mean of (x − μ)².
 * Ba, Kiros and Hinton, 2016; PyTorch's `nn.LayerNorm(normalized_shape)`. A row of equal numbers,
 * however large, gives the bias.
 */
export class LayerNorm extends Module {
  /** Shape: the normalized shape. */
  readonly weight: Parameter | null;
  /** Shape: the normalized shape. */
  readonly bias: Parameter | null;
  /** The sizes of the input's last axes, which are normalized together. */
  readonly normalizedShape: Shape;
  readonly eps: number;

  /**
   * @param normalizedShape size of the last axis, or sizes of the last few.
   * @throws ValueError unless there is at least one size, sizes are whole numbers from 1 on,
   * and eps is above 0.
   */
  constructor(normalizedShape: number | Shape, options: LayerNormOptions = {}) {
    super();
    checkOptions('LayerNorm', options, OPTIONS);
    const { eps = 1e-5, affine = true, bias = true, dtype = 'float32' } = options;
    const sizes = Array.isArray(normalizedShape) ? [...normalizedShape] : [normalizedShape];
    requireCount('LayerNorm', 'the number of axes', sizes.length);
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
    const { shape } = requireFloat('LayerNorm', x);
    const lead = shape.length - normalizedShape.length;
    if (lead < 0 || !sameShape(shape.slice(lead), normalizedShape))
      throw new ShapeError(
        `LayerNorm: expected x of shape [..., ${normalizedShape.join(', ')}], got ${showShape(shape)}`,
      );
    const several = normalizedShape.length > 1;
    const rows = several ? x.reshape([...shape.slice(0, lead), sizeOf(normalizedShape)]) : x;
    // A common offset does not change the result. The first number of each row is subtracted as a
    // constant, so that large offsets cost no precision.
    const near = rows.sub(rows.detach().select(0, -1).unsqueeze(-1));
    const centered = near.sub(near.mean(-1, true));
    const normal = centered.div(centered.square().mean(-1, true).add(this.eps).sqrt());
    const shaped = several ? normal.reshape(shape) : normal;
    const scaled = weight === null ? shaped : shaped.mul(weight);
    return bias === null ? scaled : scaled.add(bias);
  }
}
