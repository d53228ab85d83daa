/** Adagrad. */
import { type Parameter, type Tensor, ValueError } from '@chronograd/tensor';
import { adagradUpdate } from '@chronograd/tensor/engine';
import { requireFromZero, requireOneOf } from '../internal/require.ts';
import type { Module } from '../module.ts';
import { decayed } from './formulas.ts';
import type { OptimizerOptions, Rate } from './groups.ts';
import { Optimizer, type Step } from './optimizer.ts';

/** Settings of `Adagrad`. */
export interface AdagradSettings extends Rate {
  /** The learning rate. Default: 0.01. */
  readonly lr: number;
  /** Decay of the learning rate: lr / (1 + (step − 1)·lrDecay), step from 1 on. Default: 0. */
  readonly lrDecay: number;
  /** λ: the gradient becomes g + λ·p. Default: 0. */
  readonly weightDecay: number;
  /** Added to the root. min-char-rnn uses 1e-8. 0 needs an `initialAccumulator`. Default: 1e-10. */
  readonly eps: number;
  /**
   * Whether eps is added outside of the root, √s + eps (PyTorch), or inside, √(s + eps)
   * (min-char-rnn and Keras). At |g| = 1e-6 the results differ by a factor of 100. Default:
   * 'outside'.
   */
  readonly epsPlace: 'inside' | 'outside';
  /** The accumulators' first value. Keras uses 0.1. Default: 0. */
  readonly initialAccumulator: number;
}

/** Options of `Adagrad`. */
export type AdagradOptions = OptimizerOptions<AdagradSettings>;

interface Slots {
  /** s, the sum of squared gradients. */
  readonly accumulator: Parameter;
}

/**
 * s ← s + g², p ← p − lr·g / (√s + eps), or √(s + eps). Duchi, Hazan and Singer, 2011; PyTorch's
 * `Adagrad` with `epsPlace` added. Without weight decay each parameter's update is one kernel
 * launch.
 */
export class Adagrad extends Optimizer<AdagradSettings, Slots> {
  constructor(model: Module, options: AdagradOptions = {}) {
    super(model, options, {
      defaults: {
        lr: 0.01,
        lrDecay: 0,
        weightDecay: 0,
        eps: 1e-10,
        epsPlace: 'outside',
        initialAccumulator: 0,
      },
      checks: {
        lrDecay: requireFromZero,
        weightDecay: requireFromZero,
        eps: requireFromZero,
        initialAccumulator: requireFromZero,
        epsPlace: requireOneOf('inside', 'outside'),
      },
      check: ({ eps, initialAccumulator }) => {
        if (eps > 0 || initialAccumulator > 0) return;
        throw new ValueError(
          'Adagrad: expected eps or initialAccumulator above 0, got 0 for both; a gradient of 0 would give 0 / 0, set a small eps such as 1e-10',
        );
      },
      slots: ({ initialAccumulator }) => ({ accumulator: initialAccumulator }),
    });
  }

  /** Sums of squared gradients by parameter name. They can be set with `assign`. */
  get accumulators(): ReadonlyMap<string, Parameter> {
    return this.slot('accumulator');
  }

  protected override apply(
    parameter: Parameter,
    gradient: Tensor,
    { settings, slots, step }: Step<AdagradSettings, Slots>,
  ): void {
    const { lr, lrDecay, weightDecay, eps, epsPlace } = settings;
    adagradUpdate(parameter, decayed(gradient, parameter, weightDecay), slots.accumulator, {
      lr: lr / (1 + (step - 1) * lrDecay),
      eps,
      epsInside: epsPlace === 'inside',
    });
  }
}
