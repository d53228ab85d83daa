/** Gradient descent, plain or with momentum. */
import { type Parameter, type Tensor, ValueError } from '@chronograd/tensor';
import { sgdUpdate } from '@chronograd/tensor/engine';
import { requireObject } from '../internal/options.ts';
import { requireFinite, requireFromZero } from '../internal/require.ts';
import type { Module } from '../module.ts';
import { decayed } from './formulas.ts';
import type { OptimizerOptions, Rate } from './groups.ts';
import { Optimizer, type Step } from './optimizer.ts';

/** Settings of `SGD`. */
export interface SGDSettings extends Rate {
  /** μ, the decay rate of the direction. Default: 0. */
  readonly momentum: number;
  /** The share of each gradient after the first that is not added to the direction. Default: 0. */
  readonly dampening: number;
  /** Whether to look ahead along the direction. Sutskever and others, 2013. Default: false. */
  readonly nesterov: boolean;
  /** λ: the gradient becomes g + λ·p. Default: 0. */
  readonly weightDecay: number;
}

/** Options of `SGD`. The learning rate is required. */
export type SGDOptions = OptimizerOptions<SGDSettings> & Rate;

interface Slots {
  /** v, the direction; only with momentum. */
  readonly momentum?: Parameter;
}

/**
 * p ← p − lr·g. With momentum v ← μ·v + (1 − dampening)·g, starting with v = g, and p ← p − lr·v,
 * or p ← p − lr·(g + μ·v) with Nesterov momentum. PyTorch's `SGD`.
 */
export class SGD extends Optimizer<SGDSettings, Slots> {
  constructor(model: Module, options: SGDOptions) {
    requireObject('SGD', options, '{ lr: 0.1 }', 'the options');
    super(model, options, {
      defaults: { lr: options.lr, momentum: 0, dampening: 0, nesterov: false, weightDecay: 0 },
      checks: { momentum: requireFromZero, weightDecay: requireFromZero, dampening: requireFinite },
      check: ({ momentum, dampening, nesterov }) => {
        if (!nesterov || (momentum > 0 && dampening === 0)) return;
        throw new ValueError(
          `SGD: expected a momentum above 0 and no dampening with nesterov, got momentum ${momentum} and dampening ${dampening}`,
        );
      },
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
