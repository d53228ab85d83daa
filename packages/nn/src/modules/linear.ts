/** Linear layers. */
import { linear, Parameter, type RandomOptions, type Tensor } from '@chronograd/tensor';
import { type OptionKeys, requireFunction } from '@chronograd/tensor/engine';
import { type Initializer, randomOf, uniformInit, zerosInit } from '../init.ts';
import { requireRandom } from '../internal/options.ts';
import { noteParameters } from '../internal/places.ts';
import { requireCount, requireFloatDtype } from '../internal/require.ts';
import { Module } from '../module.ts';

/** Options of layers with weights: random numbers, dtype (default: float32), and initializer. */
export interface LayerOptions extends RandomOptions {
  /** Default: PyTorch's initialization. */
  readonly init?: Initializer;
}

export const LAYER: OptionKeys<LayerOptions> = { random: true, dtype: true, init: true };

/**
 * The options of a layer. @param sizes whole numbers from 1 on, by name.
 * @throws ValueError or DtypeError for invalid sizes, random source, dtype or initializer.
 */
export function requireLayer<O extends LayerOptions>(
  op: string,
  sizes: Readonly<Record<string, number>>,
  options: O,
  keys: OptionKeys<O>,
): O {
  const { init, dtype } = requireRandom(op, options, keys);
  for (const [name, size] of Object.entries(sizes)) requireCount(op, name, size);
  if (init !== undefined) requireFunction(op, init, `{ init: xavierUniform }`);
  requireFloatDtype(op, dtype);
  return options;
}

/** Options of `Linear`. */
export interface LinearOptions extends LayerOptions {
  /** Whether it has a bias. Default: true. */
  readonly bias?: boolean;
}

const LINEAR: OptionKeys<LinearOptions> = { ...LAYER, bias: true };

/**
 * A linear layer: x·Wᵀ + b with weight [O, I] and bias [O]. Weight and bias start as in PyTorch,
 * uniform within ±1/√I. With an `init`, which is for the weight, the bias starts at 0.
 */
export class Linear extends Module {
  readonly weight: Parameter;
  readonly bias: Parameter | null;
  /** I. */
  readonly inputSize: number;
  /** O. */
  readonly outputSize: number;

  constructor(inputSize: number, outputSize: number, options: LinearOptions) {
    super();
    const sizes = { inputSize, outputSize };
    const { init = uniformInit(inputSize), bias = true } = requireLayer('Linear', sizes, options, LINEAR);
    const start = randomOf(options);
    this.weight = new Parameter(init([outputSize, inputSize], start));
    this.bias = bias ? new Parameter(biasInit(options, inputSize)([outputSize], start)) : null;
    this.inputSize = inputSize;
    this.outputSize = outputSize;
    noteParameters(this);
  }

  /** @param x shape [..., I], or int32 indices [...]. @returns shape [..., O]. */
  forward(x: Tensor): Tensor {
    return linear(x, this.weight, this.bias);
  }
}

/** The initializer of a bias: uniform ±1/√size with PyTorch's weights, zeros with any other. */
export function biasInit({ init }: LayerOptions, size: number): Initializer {
  return init === undefined ? uniformInit(size) : zerosInit;
}
