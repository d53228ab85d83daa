/** Dropout. */
import { replayRandom } from '@chronograd/autograd';
import { bernoulli, type Random, type Tensor, where, zerosLike } from '@chronograd/tensor';
import { requireRandom } from '../internal/options.ts';
import { requireFloat, requireProbability } from '../internal/require.ts';
import { Module } from '../module.ts';

/** Options of `Dropout`. */
export interface DropoutOptions {
  /** The source of the masks. Each call in training mode advances its state. */
  readonly random: Random;
}

/**
 * In training mode each element becomes 0 with probability p, and the others are divided by 1 − p,
 * which preserves the mean. The gradient has the same mask. In evaluation mode
 * (`model.evaluate()`) it returns x. Dropped elements have no effect even if they are NaN.
 * Srivastava and others, 2014.
 */
export class Dropout extends Module {
  readonly p: number;
  /**
   * The source of the masks. Assign another one to resume from a saved state or to repeat masks:
   * `dropout.random = Random.fromState(saved)`.
   */
  random: Random;

  /** @throws ValueError unless 0 ≤ p ≤ 1 and `random` is given. */
  constructor(p: number, options: DropoutOptions) {
    super();
    requireProbability('Dropout', 'p', p);
    this.p = p;
    this.random = requireRandom('Dropout', options, { random: true }).random;
  }

  /** @param x any shape, float. @returns the same shape. */
  forward(x: Tensor): Tensor {
    const { p, training } = this;
    const { dtype, shape } = requireFloat('Dropout', x);
    if (!training || p === 0) return x;
    if (p === 1) return zerosLike(x);
    // Gradient checkpointing runs this twice with the same mask.
    const kept = replayRandom(() => bernoulli(shape, 1 - p, { random: this.random, dtype }));
    return where(kept, x, 0).mul(1 / (1 - p));
  }
}
