/** Measurements on held-out data during a run. */
import { ValueError } from '@chronograd/tensor';
import { describeValue } from '@chronograd/tensor/engine';
import { Evaluation, evaluationMode } from './evaluate.ts';
import type { Pauses } from './event-loop.ts';
import type { FitEvent } from './events.ts';
import type { FitValidation } from './options.ts';
import type { Best, Progress } from './progress.ts';
import type { RunOptions } from './run-options.ts';
import type { ShownWeights } from './shown-weights.ts';
import { copyWeights } from './weights.ts';

export class Validation {
  readonly #options: FitValidation<readonly unknown[]>;
  readonly #run: RunOptions;
  readonly #progress: Progress;
  readonly #shown: ShownWeights;
  readonly #measure: () => number | Promise<number>;

  constructor(run: RunOptions, progress: Progress, shown: ShownWeights, pauses: Pauses) {
    const { model, loss, initialState, validation, plan } = run;
    this.#run = run;
    this.#progress = progress;
    this.#shown = shown;
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

  /** Measures, keeps the weights if they are the best, and tells the plateau. */
  async run(): Promise<readonly FitEvent[]> {
    const { model, ema, plateau, optimizer } = this.#run;
    const progress = this.#progress;
    let loss: number;
    let improved: boolean;
    try {
      if (ema !== null) this.#shown.show('average');
      loss = await this.#measured();
      improved = this.#improves(loss, progress.best);
      progress.measured(loss, improved, () => copyWeights(model));
    } finally {
      this.#shown.show('last');
    }
    plateau?.step(loss);
    const { step, bad, best } = progress;
    const [bestLoss, bestStep] = [best?.loss ?? null, best?.step ?? null];
    const { lr } = optimizer;
    const event = { type: 'validation', step, loss, best: bestLoss, bestStep, improved, bad, lr } as const;
    return improved ? [event, { type: 'improved', step, loss }] : [event];
  }

  /** The measure of the weights that are in the model, which is in evaluation mode meanwhile. */
  async #measured(): Promise<number> {
    const loss: unknown = await this.#measure();
    if (typeof loss === 'number') return loss;
    throw new ValueError(`fit: expected a number from validation.measure, got ${describeValue(loss)}`);
  }

  /** Whether a measure is better than the best. NaN never is. */
  #improves(loss: number, best: Best | null): boolean {
    if (!Number.isFinite(loss)) return false;
    const { mode = 'min', minDelta = 0 } = this.#options;
    if (best === null) return true;
    return mode === 'min' ? loss < best.loss - minDelta : loss > best.loss + minDelta;
  }
}
