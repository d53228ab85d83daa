/** The losses of a range test: smoothing, the end, and the suggested rate. */

/** The losses of a range test by learning rate. All lists have the same length. */
export interface LRRangeTest {
  /** From `low` on. The last is below `high` if the loss diverged or the batches ended. */
  readonly rates: readonly number[];
  /** The loss of the batch before the update at each rate. */
  readonly losses: readonly number[];
  /** Their exponential moving average without initial bias. */
  readonly smoothed: readonly number[];
  /**
   * The rate at which the smoothed loss falls fastest over the logarithm of the rate. The first
   * tenth of `steps` and the last rate are not considered. Null if it falls nowhere.
   */
  readonly suggestion: number | null;
}

interface RangeCurveOptions {
  readonly smoothing: number;
  readonly divergence: number;
  /** The number of first rates that are not suggested. */
  readonly skipped: number;
}

export class RangeCurve {
  readonly #options: RangeCurveOptions;
  readonly #rates: number[] = [];
  readonly #losses: number[] = [];
  readonly #smoothed: number[] = [];
  /** The moving average of the losses, and that of ones: their ratio has no initial bias. */
  #sum = 0;
  #weight = 0;
  #least = Infinity;

  constructor(options: RangeCurveOptions) {
    this.#options = options;
  }

  /** Adds a rate and its loss, which is finite. */
  add(rate: number, loss: number): void {
    const { smoothing } = this.#options;
    this.#sum = smoothing * this.#sum + (1 - smoothing) * loss;
    this.#weight = smoothing * this.#weight + (1 - smoothing);
    const smoothed = this.#sum / this.#weight;
    this.#rates.push(rate);
    this.#losses.push(loss);
    this.#smoothed.push(smoothed);
    this.#least = Math.min(this.#least, smoothed);
  }

  /** Whether the last smoothed loss is too far above the least one. Losses may be negative. */
  get diverged(): boolean {
    const [first = 0] = this.#smoothed;
    const rise = (this.#smoothed.at(-1) ?? 0) - this.#least;
    return rise > this.#options.divergence * Math.max(Math.abs(this.#least), first - this.#least);
  }

  result(): LRRangeTest {
    const [rates, losses, smoothed] = [this.#rates, this.#losses, this.#smoothed];
    return { rates, losses, smoothed, suggestion: this.#suggestion() };
  }

  /** The rate of the steepest descent, by central differences. */
  #suggestion(): number | null {
    const { skipped } = this.#options;
    let [steepest, suggestion]: [number, number | null] = [0, null];
    for (let i = Math.max(1, skipped); i < this.#rates.length - 1; i++) {
      const at = (values: readonly number[], k: number): number => values[k] as number;
      const fall = at(this.#smoothed, i + 1) - at(this.#smoothed, i - 1);
      const slope = fall / Math.log(at(this.#rates, i + 1) / at(this.#rates, i - 1));
      if (slope < steepest) [steepest, suggestion] = [slope, at(this.#rates, i)];
    }
    return suggestion;
  }
}
