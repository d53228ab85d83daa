/**
 * Gradient clipping, by value or by global norm.
 */
import { leavesOf, mapTree } from '@chronograd/autograd';
import {
  ChronogradError,
  clamp,
  Parameter,
  scope,
  type Tensor,
  tensor,
  ValueError,
} from '@chronograd/tensor';
import {
  checkOptions,
  describeValue,
  inPhase,
  largestMagnitude,
  sumOfSquares,
  withoutRecording,
} from '@chronograd/tensor/engine';
import { Module } from '../module.ts';

/** A gradient is NaN or infinite, which clipping would hide. */
export class NonFiniteGradientError extends ChronogradError {
  override readonly name = 'NonFiniteGradientError';
  /** The name of the parameter. */
  readonly parameter: string;

  constructor(op: string, parameter: string, value: number) {
    super(
      `${op}: expected finite gradients, got ${value} in that of ${parameter || 'the tensor'}; find its source with detectAnomaly(model, …), or lower the learning rate`,
    );
    this.parameter = parameter;
  }
}

/** Options of `clipByGlobalNorm` and `globalNorm`. */
export interface NormOptions {
  /**
   * p above 0: the norm is (Σ |g|ᵖ)^(1/p), or the largest |g| for Infinity. PyTorch's `norm_type`.
   * Default: 2.
   */
  readonly normType?: number;
}

/**
 * Clips each element to ±`limit`. Pascanu, Mikolov and Bengio, 2013, attribute it to Mikolov;
 * min-char-rnn clips at 5.
 * @param grads a tree of gradients.
 * @returns a tree of the same form. Gradients within the limit are the same tensors.
 * @throws NonFiniteGradientError naming the parameter. ValueError unless the limit is positive.
 */
export function clipByValue<G>(grads: G, limit: number): G {
  requirePositive('clipByValue', limit, 'limit');
  refuseWeights('clipByValue', grads);
  const clip = (g: Tensor, path: string): Tensor =>
    finiteMagnitude('clipByValue', path, g) <= limit ? g : clamp(g, -limit, limit);
  return inPhase('update', () => scope(() => mapTree('clipByValue', grads, clip))) as G;
}

/**
 * Scales all gradients by one factor if their global norm is above `maxNorm`. Pascanu, Mikolov and
 * Bengio, 2013. The norm is computed in float64 and scaled by the largest element, so that no
 * finite gradient overflows.
 * @returns the tree and the norm before clipping, which is infinite only beyond the range of
 * float64. Gradients within the limit are the same tensors.
 * @throws NonFiniteGradientError naming the parameter. ValueError unless the limit and `normType`
 * are positive.
 */
export function clipByGlobalNorm<G>(
  grads: G,
  maxNorm: number,
  options: NormOptions = {},
): { readonly grads: G; readonly norm: number } {
  const op = 'clipByGlobalNorm';
  requirePositive(op, maxNorm, 'maxNorm');
  refuseWeights(op, grads);
  const { scaled, unit } = inPhase('update', () => measure(op, grads, options));
  const norm = scaled * unit;
  if (norm <= maxNorm) return { grads, norm };
  // Large gradients are first divided by their unit, since maxNorm / norm alone may be below the
  // range of float32.
  const down = Math.min(1, 1 / unit);
  const factor = maxNorm / (scaled * (unit * down));
  const clip = (g: Tensor): Tensor => (down === 1 ? g : g.mul(down)).mul(factor);
  return { grads: inPhase('update', () => scope(() => mapTree(op, grads, clip))) as G, norm };
}

/**
 * √(Σ of all squares) over a tree of gradients, or another norm. A tensor that occurs several times
 * counts once.
 * @throws NonFiniteGradientError naming the parameter. ValueError unless `normType` is positive.
 */
export function globalNorm(grads: unknown, options: NormOptions = {}): number {
  const { scaled, unit } = measure('globalNorm', grads, options);
  return scaled * unit;
}

/**
 * The global norm as `scaled · unit`. The unit is a power of two near the largest element, so that
 * dividing by it is exact and no square overflows.
 */
function measure(op: string, grads: unknown, options: NormOptions): { scaled: number; unit: number } {
  checkOptions<NormOptions>(op, options, { normType: true });
  const { normType = 2 } = options;
  requirePositive(op, normType, 'normType');
  const leaves = leavesOf(op, grads);
  const sum = (scale: number): number =>
    leaves.reduce((total, { leaf }) => total + sumOfSquares(leaf, scale), 0);
  if (normType === 2 && leaves.every(({ leaf }) => leaf.dtype === 'float32')) {
    // No square of a float32 overflows in float64: usually one reading of the gradients is enough.
    const squares = sum(1);
    if (squares > 0 && squares < LARGE) return { scaled: Math.sqrt(squares), unit: 1 };
  }
  const largest = leaves.reduce((most, { path, leaf }) => Math.max(most, finiteMagnitude(op, path, leaf)), 0);
  if (largest === 0) return { scaled: 0, unit: 1 };
  const unit = 2 ** Math.max(-1000, Math.min(1000, Math.floor(Math.log2(largest))));
  if (normType === Infinity) return { scaled: largest / unit, unit };
  if (normType !== 2) return { scaled: normOfRatios(leaves, largest, normType) * (largest / unit), unit };
  return { scaled: Math.sqrt(sum(1 / unit)), unit };
}

/** Norms up to 2²⁰ divide a limit without leaving the range of float32. */
const LARGE = 2 ** 40;

/**
 * (Σ |g/largest|ᵖ)^(1/p) without overflow. Uses ops, since the bits of `**` differ between engines.
 */
function normOfRatios(leaves: readonly { leaf: Tensor }[], largest: number, p: number): number {
  const powers = ({ leaf }: { leaf: Tensor }): Tensor => leaf.cast('float64').div(largest).abs().pow(p).sum();
  return withoutRecording(() =>
    scope(() => {
      const sum = leaves.reduce((sum, leaf) => sum + powers(leaf).item(), 0);
      return tensor(sum, { dtype: 'float64' })
        .pow(1 / p)
        .item();
    }),
  );
}

/** PyTorch's `clip_grad_norm_` takes parameters. Here that would clip the weights. */
function refuseWeights(op: string, grads: unknown): void {
  const [first] = Array.isArray(grads) ? grads : [grads];
  if (!(first instanceof Module || first instanceof Parameter)) return;
  throw new ValueError(
    `${op}: expected gradients, got ${describeValue(first)}; pass the grads that valueAndGrad(model, …) returned`,
  );
}

function finiteMagnitude(op: string, path: string, g: Tensor): number {
  const largest = largestMagnitude(g);
  if (Number.isFinite(largest)) return largest;
  throw new NonFiniteGradientError(op, path, largest);
}

function requirePositive(op: string, value: number, name: string): void {
  if (typeof value === 'number' && value > 0) return;
  const got = typeof value === 'number' ? value : describeValue(value);
  throw new ValueError(`${op}: expected a positive number for ${name}, got ${got}`);
}
