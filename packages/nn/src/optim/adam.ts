/** Adam. */
import { type Parameter, type Tensor, ValueError } from '@chronograd/tensor';
import { adamUpdate, describeValue, sgdUpdate, showValue } from '@chronograd/tensor/engine';
import { requireAboveZero, requireDecay, requireFromZero } from '../internal/require.ts';
import type { Module } from '../module.ts';
import { decayed, moveAverage, wholePower } from './formulas.ts';
import type { OptimizerOptions, Rate } from './groups.ts';
import { Optimizer, type Step } from './optimizer.ts';

/** What `Adam` can be told. */
export interface AdamSettings extends Rate {
  /** The learning rate; 0.001 unless named. */
  readonly lr: number;
  /** β₁ and β₂, how much is kept of the averages of gradients and of their squares; [0.9, 0.999] unless named. */
  readonly betas: readonly [number, number];
  /** Added to the root; 1e-8 unless named. */
  readonly eps: number;
  /** λ: the gradient is taken as g + λ·p; 0 unless named. `AdamW` lets the parameters themselves decay. */
  readonly weightDecay: number;
  /**
   * Whether v is replaced by its largest value so far, element by element. Reddi, Kale and Kumar,
   * 2018. Default: false.
   */
  readonly amsgrad: boolean;
}

/** Settings of `Adam`. */
export type AdamOptions = OptimizerOptions<AdamSettings>;

/** What Adam keeps of a parameter. */
export interface Moments {
  /** m, the average of gradients. */
  readonly mean: Parameter;
  /** v, the average of squared gradients. */
  readonly square: Parameter;
  /** The largest v so far; only with amsgrad. */
  readonly maxSquare?: Parameter;
}

/** First values of the moments. */
export const firstMoments = ({ amsgrad }: AdamSettings): { readonly [K in keyof Moments]: number } => ({
  mean: 0,
  square: 0,
  ...(amsgrad ? { maxSquare: 0 } : {}),
});

/**
 * m ← β₁·m + (1 − β₁)·g, v ← β₂·v + (1 − β₂)·g², and at step t p ← p − lr·m̂ / (√v̂ + eps), where m̂ = m / (1 − β₁ᵗ) and v̂ = v / (1 − β₂ᵗ).
 * Kingma and Ba, 2015; as PyTorch's `Adam`. A parameter's t counts its own updates: one that was frozen goes on where it stood.
 */
export class Adam extends Optimizer<AdamSettings, Moments> {
  constructor(model: Module, options: AdamOptions = {}) {
    super(model, options, {
      defaults: { lr: 0.001, betas: [0.9, 0.999], eps: 1e-8, weightDecay: 0, amsgrad: false },
      check: (settings) => checkAdam('Adam', settings),
      slots: firstMoments,
    });
  }

  protected override apply(parameter: Parameter, gradient: Tensor, step: Step<AdamSettings, Moments>): void {
    adamStep(parameter, decayed(gradient, parameter, step.settings.weightDecay), step);
  }
}

/** Adam's step, in which weight decay has no part. */
export function adamStep(
  parameter: Parameter,
  g: Tensor,
  { settings, slots, step }: Step<AdamSettings, Moments>,
): void {
  const { lr, betas, eps } = settings;
  const [beta1, beta2] = betas;
  const rate = lr / (1 - wholePower(beta1, step));
  const root = Math.sqrt(1 - wholePower(beta2, step));
  const { mean, square, maxSquare } = slots;
  if (maxSquare === undefined) {
    adamUpdate(parameter, g, mean, square, { rate, beta1, beta2, root, eps });
    return;
  }
  moveAverage(mean, g, beta1);
  moveAverage(square, g.square(), beta2);
  maxSquare.assign(maxSquare.maximum(square));
  sgdUpdate(parameter, mean.div(maxSquare.sqrt().div(root).add(eps)), rate);
}

/** @throws ValueError for settings that make no sense. */
export function checkAdam(op: string, { betas, eps, weightDecay, amsgrad }: AdamSettings): void {
  if (typeof amsgrad !== 'boolean')
    throw new ValueError(`${op}: expected amsgrad true or false, got ${describeValue(amsgrad)}`);
  if (!Array.isArray(betas) || betas.length !== 2)
    throw new ValueError(`${op}: betas ${showValue(betas)} came, two numbers [β₁, β₂] were expected`);
  for (const beta of betas) requireDecay(op, 'betas', beta);
  requireAboveZero(op, 'eps', eps);
  requireFromZero(op, 'weightDecay', weightDecay);
}
