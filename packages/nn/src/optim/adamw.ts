/** AdamW. */
import type { Parameter, Tensor } from '@chronograd/tensor';
import { sgdUpdate } from '@chronograd/tensor/engine';
import type { Module } from '../module.ts';
import { type AdamSettings, adamStep, checkAdam, firstMoments, type Moments } from './adam.ts';
import type { OptimizerOptions } from './groups.ts';
import { Optimizer, type Step } from './optimizer.ts';

/** What `AdamW` can be told: as `Adam`, but that weightDecay, 0.01 unless named, shrinks the parameters themselves. */
export interface AdamWSettings extends AdamSettings {
  /** λ: each update first takes p to p − lr·λ·p; 0.01 unless named. */
  readonly weightDecay: number;
}

/** Settings of `AdamW`. */
export type AdamWOptions = OptimizerOptions<AdamWSettings>;

/** p ← p − lr·λ·p, then Adam's step by the gradient alone. Loshchilov and Hutter, 2019; as PyTorch's `AdamW`. */
export class AdamW extends Optimizer<AdamWSettings, Moments> {
  constructor(model: Module, options: AdamWOptions = {}) {
    super(model, options, {
      defaults: { lr: 0.001, betas: [0.9, 0.999], eps: 1e-8, weightDecay: 0.01, amsgrad: false },
      check: (settings) => checkAdam('AdamW', settings),
      slots: firstMoments,
    });
  }

  protected override apply(parameter: Parameter, gradient: Tensor, step: Step<AdamWSettings, Moments>): void {
    const { lr, weightDecay } = step.settings;
    if (weightDecay !== 0) sgdUpdate(parameter, parameter, lr * weightDecay);
    adamStep(parameter, gradient, step);
  }
}
