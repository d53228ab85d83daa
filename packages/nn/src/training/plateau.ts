/** Lower learning rates when a measure stops improving. */
import { ValueError } from '@chronograd/tensor';
import { describeValue, type OptionKeys } from '@chronograd/tensor/engine';
import { requireOptions } from '../internal/options.ts';
import { requireDecay, requireFinite, requireFromZero, requireOneOf } from '../internal/require.ts';
import { Optimizer } from '../optim/optimizer.ts';
import type { Json } from './json.ts';

/** Options of `ReduceLROnPlateau`. */
export interface ReduceLROnPlateauOptions {
  /** Whether smaller or larger measures are better. Default: 'min'. */
  readonly mode?: 'min' | 'max';
  /** Multiplies the learning rates; from 0 on, below 1. Default: 0.1. */
  readonly factor?: number;
  /** The number of measures without improvement that is still accepted. Default: 10. */
  readonly patience?: number;
  /** The smallest improvement that counts. Default: 1e-4. */
  readonly threshold?: number;
  /** Whether `threshold` is a share of the best measure, or a difference. Default: 'rel'. */
  readonly thresholdMode?: 'rel' | 'abs';
  /** The number of measures after a reduction that are not counted. Default: 0. */
  readonly cooldown?: number;
  /** The smallest learning rate. Default: 0. */
  readonly minLr?: number;
  /** A smaller change of a rate is not made. Default: 1e-8. */
  readonly eps?: number;
}

const KEYS: OptionKeys<ReduceLROnPlateauOptions> = {
  mode: true,
  factor: true,
  patience: true,
  threshold: true,
  thresholdMode: true,
  cooldown: true,
  minLr: true,
  eps: true,
};

interface Counts {
  best: number | null;
  bad: number;
  cooldown: number;
}

/**
 * Multiplies the learning rates of an optimizer by `factor` after more than `patience` measures
 * without improvement. PyTorch's `ReduceLROnPlateau`. It changes `optimizer.lr` and the rates of
 * groups with their own, to which a schedule still applies.
 * @example
 * const plateau = new ReduceLROnPlateau(optimizer, { factor: 0.5, patience: 3 });
 * plateau.step(heldOutLoss); // after each validation
 */
export class ReduceLROnPlateau {
  readonly #optimizer: Optimizer;
  readonly #options: Required<ReduceLROnPlateauOptions>;
  #counts: Counts = { best: null, bad: 0, cooldown: 0 };

  /** @throws ValueError for anything but an optimizer, and for invalid options. */
  constructor(optimizer: Optimizer, options: ReduceLROnPlateauOptions = {}) {
    const op = 'ReduceLROnPlateau';
    if (!(optimizer instanceof Optimizer))
      throw new ValueError(`${op}: expected an optimizer, got ${describeValue(optimizer)}`);
    const given = requireOptions(op, options, '{ patience: 3 }', KEYS);
    const { mode = 'min', factor = 0.1, patience = 10, threshold = 1e-4 } = given;
    const { thresholdMode = 'rel', cooldown = 0, minLr = 0, eps = 1e-8 } = given;
    requireOneOf('min', 'max')(op, 'mode', mode);
    requireOneOf('rel', 'abs')(op, 'thresholdMode', thresholdMode);
    requireDecay(op, 'factor', factor);
    for (const [name, value] of Object.entries({ patience, threshold, cooldown, minLr, eps }))
      requireFromZero(op, name, value);
    this.#optimizer = optimizer;
    this.#options = { mode, factor, patience, threshold, thresholdMode, cooldown, minLr, eps };
  }

  /** The best measure so far; null before the first. */
  get best(): number | null {
    return this.#counts.best;
  }

  /**
   * Takes the next measure. NaN is not an improvement.
   * @returns whether the rates were multiplied.
   */
  step(measure: number): boolean {
    if (typeof measure !== 'number')
      throw new ValueError(
        `ReduceLROnPlateau.step: expected a number for the measure, got ${describeValue(measure)}`,
      );
    const counts = this.#counts;
    if (this.#isBetter(measure)) {
      counts.best = measure;
      counts.bad = 0;
    } else counts.bad++;
    if (counts.cooldown > 0) {
      counts.cooldown--;
      counts.bad = 0;
    }
    const { patience, cooldown } = this.#options;
    if (counts.bad <= patience) return false;
    counts.cooldown = cooldown;
    counts.bad = 0;
    this.#reduce();
    return true;
  }

  #isBetter(measure: number): boolean {
    const { mode, threshold, thresholdMode } = this.#options;
    const { best } = this.#counts;
    if (best === null) return Number.isFinite(measure);
    if (mode === 'min')
      return measure < (thresholdMode === 'rel' ? best * (1 - threshold) : best - threshold);
    return measure > (thresholdMode === 'rel' ? best * (1 + threshold) : best + threshold);
  }

  #reduce(): void {
    const { factor, minLr, eps } = this.#options;
    const reduced = (lr: number): number => {
      const next = Math.max(lr * factor, minLr);
      return lr - next > eps ? next : lr;
    };
    this.#optimizer.lr = reduced(this.#optimizer.lr);
    for (const group of this.#optimizer.groups) if (group.lr !== null) group.lr = reduced(group.lr);
  }

  /** Its counts and best measure, as plain data. The rates are in the optimizer's state. */
  get state(): Json {
    return { ...this.#counts };
  }

  /** Continues from the `state` of another one with the same options. @throws ValueError. */
  loadState(state: Json): void {
    const { best, bad, cooldown } = (state ?? {}) as Record<string, unknown>;
    const op = 'ReduceLROnPlateau.loadState';
    if (best !== null) requireFinite(op, 'best', best);
    requireFromZero(op, 'bad', bad);
    requireFromZero(op, 'cooldown', cooldown);
    this.#counts = { best, bad, cooldown } as Counts;
  }
}
