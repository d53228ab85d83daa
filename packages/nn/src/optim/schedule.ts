/** Learning rates over time: plain functions from how many updates were made to what the rate is multiplied by. */
import { ValueError } from '@chronograd/tensor';
import { checkOptions, describeValue, type OptionKeys } from '@chronograd/tensor/engine';
import { requireCount, requireFromZero } from '../internal/require.ts';
import { wholePower } from './formulas.ts';

/**
 * The factor of the learning rate after `step` updates (0 before the first). Any function will do; products and sequences of schedules are
 * schedules.
 * @example
 * new Adam(model, { lr: 0.01, schedule: linearWarmup(100, { after: cosineDecay(900) }) });
 * optimizer.lr = 0.01 * exponentialDecay(0.999)(step); // or by hand, before each update
 */
export type Schedule = (step: number) => number;

/** A schedule, or nothing. @throws ValueError for anything else. */
export function requireSchedule(what: string, name: string, schedule: Schedule | null | undefined): void {
  if (schedule === undefined || schedule === null || typeof schedule === 'function') return;
  throw new ValueError(
    `${what}: ${describeValue(schedule)} came for ${name}, a function from how many updates were made to a factor was expected: cosineDecay(1000)`,
  );
}

/** A schedule that takes counts of updates alone. */
function counting(op: string, factorAt: Schedule): Schedule {
  return (step) => {
    requireFromZero(op, 'step', step);
    return factorAt(step);
  };
}

/** Times `factor` (0.1) after every `every` updates: factor^⌊step / every⌋. PyTorch's `StepLR`. */
export function stepDecay(every: number, factor = 0.1): Schedule {
  requireCount('stepDecay', 'every', every);
  requireFromZero('stepDecay', 'factor', factor);
  return counting('stepDecay', (step) => wholePower(factor, Math.floor(step / every)));
}

/** Times `factor` after every update: factorˢᵗᵉᵖ. PyTorch's `ExponentialLR`. */
export function exponentialDecay(factor: number): Schedule {
  requireFromZero('exponentialDecay', 'factor', factor);
  return counting('exponentialDecay', (step) => wholePower(factor, step));
}

/**
 * From 1 down to `floor` (0) along half a cosine, within `steps` updates, and there it stays: floor + (1 − floor)·(1 + cos(π·step / steps)) / 2.
 * Loshchilov and Hutter, 2017; up to `steps` PyTorch's `CosineAnnealingLR`.
 */
export function cosineDecay(steps: number, floor = 0): Schedule {
  requireCount('cosineDecay', 'steps', steps);
  requireFromZero('cosineDecay', 'floor', floor);
  return counting(
    'cosineDecay',
    (step) => floor + (1 - floor) * (step >= steps ? 0 : quarterCosine(step / steps) ** 2),
  );
}

/** How a `linearWarmup` begins and goes on. */
export interface WarmupOptions {
  /** The factor of the first update; 1 / steps unless named. */
  readonly from?: number;
  /** What follows; it counts updates from the end of the warm-up on. A factor of 1 unless named. */
  readonly after?: Schedule;
}

const WARMUP: OptionKeys<WarmupOptions> = { from: true, after: true };

/** From `from` up to 1 in a straight line within `steps` updates. PyTorch's `LinearLR` with `start_factor` and `total_iters`. */
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

/** cos(x·π/2) for 0 ≤ x ≤ 1 by its Taylor series, to about 1e-16: engines differ in `Math.cos`. (1 + cos(πx)) / 2 is its square. */
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
