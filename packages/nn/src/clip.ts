/** Clipping: gradients made smaller where they are too large. Always say which: by value, or by global norm. */
import { leavesOf, mapTree } from '@chronograd/autograd';
import {
  ChronogradError,
  clamp,
  largestMagnitude,
  scope,
  sumOfSquares,
  type Tensor,
  ValueError,
} from '@chronograd/tensor';

/** A gradient that is NaN or infinite: clipping would hide it. */
export class NonFiniteGradientError extends ChronogradError {
  override readonly name = 'NonFiniteGradientError';
  /** The parameter whose gradient it is. */
  readonly parameter: string;

  constructor(op: string, parameter: string, value: number) {
    super(
      `${op}: the gradient of ${parameter || 'the tensor'} holds ${value}; find where it comes from with detectAnomaly(model, …), or lower the learning rate`,
    );
    this.parameter = parameter;
  }
}

/**
 * Each element limited to ±`limit`. Pascanu, Mikolov and Bengio, 2013, attribute it to Mikolov; min-char-rnn clips at 5.
 * @param grads a tree of gradients. @returns a tree of the same names; gradients that need no clipping are themselves.
 * @throws NonFiniteGradientError naming the parameter. @throws ValueError unless the limit is positive.
 */
export function clipByValue<G>(grads: G, limit: number): G {
  requirePositive('clipByValue', limit);
  return scope(() =>
    mapTree('clipByValue', grads, (g, path) =>
      finiteMagnitude('clipByValue', path, g) <= limit ? g : clamp(g, -limit, limit),
    ),
  ) as G;
}

/**
 * All gradients scaled by one factor where the norm of all of them together is above `maxNorm`. Pascanu, Mikolov and Bengio, 2013. The norm is
 * computed in float64 and scaled by the largest element, so that it overflows only where it is beyond float64.
 * @returns the tree and the norm before clipping; below the limit the gradients are themselves, bit for bit.
 * @throws NonFiniteGradientError naming the parameter. @throws ValueError unless the limit is positive.
 */
export function clipByGlobalNorm<G>(grads: G, maxNorm: number): { readonly grads: G; readonly norm: number } {
  requirePositive('clipByGlobalNorm', maxNorm);
  const norm = globalNorm(grads);
  if (norm <= maxNorm) return { grads, norm };
  const factor = maxNorm / norm;
  return { grads: scope(() => mapTree('clipByGlobalNorm', grads, (g) => g.mul(factor))) as G, norm };
}

/**
 * √(Σ of all squares) over a tree of gradients; a tensor in several places counts once.
 * @throws NonFiniteGradientError naming the parameter.
 */
export function globalNorm(grads: unknown): number {
  const leaves = leavesOf('globalNorm', grads);
  const largest = leaves.reduce(
    (most, { path, leaf }) => Math.max(most, finiteMagnitude('globalNorm', path, leaf)),
    0,
  );
  if (largest === 0) return 0;
  // A power of two: scaling by it is exact.
  const unit = 2 ** Math.max(-1000, Math.min(1000, Math.floor(Math.log2(largest))));
  const squares = leaves.reduce((sum, { leaf }) => sum + sumOfSquares(leaf, 1 / unit), 0);
  return Math.sqrt(squares) * unit;
}

function finiteMagnitude(op: string, path: string, g: Tensor): number {
  const largest = largestMagnitude(g);
  if (Number.isFinite(largest)) return largest;
  throw new NonFiniteGradientError(op, path, largest);
}

function requirePositive(op: string, limit: number): void {
  if (!(limit > 0)) throw new ValueError(`${op}: limit ${limit} came, a positive number was expected`);
}
