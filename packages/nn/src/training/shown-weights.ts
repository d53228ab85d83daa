/** Which weights are in the model of a run. */
import { ValueError } from '@chronograd/tensor';
import type { FinalWeights } from './events.ts';
import type { Progress } from './progress.ts';
import type { RunOptions } from './run-options.ts';
import { copyWeights, putWeights, type WeightCopies } from './weights.ts';

/** Puts other weights into the model, and keeps those of the last update meanwhile. */
export class ShownWeights {
  readonly #options: RunOptions;
  readonly #progress: Progress;
  /** The weights of the last update, while the model holds others. */
  #last: WeightCopies | null = null;

  constructor(options: RunOptions, progress: Progress) {
    this.#options = options;
    this.#progress = progress;
  }

  /** Copies of the weights of the last update. */
  get last(): WeightCopies {
    return this.#last ?? copyWeights(this.#options.model);
  }

  /** The model holds the weights of the last update, since they were assigned. */
  assigned(): void {
    this.#last = null;
  }

  /** @throws ValueError for the best weights before a validation with a finite measure. */
  show(weights: FinalWeights): void {
    const { model, ema } = this.#options;
    if (weights === 'last') {
      if (this.#last !== null) putWeights(model, this.#last);
      this.#last = null;
      return;
    }
    const shown = weights === 'best' ? this.#progress.bestWeights : (ema?.weights ?? null);
    if (shown === null)
      throw new ValueError('restoreBest: expected a validation with a finite loss before, got none');
    this.#last ??= copyWeights(model);
    putWeights(model, shown);
  }
}
