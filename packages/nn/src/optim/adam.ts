/** Adam and AdamW, which differ in weight decay. */
import { type Parameter, type Tensor, ValueError } from '@chronograd/tensor';
import { adamUpdate, sgdUpdate, showValue } from '@chronograd/tensor/engine';
import { requireAboveZero, requireBoolean, requireDecay, requireFromZero } from '../internal/require.ts';
import type { Module } from '../module.ts';
import { decayed, moveAverage, wholePower } from './formulas.ts';
import type { OptimizerOptions, Rate } from './groups.ts';
import { type Definition, Optimizer, type Step } from './optimizer.ts';

/** Settings of `Adam` and `AdamW`. */
export interface AdamSettings extends Rate {
  /** The learning rate. Default: 0.001. */
  readonly lr: number;
  /** β₁ and β₂, the decay rates of the averages m and v. Default: [0.9, 0.999]. */
  readonly betas: readonly [number, number];
  /** Added to the root. Default: 1e-8. */
  readonly eps: number;
  /**
   * λ. In `Adam` the gradient becomes g + λ·p. Default: 0. In `AdamW` each update first does
   * p ← p − lr·λ·p. Default: 0.01.
   */
  readonly weightDecay: number;
  /**
   * Whether v is replaced by its largest value so far, element by element. Reddi, Kale and Kumar,
   * 2018. Default: false.
   */
  readonly amsgrad: boolean;
}

/** Options of `Adam`. */
export type AdamOptions = OptimizerOptions<AdamSettings>;
/** Settings of `AdamW`. */
export type AdamWSettings = AdamSettings;
/** Options of `AdamW`. */
export type AdamWOptions = OptimizerOptions<AdamWSettings>;

interface Moments {
  /** m, the average of gradients. */
  readonly mean: Parameter;
  /** v, the average of squared gradients. */
  readonly square: Parameter;
  /** The largest v so far; only with amsgrad. */
  readonly maxSquare?: Parameter;
}

const ADAM: Definition<AdamSettings, Moments> = {
  defaults: { lr: 0.001, betas: [0.9, 0.999], eps: 1e-8, weightDecay: 0, amsgrad: false },
  checks: {
    amsgrad: requireBoolean,
    betas: (op, name, betas) => {
      if (!Array.isArray(betas) || betas.length !== 2)
        throw new ValueError(`${op}: expected two numbers [β₁, β₂] for betas, got ${showValue(betas)}`);
      for (const beta of betas) requireDecay(op, name, beta);
    },
    eps: requireAboveZero,
    weightDecay: requireFromZero,
  },
  slots: ({ amsgrad }) => ({ mean: 0, square: 0, ...(amsgrad ? { maxSquare: 0 } : {}) }),
};

/**
 * m ← β₁·m + (1 − β₁)·g, v ← β₂·v + (1 − β₂)·g², and at step t p ← p − lr·m̂ / (√v̂ + eps), where
 * m̂ = m / (1 − β₁ᵗ) and v̂ = v / (1 − β₂ᵗ). Kingma and Ba, 2015; PyTorch's `Adam`. t counts the
 * parameter's own updates: it does not advance while the parameter is frozen.
 */
export class Adam extends Optimizer<AdamSettings, Moments> {
  constructor(model: Module, options: AdamOptions = {}) {
    super(model, options, ADAM);
  }

  protected override apply(parameter: Parameter, gradient: Tensor, step: Step<AdamSettings, Moments>): void {
    adamStep(parameter, decayed(gradient, parameter, step.settings.weightDecay), step);
  }
}

/**
 * p ← p − lr·λ·p, then Adam's step without decay. Loshchilov and Hutter, 2019; PyTorch's `AdamW`.
 */
export class AdamW extends Optimizer<AdamWSettings, Moments> {
  constructor(model: Module, options: AdamWOptions = {}) {
    super(model, options, { ...ADAM, defaults: { ...ADAM.defaults, weightDecay: 0.01 } });
  }

  protected override apply(parameter: Parameter, gradient: Tensor, step: Step<AdamWSettings, Moments>): void {
    const { lr, weightDecay } = step.settings;
    if (weightDecay !== 0) sgdUpdate(parameter, parameter, lr * weightDecay);
    adamStep(parameter, gradient, step);
  }
}

/** Adam's step without weight decay. */
function adamStep(
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
