/** Adagrad. */
import { type Parameter, type Tensor, ValueError } from '@chronograd/tensor';
import { adagradUpdate, showValue } from '@chronograd/tensor/engine';
import { requireFromZero } from '../internal/require.ts';
import type { Module } from '../module.ts';
import { decayed } from './formulas.ts';
import type { OptimizerOptions, Rate } from './groups.ts';
import { Optimizer, type Step } from './optimizer.ts';

/** What `Adagrad` can be told. */
export interface AdagradSettings extends Rate {
  /** The learning rate; 0.01 unless named. */
  readonly lr: number;
  /** How fast the learning rate falls: lr / (1 + (step − 1)·lrDecay), step from 1 on; 0 unless named. */
  readonly lrDecay: number;
  /** λ: the gradient is taken as g + λ·p; 0 unless named. */
  readonly weightDecay: number;
  /** 1e-10 unless named; 1e-8 in min-char-rnn. 0 only with an `initialAccumulator`: a gradient of 0 would give 0 / 0. */
  readonly eps: number;
  /** Where epsilon stands: √s + eps (`outside`, PyTorch, the default) or √(s + eps) (`inside`, min-char-rnn and Keras). At |g| = 1e-6 it decides a factor of 100. */
  readonly epsPlace: 'inside' | 'outside';
  /** What the accumulators begin with; 0 unless named, 0.1 in Keras. */
  readonly initialAccumulator: number;
}

/** Settings of `Adagrad`. */
export type AdagradOptions = OptimizerOptions<AdagradSettings>;

interface Slots {
  /** s, the sum of squared gradients. */
  readonly accumulator: Parameter;
}

/**
 * s ← s + g², p ← p − lr·g / (√s + eps), or √(s + eps). Duchi, Hazan and Singer, 2011; but for `epsPlace` as PyTorch's `Adagrad`. Without weight
 * decay each parameter's update is one kernel launch.
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
      check,
      slots: ({ initialAccumulator }) => ({ accumulator: initialAccumulator }),
    });
  }

  /** Sums of squared gradients, by parameter name; for looking at, and for loading with `assign`. `state()` has all that is to be saved. */
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

function check({ lrDecay, weightDecay, eps, epsPlace, initialAccumulator }: AdagradSettings): void {
  requireFromZero('Adagrad', 'lrDecay', lrDecay);
  requireFromZero('Adagrad', 'weightDecay', weightDecay);
  requireFromZero('Adagrad', 'eps', eps);
  requireFromZero('Adagrad', 'initialAccumulator', initialAccumulator);
  if (epsPlace !== 'inside' && epsPlace !== 'outside')
    throw new ValueError(`Adagrad: epsPlace ${showValue(epsPlace)} came, 'inside' or 'outside' was expected`);
  if (eps === 0 && initialAccumulator === 0) {
    throw new ValueError(
      'Adagrad: eps 0 came without an initialAccumulator; a gradient of 0 would give 0 / 0, name a small eps such as 1e-10',
    );
  }
}
