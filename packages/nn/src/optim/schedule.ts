/** Learning-rate schedules: functions from the number of updates so far to a factor of the rate. */
import { ValueError } from '@chronograd/tensor';
import { checkOptions, describeValue, type OptionKeys } from '@chronograd/tensor/engine';
import { requireCount, requireFromZero } from '../internal/require.ts';
import { wholePower } from './formulas.ts';

/**
 * The factor of the learning rate after `step` updates (0 before the first). Any function is a
 * schedule, and so are products and sequences of schedules.
 * @example
 * new Adam(model, { lr: 0.01, schedule: linearWarmup(100, { after: cosineDecay(900) }) });
 * optimizer.lr = 0.01 * exponentialDecay(0.999)(step); // or by hand, before each update
 */
export type Schedule = (step: number) => number;

/** @throws ValueError for anything but a schedule or nothing. */
export function requireSchedule(op: string, name: string, schedule: Schedule | null | undefined): void {
  if (schedule === undefined || schedule === null || typeof schedule === 'function') return;
  throw new ValueError(
    `${op}: expected a function from the number of updates to a factor for ${name}, got ${describeValue(schedule)}; for example cosineDecay(1000)`,
  );
}

/** A schedule that checks its argument. */
export function counting(op: string, factorAt: Schedule): Schedule {
  return (step) => {
    requireFromZero(op, 'step', step);
    return factorAt(step);
  };
}

/** The factor is applied after every `every` updates: factor^⌊step / every⌋. PyTorch's `StepLR`. */
export function stepDecay(every: number, factor = 0.1): Schedule {
  requireCount('stepDecay', 'every', every);
  requireFromZero('stepDecay', 'factor', factor);
  return counting('stepDecay', (step) => wholePower(factor, Math.floor(step / every)));
}

/** Multiplies the rate by `factor` after every update: factorˢᵗᵉᵖ. PyTorch's `ExponentialLR`. */
export function exponentialDecay(factor: number): Schedule {
  requireFromZero('exponentialDecay', 'factor', factor);
  return counting('exponentialDecay', (step) => wholePower(factor, step));
}

/**
 * Half a cosine from 1 down to `floor` within `steps` updates, then `floor`:
 * floor + (1 − floor)·(1 + cos(π·step / steps)) / 2. Loshchilov and Hutter, 2017; PyTorch's
 * `CosineAnnealingLR` up to `steps`.
 */
export function cosineDecay(steps: number, floor = 0): Schedule {
  requireCount('cosineDecay', 'steps', steps);
  requireFromZero('cosineDecay', 'floor', floor);
  return counting(
    'cosineDecay',
    (step) => floor + (1 - floor) * (step >= steps ? 0 : halfCosine(step / steps)),
  );
}

/** Options of `linearWarmup`. */
export interface WarmupOptions {
  /** The factor of the first update. Default: 1 / steps. */
  readonly from?: number;
  /** The schedule from the end of the warm-up on, which is its step 0. Default: a factor of 1. */
  readonly after?: Schedule;
}

const WARMUP: OptionKeys<WarmupOptions> = { from: true, after: true };

/** A straight line from `from` up to 1 within `steps` updates. PyTorch's `LinearLR`. */
export function linearWarmup(steps: number, options: WarmupOptions = {}): Schedule {
  const op = 'linearWarmup';
  checkOptions(op, options, WARMUP);
  requireCount(op, 'steps', steps);
  const { from = 1 / steps, after } = options;
  requireSchedule(op, 'after', after);
  requireFromZero(op, 'from', from);
  return counting(op, (step) =>
    step < steps ? from + (1 - from) * (step / steps) : (after?.(step - steps) ?? 1),
  );
}

/** (1 + cos(πx)) / 2 for 0 ≤ x ≤ 1: from 1 down to 0. */
export function halfCosine(x: number): number {
  return quarterCosine(x) ** 2;
}

/**
 * cos(x·π/2) for 0 ≤ x ≤ 1 by its Taylor series, to about 1e-16.
 * The bits of `Math.cos` differ between engines.
 */
function quarterCosine(x: number): number {
  const square = ((x * Math.PI) / 2) ** 2;
  let term = 1;
  let sum = 1;
  for (let k = 2; k <= 24; k += 2) {
    term *= -square / (k * (k - 1));
    sum += term;
  }
  return sum;
}
