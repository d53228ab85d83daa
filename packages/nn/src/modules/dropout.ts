/** Dropout. */
import { drawnOnce } from '@chronograd/autograd';
import {
  bernoulli,
  DtypeError,
  isFloat,
  type Random,
  type Tensor,
  ValueError,
  where,
  zerosLike,
} from '@chronograd/tensor';
import { requireTensor, showValue } from '@chronograd/tensor/engine';
import { requireRandom } from '../internal/options.ts';
import { Module } from '../module.ts';

/** What a `Dropout` draws from. */
export interface DropoutOptions {
  /** Its state moves on with each call in training mode. */
  readonly random: Random;
}

/**
 * In training mode each element becomes 0 with probability p, and what is kept is divided by 1 − p, so that its mean stays; the gradient takes
 * the same way. In evaluation mode (`model.evaluate()`) x itself. What is dropped counts for nothing even where it is NaN.
 * Srivastava and others, 2014.
 */
export class Dropout extends Module {
  readonly p: number;
  /**
   * Where the masks come from. May be replaced, in order to go on from a saved state or to draw the same masks again:
   * `dropout.random = Random.fromState(saved)`.
   */
  random: Random;

  /** @throws ValueError unless 0 ≤ p ≤ 1 and a source of random numbers is given. */
  constructor(p: number, options: DropoutOptions) {
    super();
    if (typeof p !== 'number' || !(p >= 0 && p <= 1))
      throw new ValueError(`Dropout: p ${showValue(p)} came, a probability from 0 to 1 was expected`);
    this.p = p;
    this.random = requireRandom('Dropout', options, { random: true }).random;
  }

  /** @param x any shape, float. @returns the same shape. */
  forward(x: Tensor): Tensor {
    const { p, training } = this;
    const { dtype, shape } = requireTensor('Dropout', x);
    if (!isFloat(dtype))
      throw new DtypeError(`Dropout: ${dtype} came, a float was expected: x.cast('float32')`);
    if (!training || p === 0) return x;
    if (p === 1) return zerosLike(x);
    // Under gradient checkpointing the same mask serves both runs.
    const kept = drawnOnce(() => bernoulli(shape, 1 - p, { random: this.random, dtype }));
    return where(kept, x, 0).mul(1 / (1 - p));
  }
}
