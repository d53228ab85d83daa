/** The learning-rate range test: losses at growing learning rates. */
import { ValueError } from '@chronograd/tensor';
import { inNameOf, type OptionKeys } from '@chronograd/tensor/engine';
import { requireOptions } from '../internal/options.ts';
import { requireAboveZero, requireCount, requireDecay, requireOneOf } from '../internal/require.ts';
import { wholePower } from '../optim/formulas.ts';
import { Fit } from './fit.ts';
import type { CarryFitOptions, FitOptions } from './options.ts';
import { type LRRangeTest, RangeCurve } from './range-curve.ts';
import { runOptions } from './run-options.ts';
import { NonFiniteStepError } from './update.ts';

/** Options of `fit` that a range test does not have. */
type Unused = 'steps' | 'epochs' | 'validation' | 'plateau' | 'ema' | 'finalWeights' | 'checkpoint';

/** Options of `lrRangeTest` besides those of `fit`. */
export interface LRRangeTestSettings {
  /** The first learning rate. Default: 1e-7. */
  readonly low?: number;
  /** The last learning rate. Default: 10. */
  readonly high?: number;
  /** The number of updates from `low` to `high`. Default: 100. */
  readonly steps?: number;
  /** How the rate grows: by equal factors, or by equal differences. Default: 'exponential'. */
  readonly growth?: 'exponential' | 'linear';
  /** The share of the past in the smoothed loss; from 0 on, below 1. Default: 0.98. */
  readonly smoothing?: number;
  /**
   * The test ends when the smoothed loss is above its minimum by more than this many times the
   * minimum, or its fall from the first loss if that is larger. Default: 3.
   */
  readonly divergence?: number;
}

/** Options of `lrRangeTest`. */
export interface LRRangeTestOptions<Batch extends readonly unknown[]>
  extends LRRangeTestSettings,
    Omit<FitOptions<Batch>, Unused> {}

/** Options of `lrRangeTest` with a state that is carried from batch to batch. */
export interface CarryLRRangeTestOptions<Batch extends readonly unknown[], State>
  extends LRRangeTestSettings,
    Omit<CarryFitOptions<Batch, State>, Unused> {}

const KEYS: OptionKeys<LRRangeTestOptions<readonly unknown[]>> = {
  low: true,
  high: true,
  steps: true,
  growth: true,
  smoothing: true,
  divergence: true,
  model: true,
  optimizer: true,
  loss: true,
  batches: true,
  initialState: true,
  accumulate: true,
  clip: true,
  randoms: true,
  signal: true,
  inspect: true,
  around: true,
  pause: true,
  check: true,
  plan: true,
  shards: true,
  workers: true,
};

/**
 * Trains for some updates while the learning rate grows, and returns the losses. Afterwards the
 * weights, the optimizer, the random generators that `fit` saves, and the position in batches with
 * a `state` are as before, bit for bit. Smith, 2017 (arXiv 1506.01186, section 3.3). The defaults
 * are those of fastai's `lr_find`.
 *
 * The rate is `optimizer.lr`. Schedules do not apply during the test, and groups with their own
 * rate keep it. The test ends early when the loss diverges, or when a loss or gradient is not
 * finite, which is no error here.
 * @throws ValueError for invalid options.
 * @example
 * const { suggestion } = await lrRangeTest({ model, optimizer, loss, batches });
 * if (suggestion !== null) optimizer.lr = suggestion;
 */
export function lrRangeTest<Batch extends readonly unknown[], State>(
  options: CarryLRRangeTestOptions<Batch, State>,
): Promise<LRRangeTest>;
export function lrRangeTest<Batch extends readonly unknown[]>(
  options: LRRangeTestOptions<Batch>,
): Promise<LRRangeTest>;
export async function lrRangeTest(options: object): Promise<LRRangeTest> {
  const op = 'lrRangeTest';
  const { low, high, steps, growth, smoothing, divergence, ...rest } = checked(op, options);
  const { optimizer } = rest;
  const run = new Fit(inNameOf(op, () => runOptions({ ...rest, steps })));
  const rateAt = ratesFrom(low, high, steps, growth);
  const curve = new RangeCurve({ smoothing, divergence, skipped: Math.floor(steps / 10) });
  const before = run.snapshot();
  const { schedule } = optimizer;
  try {
    optimizer.schedule = null;
    optimizer.lr = rateAt(0);
    for await (const event of run) {
      if (event.type !== 'step') continue;
      curve.add(event.lr, event.loss);
      if (curve.diverged || event.step === steps) break;
      optimizer.lr = rateAt(event.step);
    }
  } catch (error) {
    if (!(error instanceof NonFiniteStepError)) throw error;
  } finally {
    optimizer.schedule = schedule;
    run.restore(before);
  }
  return curve.result();
}

type Checked = Required<LRRangeTestSettings> & Omit<FitOptions<readonly unknown[]>, Unused>;

/** The options with all defaults. @throws ValueError for those that `fit` does not have. */
function checked(op: string, options: object): Checked {
  const example = '{ model, optimizer, loss, batches }';
  const given = requireOptions(op, options as LRRangeTestOptions<readonly unknown[]>, example, KEYS);
  const { low = 1e-7, high = 10, steps = 100, growth = 'exponential' } = given;
  const { smoothing = 0.98, divergence = 3 } = given;
  requireAboveZero(op, 'low', low);
  requireAboveZero(op, 'high', high);
  requireCount(op, 'steps', steps);
  requireOneOf('exponential', 'linear')(op, 'growth', growth);
  requireDecay(op, 'smoothing', smoothing);
  requireAboveZero(op, 'divergence', divergence);
  if (low < high) return { ...given, low, high, steps, growth, smoothing, divergence };
  throw new ValueError(`${op}: expected low below high, got ${low} and ${high}`);
}

/** The rate of each update, from 0 on. */
function ratesFrom(
  low: number,
  high: number,
  steps: number,
  growth: 'exponential' | 'linear',
): (i: number) => number {
  const last = Math.max(1, steps - 1);
  if (growth === 'linear') return (i) => (i === last ? high : low + (high - low) * (i / last));
  const factor = rootOf(high / low, last);
  return (i) => (i === last ? high : low * wholePower(factor, i));
}

/** The n-th root of a number from 1 on, by bisection: the bits of `**` differ between engines. */
function rootOf(x: number, n: number): number {
  let [below, above] = [1, x];
  for (;;) {
    const middle = (below + above) / 2;
    if (middle === below || middle === above) return below;
    if (wholePower(middle, n) <= x) below = middle;
    else above = middle;
  }
}
