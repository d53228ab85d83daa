/** Measurements on held-out data during a run. */
import { ValueError } from '@chronograd/tensor';
import { describeValue } from '@chronograd/tensor/engine';
import { Evaluation, evaluationMode } from './evaluate.ts';
import type { Pauses } from './event-loop.ts';
import type { FitValidation } from './options.ts';
import type { Best } from './progress.ts';
import type { RunOptions } from './run-options.ts';

export class Validation {
  readonly #options: FitValidation<readonly unknown[]>;
  readonly #measure: () => number | Promise<number>;

  constructor({ model, loss, initialState, validation, plan }: RunOptions, pauses: Pauses) {
    const options = validation as FitValidation<readonly unknown[]>;
    this.#options = options;
    const { batches, measure } = options;
    if (measure !== undefined) {
      this.#measure = async () => {
        const restore = evaluationMode(model);
        try {
          return await measure();
        } finally {
          restore();
        }
      };
      return;
    }
    const evaluation = new Evaluation('fit', model, loss, initialState, plan);
    this.#measure = () => evaluation.mean(batches as Iterable<readonly unknown[]>, pauses);
  }

  /** The measure of the weights that are in the model, which is in evaluation mode meanwhile. */
  async measure(): Promise<number> {
    const loss: unknown = await this.#measure();
    if (typeof loss === 'number') return loss;
    throw new ValueError(`fit: expected a number from validation.measure, got ${describeValue(loss)}`);
  }

  /** Whether a measure is better than the best. NaN never is. */
  improves(loss: number, best: Best | null): boolean {
    if (!Number.isFinite(loss)) return false;
    const { mode = 'min', minDelta = 0 } = this.#options;
    if (best === null) return true;
    return mode === 'min' ? loss < best.loss - minDelta : loss > best.loss + minDelta;
  }
}
