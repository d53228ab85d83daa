/** RMSprop. */
import type { Parameter, Tensor } from '@chronograd/tensor';
import { sgdUpdate } from '@chronograd/tensor/engine';
import { requireAboveZero, requireDecay, requireFromZero } from '../internal/require.ts';
import type { Module } from '../module.ts';
import { decayed, moveAverage } from './formulas.ts';
import type { OptimizerOptions, Rate } from './groups.ts';
import { Optimizer, type Step } from './optimizer.ts';

/** What `RMSprop` can be told. */
export interface RMSpropSettings extends Rate {
  /** The learning rate; 0.01 unless named. */
  readonly lr: number;
  /** α, how much of the averages is kept; 0.99 unless named. */
  readonly alpha: number;
  /** Added to the root; 1e-8 unless named. Keras has it inside of the root. */
  readonly eps: number;
  /** Whether gradients are divided by their standard deviation and not by their root mean square (Graves, 2013); false unless named. */
  readonly centered: boolean;
  /** μ, how much of the last direction is kept; 0 unless named. */
  readonly momentum: number;
  /** λ: the gradient is taken as g + λ·p; 0 unless named. */
  readonly weightDecay: number;
}

/** Settings of `RMSprop`. */
export type RMSpropOptions = OptimizerOptions<RMSpropSettings>;

interface Slots {
  /** s, the average of squared gradients. */
  readonly square: Parameter;
  /** m, the average of gradients; only where centered. */
  readonly mean?: Parameter;
  /** v, the direction; only with momentum. */
  readonly momentum?: Parameter;
}

/**
 * s ← α·s + (1 − α)·g², and p ← p − lr·g / (√s + eps). Centered: m ← α·m + (1 − α)·g, and √(s − m²) in place of √s. With momentum:
 * v ← μ·v + g / (√s + eps), and p ← p − lr·v. Tieleman and Hinton, 2012; as PyTorch's `RMSprop`, except that s − m² counts as 0 where rounding
 * makes it negative (PyTorch gives NaN then).
 */
export class RMSprop extends Optimizer<RMSpropSettings, Slots> {
  constructor(model: Module, options: RMSpropOptions = {}) {
    super(model, options, {
      defaults: { lr: 0.01, alpha: 0.99, eps: 1e-8, centered: false, momentum: 0, weightDecay: 0 },
      check,
      slots: ({ centered, momentum }) => ({
        square: 0,
        ...(centered ? { mean: 0 } : {}),
        ...(momentum === 0 ? {} : { momentum: 0 }),
      }),
    });
  }

  protected override apply(
    parameter: Parameter,
    gradient: Tensor,
    { settings, slots }: Step<RMSpropSettings, Slots>,
  ): void {
    const { lr, alpha, eps, weightDecay } = settings;
    const { square, mean, momentum: v } = slots;
    const g = decayed(gradient, parameter, weightDecay);
    moveAverage(square, g.square(), alpha);
    if (mean !== undefined) moveAverage(mean, g, alpha);
    const variance = mean === undefined ? square : square.sub(mean.square()).maximum(0);
    const direction = g.div(variance.sqrt().add(eps));
    v?.assign(v.mul(settings.momentum).add(direction));
    sgdUpdate(parameter, v ?? direction, lr);
  }
}

function check({ alpha, eps, momentum, weightDecay }: RMSpropSettings): void {
  requireDecay('RMSprop', 'alpha', alpha);
  requireAboveZero('RMSprop', 'eps', eps);
  requireFromZero('RMSprop', 'momentum', momentum);
  requireFromZero('RMSprop', 'weightDecay', weightDecay);
}
