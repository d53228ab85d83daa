/** The one-cycle policy of learning rates. */
import type { OptionKeys } from '@chronograd/tensor/engine';
import { requireOptions } from '../internal/options.ts';
import {
  requireAboveZero,
  requireBoolean,
  requireCount,
  requireOneOf,
  requireProbability,
} from '../internal/require.ts';
import { counting, halfCosine, type Schedule } from './schedule.ts';

/** Options of `oneCycle`. */
export interface OneCycleOptions {
  /** The share of the steps in which the rate rises. Default: 0.3. */
  readonly pctStart?: number;
  /** The first factor is 1 / divFactor. Default: 25. */
  readonly divFactor?: number;
  /** The last factor is the first one divided by this. Default: 1e4. */
  readonly finalDivFactor?: number;
  /** The form of the rise and the fall: half a cosine, or straight lines. Default: 'cos'. */
  readonly annealStrategy?: 'cos' | 'linear';
  /**
   * Whether the rate falls to the first factor in as many steps as it rose, and then to the last
   * one. Default: false, it falls to the last one at once.
   */
  readonly threePhase?: boolean;
}

const KEYS: OptionKeys<OneCycleOptions> = {
  pctStart: true,
  divFactor: true,
  finalDivFactor: true,
  annealStrategy: true,
  threePhase: true,
};

/**
 * A rise from 1 / divFactor to 1 and a fall to 1 / (divFactor · finalDivFactor), which is kept from
 * update `steps` on. The optimizer's `lr` is the largest rate. Smith and Topin, 2018; PyTorch's
 * `OneCycleLR` without cycles of momentum.
 * @param steps the number of updates of the whole cycle.
 * @throws ValueError for counts and factors that are not positive, and for invalid options.
 * @example new Adam(model, { lr: 0.01, schedule: oneCycle(1000) });
 */
export function oneCycle(steps: number, options: OneCycleOptions = {}): Schedule {
  const op = 'oneCycle';
  requireCount(op, 'steps', steps);
  const given = requireOptions(op, options, '{ pctStart: 0.3 }', KEYS);
  const { pctStart = 0.3, divFactor = 25, finalDivFactor = 1e4 } = given;
  const { annealStrategy = 'cos', threePhase = false } = given;
  requireProbability(op, 'pctStart', pctStart);
  requireAboveZero(op, 'divFactor', divFactor);
  requireAboveZero(op, 'finalDivFactor', finalDivFactor);
  requireOneOf('cos', 'linear')(op, 'annealStrategy', annealStrategy);
  requireBoolean(op, 'threePhase', threePhase);
  const first = 1 / divFactor;
  const rise = pctStart * steps - 1;
  const ends = threePhase ? [rise, 2 * rise, steps - 1] : [rise, steps - 1];
  const factors = threePhase ? [first, 1, first, first / finalDivFactor] : [first, 1, first / finalDivFactor];
  return counting(op, (step) => {
    const at = Math.min(step, steps - 1);
    const phase = Math.max(
      0,
      ends.findIndex((end) => at <= end),
    );
    const begin = phase === 0 ? 0 : (ends[phase - 1] as number);
    const length = (ends[phase] as number) - begin;
    const x = length > 0 ? Math.max(0, Math.min(1, (at - begin) / length)) : 1;
    const [from, to] = [factors[phase] as number, factors[phase + 1] as number];
    return annealStrategy === 'cos' ? to + (from - to) * halfCosine(x) : from + (to - from) * x;
  });
}
