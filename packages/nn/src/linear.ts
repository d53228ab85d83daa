/** Linear layers. */
import { linear, Parameter, type RandomOptions, type Tensor } from '@chronograd/tensor';
import { type Initializer, uniformInit, zerosInit } from './init.ts';
import { Module } from './module.ts';
import { requireOptions } from './options.ts';

/** How weights begin: where random bits come from, the dtype (float32), and the values. */
export interface LayerOptions extends RandomOptions {
  /** PyTorch's unless named. */
  readonly init?: Initializer;
}

/** A linear layer: x·Wᵀ + b with weight [O, I] and bias [O]. */
export class Linear extends Module {
  readonly weight: Parameter;
  readonly bias: Parameter | null;
  /** I. */
  readonly inputSize: number;
  /** O. */
  readonly outputSize: number;

  /**
   * @param init the weight's first values; PyTorch's uniform ±1/√I unless named, and then the bias has them too. With an `init` of one's own
   * the bias starts at 0.
   */
  constructor(inputSize: number, outputSize: number, options: LayerOptions & { readonly bias?: boolean }) {
    super();
    const { init = uniformInit(inputSize), bias = true } = requireOptions(
      'Linear',
      options,
      '{ random: new Random(seed) }',
    );
    this.weight = new Parameter(init([outputSize, inputSize], options));
    this.bias = bias ? new Parameter(biasInit(options, inputSize)([outputSize], options)) : null;
    this.inputSize = inputSize;
    this.outputSize = outputSize;
  }

  /** @param x shape [..., I], or int32 indices [...]. @returns shape [..., O]. */
  forward(x: Tensor): Tensor {
    return linear(x, this.weight, this.bias);
  }
}

/** First values of a bias: PyTorch's uniform ±1/√size beside PyTorch's weights, zeros beside any other. */
export function biasInit({ init }: LayerOptions, size: number): Initializer {
  return init === undefined ? uniformInit(size) : zerosInit;
}
