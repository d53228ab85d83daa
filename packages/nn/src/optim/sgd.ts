/** Gradient descent, plain or with momentum. */
import { type Parameter, type Tensor, ValueError } from '@chronograd/tensor';
import { sgdUpdate, showValue } from '@chronograd/tensor/engine';
import { requireObject } from '../internal/options.ts';
import { requireFromZero } from '../internal/require.ts';
import type { Module } from '../module.ts';
import { decayed } from './formulas.ts';
import type { OptimizerOptions, Rate } from './groups.ts';
import { Optimizer, type Step } from './optimizer.ts';

/** What `SGD` can be told. */
export interface SGDSettings extends Rate {
  /** μ, how much of the last direction is kept; 0 unless named. */
  readonly momentum: number;
  /** How much of each gradient but the first is left out of the direction; 0 unless named. */
  readonly dampening: number;
  /** Whether to look ahead along the direction (Nesterov, 1983; Sutskever and others, 2013); false unless named. */
  readonly nesterov: boolean;
  /** λ: the gradient is taken as g + λ·p; 0 unless named. */
  readonly weightDecay: number;
}

/** Settings of `SGD`, of which the learning rate has to be named. */
export type SGDOptions = OptimizerOptions<SGDSettings> & Rate;

interface Slots {
  /** v, the direction; only with momentum. */
  readonly momentum?: Parameter;
}

/**
 * p ← p − lr·g. With momentum v ← μ·v + (1 − dampening)·g, beginning with v = g, and p ← p − lr·v, or p − lr·(g + μ·v) with Nesterov's.
 * As PyTorch's `SGD`.
 */
export class SGD extends Optimizer<SGDSettings, Slots> {
  constructor(model: Module, options: SGDOptions) {
    requireObject('SGD', options, '{ lr: 0.1 }', 'the options');
    const { lr } = options;
    super(model, options, {
      defaults: { lr, momentum: 0, dampening: 0, nesterov: false, weightDecay: 0 },
      check,
      slots: ({ momentum }) => (momentum === 0 ? {} : { momentum: 0 }),
    });
  }

  protected override apply(
    parameter: Parameter,
    gradient: Tensor,
    { settings, slots, step }: Step<SGDSettings, Slots>,
  ): void {
    const { lr, momentum, dampening, nesterov, weightDecay } = settings;
    const g = decayed(gradient, parameter, weightDecay);
    const v = slots.momentum;
    if (v === undefined) {
      sgdUpdate(parameter, g, lr);
      return;
    }
    v.assign(step === 1 ? g : v.mul(momentum).add(g.mul(1 - dampening)));
    sgdUpdate(parameter, nesterov ? g.add(v.mul(momentum)) : v, lr);
  }
}

function check({ momentum, dampening, nesterov, weightDecay }: SGDSettings): void {
  requireFromZero('SGD', 'momentum', momentum);
  requireFromZero('SGD', 'weightDecay', weightDecay);
  if (typeof dampening !== 'number' || !Number.isFinite(dampening))
    throw new ValueError(`SGD: dampening ${showValue(dampening)} came, a finite number was expected`);
  if (nesterov && (momentum === 0 || dampening !== 0)) {
    throw new ValueError(
      `SGD: nesterov came with momentum ${momentum} and dampening ${dampening}; it needs a momentum above 0 and no dampening`,
    );
  }
}
