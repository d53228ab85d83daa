/** Adagrad. */
import { adagradUpdate, fullLike, Parameter, type Tensor, ValueError } from '@chronograd/tensor';
import type { Module } from '../module.ts';
import { Optimizer } from './optimizer.ts';

export interface AdagradOptions {
  /** 0.01 unless named. */
  readonly lr?: number;
  /** 1e-10 unless named; 1e-8 in min-char-rnn. 0 only with an `initialAccumulator`: a gradient of 0 would give 0 / 0. */
  readonly eps?: number;
  /** Where epsilon stands: √s + eps (`outside`, PyTorch, the default) or √(s + eps) (`inside`, min-char-rnn and Keras). At |g| = 1e-6 it decides a factor of 100. */
  readonly epsPlace?: 'inside' | 'outside';
  /** What the accumulators begin with; 0 unless named, 0.1 in Keras. */
  readonly initialAccumulator?: number;
}

/** s ← s + g², p ← p − lr·g / (√s + eps), or √(s + eps). Duchi, Hazan and Singer, 2011. */
export class Adagrad extends Optimizer {
  readonly eps: number;
  readonly epsPlace: 'inside' | 'outside';
  /** Sums of squared gradients, by parameter name; for saving, and for loading with `assign`. */
  readonly accumulators: ReadonlyMap<string, Parameter>;

  constructor(
    model: Module,
    { lr = 0.01, eps = 1e-10, epsPlace = 'outside', initialAccumulator = 0 }: AdagradOptions = {},
  ) {
    super(model, lr);
    if (!(eps >= 0)) throw new ValueError(`Adagrad: eps ${eps} came, a number from 0 on was expected`);
    if (eps === 0 && initialAccumulator === 0) {
      throw new ValueError(
        'Adagrad: eps 0 came without an initialAccumulator; a gradient of 0 would give 0 / 0, name a small eps such as 1e-10',
      );
    }
    if (!(initialAccumulator >= 0)) {
      throw new ValueError(
        `Adagrad: initialAccumulator ${initialAccumulator} came, a number from 0 on was expected`,
      );
    }
    this.eps = eps;
    this.epsPlace = epsPlace;
    this.accumulators = new Map(
      [...this.parameters].map(([name, parameter]) => [
        name,
        new Parameter(fullLike(parameter, initialAccumulator)),
      ]),
    );
  }

  protected override apply(name: string, parameter: Parameter, gradient: Tensor): void {
    adagradUpdate(parameter, gradient, this.accumulators.get(name)!, {
      lr: this.lr,
      eps: this.eps,
      epsInside: this.epsPlace === 'inside',
    });
  }
}
