/** RMSprop. */
import type { Parameter, Tensor } from '@chronograd/tensor';
import { sgdUpdate } from '@chronograd/tensor/engine';
import { requireAboveZero, requireDecay, requireFromZero } from '../internal/require.ts';
import type { Module } from '../module.ts';
import { decayed, moveAverage } from './formulas.ts';
import type { OptimizerOptions, Rate } from './groups.ts';
import { Optimizer, type Step } from './optimizer.ts';

/** Settings of `RMSprop`. */
export interface RMSpropSettings extends Rate {
  /** The learning rate. Default: 0.01. */
  readonly lr: number;
  /** α, the decay rate of the averages. Default: 0.99. */
  readonly alpha: number;
  /** Added to the root; Keras adds it inside of the root. Default: 1e-8. */
  readonly eps: number;
  /**
   * Whether gradients are divided by their standard deviation instead of their root mean square
   * (Graves, 2013). Default: false.
   */
  readonly centered: boolean;
  /** μ, the decay rate of the direction. Default: 0. */
  readonly momentum: number;
  /** λ: the gradient becomes g + λ·p. Default: 0. */
  readonly weightDecay: number;
}

/** Options of `RMSprop`. */
export type RMSpropOptions = OptimizerOptions<RMSpropSettings>;

interface Slots {
  /** s, the average of squared gradients. */
  readonly square: Parameter;
  /** m, the average of gradients; only if centered. */
  readonly mean?: Parameter;
  /** v, the direction; only with momentum. */
  readonly momentum?: Parameter;
}

/**
 * s ← α·s + (1 − α)·g², and p ← p − lr·g / (√s + eps). Centered: m ← α·m + (1 − α)·g, and √(s − m²)
 * instead of √s. With momentum: v ← μ·v + g / (√s + eps), and p ← p − lr·v. Tieleman and Hinton,
 * 2012; PyTorch's `RMSprop`, except that a negative s − m², due to rounding, counts as 0 (PyTorch:
 * NaN).
 */
export class RMSprop extends Optimizer<RMSpropSettings, Slots> {
  constructor(model: Module, options: RMSpropOptions = {}) {
    super(model, options, {
      defaults: { lr: 0.01, alpha: 0.99, eps: 1e-8, centered: false, momentum: 0, weightDecay: 0 },
      checks: {
        alpha: requireDecay,
        eps: requireAboveZero,
        momentum: requireFromZero,
        weightDecay: requireFromZero,
      },
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
