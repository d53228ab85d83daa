/** Causal convolution over time. */
import { concat, linear, Parameter, pad, ShapeError, type Tensor } from '@chronograd/tensor';
import { type OptionKeys, showShape } from '@chronograd/tensor/engine';
import { randomOf, uniformInit } from '../init.ts';
import { noteParameters } from '../internal/places.ts';
import { requireCount, requireFloat } from '../internal/require.ts';
import { Module } from '../module.ts';
import { biasInit, LAYER, type LayerOptions, requireLayer } from './linear.ts';

/** Options of `CausalConv1d`. */
export interface CausalConv1dOptions extends LayerOptions {
  /** The distance in steps between the inputs of one output. Default: 1. */
  readonly dilation?: number;
  /** Whether it has a bias. Default: true. */
  readonly bias?: boolean;
}

const CAUSAL_CONV1D: OptionKeys<CausalConv1dOptions> = { ...LAYER, dilation: true, bias: true };

/**
 * A convolution over time that reads no later step: y_t = b + Σ_k W_k·x_{t − (K − 1 − k)·d} with
 * kernel size K and dilation d. Steps before the first are 0. An output reads (K − 1)·d + 1 steps.
 * It is PyTorch's `nn.Conv1d` on inputs padded by (K − 1)·d on the left. The weight [O, I, K] and
 * its initialization are the same. Inputs are [T, B, F] in place of [B, F, T].
 */
export class CausalConv1d extends Module {
  /** Shape [O, I, K]. */
  readonly weight: Parameter;
  /** Shape [O]. */
  readonly bias: Parameter | null;
  /** I. */
  readonly inputSize: number;
  /** O. */
  readonly outputSize: number;
  /** K. */
  readonly kernelSize: number;
  readonly dilation: number;

  /** @throws ValueError unless sizes and dilation are whole numbers from 1 on. */
  constructor(inputSize: number, outputSize: number, kernelSize: number, options: CausalConv1dOptions) {
    super();
    const op = 'CausalConv1d';
    const sizes = { inputSize, outputSize, kernelSize };
    const given = requireLayer(op, sizes, options, CAUSAL_CONV1D);
    const fanIn = inputSize * kernelSize;
    const { init = uniformInit(fanIn), bias = true, dilation = 1 } = given;
    requireCount(op, 'dilation', dilation);
    const start = randomOf(options);
    const weight = init([outputSize, fanIn], start);
    this.weight = new Parameter(weight.reshape([outputSize, inputSize, kernelSize]));
    this.bias = bias ? new Parameter(biasInit(options, fanIn)([outputSize], start)) : null;
    this.inputSize = inputSize;
    this.outputSize = outputSize;
    this.kernelSize = kernelSize;
    this.dilation = dilation;
    noteParameters(this);
  }

  /**
   * @param x shape [T, B, I]. @returns shape [T, B, O]. @throws ShapeError for another shape,
   * DtypeError for integers.
   */
  forward(x: Tensor): Tensor {
    const { kernelSize: K, dilation, inputSize: I, outputSize: O } = this;
    const { shape } = requireFloat('CausalConv1d', x);
    if (shape.length !== 3 || shape[2] !== I) {
      throw new ShapeError(`CausalConv1d: expected x of shape [T, B, ${I}], got ${showShape(shape)}`);
    }
    const T = shape[0] ?? 0;
    // One product over K shifted copies: columns are k, then i, as those of the weight.
    const padded = K === 1 ? x : pad(x, [[(K - 1) * dilation, 0]]);
    const shifted = Array.from({ length: K }, (_, k) => padded.slice([k * dilation, k * dilation + T]));
    const columns = this.weight.permute([0, 2, 1]).reshape([O, K * I]);
    return linear(K === 1 ? x : concat(shifted, 2), columns, this.bias);
  }
}
