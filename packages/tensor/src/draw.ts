/** Tensors of random numbers. A seed gives the same numbers on every engine. */
import { wrap } from './create.ts';
import { below, checkDtype, type FloatDtype, requireFloat, rounding } from './dtype.ts';
import { hostDraw } from './effects.ts';
import { describeValue, requireNumber, ValueError } from './errors.ts';
import { hostArray } from './memory/storage.ts';
import { checkOptions, type OptionKeys } from './options.ts';
import type { Random } from './random.ts';
import { checkShape, type Shape, sizeOf } from './shape.ts';
import type { Tensor } from './tensor.ts';

/** Options of all functions that draw random numbers. */
export interface RandomOptions {
  /** The source of random bits: `new Random(seed)`. */
  readonly random: Random;
  /** Default: float32. */
  readonly dtype?: FloatDtype;
}

/** Options of `normal`. */
export interface NormalOptions extends RandomOptions {
  /** Default: 0. */
  readonly mean?: number;
  /** Standard deviation. Default: 1. */
  readonly std?: number;
}

/** Options of `uniform`. */
export interface UniformOptions extends RandomOptions {
  /** Default: 0. */
  readonly low?: number;
  /** Default: 1. */
  readonly high?: number;
}

const RANDOM: OptionKeys<RandomOptions> = { random: true, dtype: true };
const NORMAL: OptionKeys<NormalOptions> = { ...RANDOM, mean: true, std: true };
const UNIFORM: OptionKeys<UniformOptions> = { ...RANDOM, low: true, high: true };

/**
 * Normally distributed numbers.
 * @throws ValueError unless `mean` and `std` are finite and `std` is not negative.
 */
export function normal(shape: Shape, options: NormalOptions): Tensor {
  const op = 'normal';
  const { random, mean = 0, std = 1 } = requireRandom(op, options, NORMAL);
  requireNumber(op, 'mean', mean, 'a finite number', Number.isFinite);
  requireNumber(op, 'std', std, 'a finite number from 0 on', (n) => Number.isFinite(n) && n >= 0);
  return filled(op, shape, options, () => mean + std * random.normal());
}

/**
 * Numbers distributed uniformly over low ≤ x < high, also after rounding to the dtype. Equal bounds
 * give `low`.
 * @throws ValueError unless the bounds and their distance are finite, `low` is at most `high`, and
 * the dtype has a number between them.
 */
export function uniform(shape: Shape, options: UniformOptions): Tensor {
  const op = 'uniform';
  const { random, dtype = 'float32', low = 0, high = 1 } = requireRandom(op, options, UNIFORM);
  const round = rounding(requireFloat(op, checkDtype(op, dtype), ''));
  const fits = (bound: number): boolean => Number.isFinite(round(bound));
  requireNumber(op, 'low', low, `a finite ${dtype}`, fits);
  requireNumber(op, 'high', high, `a finite ${dtype}`, fits);
  const first = round(low) < low ? -below(dtype, -low) : round(low);
  const last = low === high ? first : below(dtype, high);
  if (!(first <= last && Number.isFinite(high - low))) {
    throw new ValueError(
      `${op}: expected low < high, a finite distance apart and with a ${dtype} between them, got low ${low} and high ${high}`,
    );
  }
  // Only rounding leaves the interval. Such a draw becomes the nearest end, and all others keep
  // their bits.
  const next = (): number => {
    const x = round(low + (high - low) * random.uniform());
    return Math.min(Math.max(x, first), last);
  };
  return filled(op, shape, options, next);
}

/**
 * 1 with the given probability, otherwise 0. Each is one draw of 32 bits, so the probability is
 * rounded up to a multiple of 2⁻³².
 * @throws ValueError unless 0 ≤ `probability` ≤ 1.
 */
export function bernoulli(shape: Shape, probability: number, options: RandomOptions): Tensor {
  const op = 'bernoulli';
  requireNumber(op, 'the probability', probability, 'a number from 0 to 1', (p) => p >= 0 && p <= 1);
  const { random } = requireRandom(op, options, RANDOM);
  const limit = probability * 2 ** 32;
  return filled(op, shape, options, () => (random.bits() < limit ? 1 : 0));
}

function requireRandom<O extends RandomOptions>(op: string, options: O, keys: OptionKeys<O>): O {
  checkOptions(op, options, keys);
  if (typeof options?.random?.normal === 'function') return options;
  throw new ValueError(
    `${op}: expected a source of random numbers for random, got ${describeValue(options?.random)}; pass { random: new Random(seed) }`,
  );
}

function filled(op: string, shape: Shape, { dtype = 'float32' }: RandomOptions, next: () => number): Tensor {
  checkShape(op, shape);
  const array = hostArray(requireFloat(op, checkDtype(op, dtype), ''), sizeOf(shape));
  const x = wrap(array, [...shape], op);
  hostDraw(x.storage, () => {
    for (let i = 0; i < array.length; i++) array[i] = next();
  });
  return x;
}
