/** How far a run is: completed updates, validations, and the best weights. */
import type { Json } from './json.ts';
import type { WeightCopies } from './weights.ts';

/** The best validation so far. */
export interface Best {
  readonly step: number;
  readonly loss: number;
}

interface Counts {
  /** Completed updates. */
  step: number;
  /** The updates before the last validation; 0 before the first. */
  validated: number;
  /** Validations since the best. */
  bad: number;
  best: Best | null;
}

export class Progress {
  #counts: Counts = { step: 0, validated: 0, bad: 0, best: null };
  /** Copies of the weights of the best validation. */
  bestWeights: WeightCopies | null = null;

  get step(): number {
    return this.#counts.step;
  }
  get bad(): number {
    return this.#counts.bad;
  }
  get best(): Best | null {
    return this.#counts.best;
  }
  /** Whether the weights were validated since the last update. */
  get validated(): boolean {
    return this.#counts.validated === this.#counts.step;
  }

  /** Counts an update. */
  updated(): void {
    this.#counts.step++;
  }

  /**
   * Counts a validation.
   * @param weights copies the weights that were validated, if they are the best.
   */
  measured(loss: number, improved: boolean, weights: () => WeightCopies): void {
    const counts = this.#counts;
    counts.validated = counts.step;
    counts.bad = improved ? 0 : counts.bad + 1;
    if (!improved) return;
    counts.best = { step: counts.step, loss };
    this.bestWeights = weights();
  }

  get state(): Json {
    const { best, ...counts } = this.#counts;
    return { ...counts, best: best === null ? null : { ...best } };
  }

  restore(state: Json, bestWeights: WeightCopies | null): void {
    this.#counts = { ...(state as unknown as Counts) };
    this.bestWeights = bestWeights;
  }
}
