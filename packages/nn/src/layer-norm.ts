/** Layer normalization. */
import {
  DtypeError,
  type FloatDtype,
  isFloat,
  ones,
  Parameter,
  type Random,
  ShapeError,
  type Tensor,
  zeros,
} from '@chronograd/tensor';
import { checkOptions, type OptionKeys, requireTensor, showShape } from '@chronograd/tensor/engine';
import { Module } from './module.ts';
import { noteParameters } from './places.ts';
import { requireAboveZero, requireCount, requireFloatDtype } from './require.ts';

/** What a `LayerNorm` can be told. */
export interface LayerNormOptions {
  /** Added to the variance, so that a row of equal numbers divides by no 0; 1e-5 unless named. */
  readonly eps?: number;
  /** Whether it learns a weight, from 1, and a bias, from 0; true unless named. */
  readonly affine?: boolean;
  /** Whether it learns a bias beside the weight; true unless named. */
  readonly bias?: boolean;
  /** Of weight and bias; float32 unless named. */
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
 * Each row along the last axis brought to mean 0 and variance 1, then scaled and shifted: (x − μ) / √(σ² + eps) · weight + bias, with σ² the mean of
 * (x − μ)². Ba, Kiros and Hinton, 2016; as PyTorch's `nn.LayerNorm(size)`. A row of equal numbers gives the bias, however large they are.
 */
export class LayerNorm extends Module {
  /** Shape [size]. */
  readonly weight: Parameter | null;
  /** Shape [size]. */
  readonly bias: Parameter | null;
  readonly size: number;
  readonly eps: number;

  /** @param size of the last axis. @throws ValueError for a size that is no whole number from 1 on, or an eps that is not above 0. */
  constructor(size: number, options: LayerNormOptions = {}) {
    super();
    checkOptions('LayerNorm', options, OPTIONS);
    const { eps = 1e-5, affine = true, bias = true, dtype } = options;
    requireCount('LayerNorm', 'size', size);
    requireAboveZero('LayerNorm', 'eps', eps);
    requireFloatDtype('LayerNorm', dtype);
    this.weight = affine ? new Parameter(ones([size], { dtype: dtype ?? 'float32' })) : null;
    this.bias = affine && bias ? new Parameter(zeros([size], { dtype: dtype ?? 'float32' })) : null;
    this.size = size;
    this.eps = eps;
    noteParameters(this);
  }

  /** @param x shape [..., size]. @returns the same shape. @throws ShapeError for a last axis of another size. */
  forward(x: Tensor): Tensor {
    const { size, weight, bias } = this;
    const { dtype, shape } = requireTensor('LayerNorm', x);
    if (!isFloat(dtype))
      throw new DtypeError(`LayerNorm: ${dtype} came, a float was expected: x.cast('float32')`);
    if (shape.at(-1) !== size)
      throw new ShapeError(`LayerNorm: x ${showShape(shape)} came, [..., ${size}] was expected`);
    // What all of a row have in common changes nothing, so its first number is taken off first, as a constant: large offsets cost no digits then.
    const near = x.sub(x.detach().select(0, -1).unsqueeze(-1));
    const centered = near.sub(near.mean(-1, true));
    const normal = centered.div(centered.square().mean(-1, true).add(this.eps).sqrt());
    const scaled = weight === null ? normal : normal.mul(weight);
    return bias === null ? scaled : scaled.add(bias);
  }
}
