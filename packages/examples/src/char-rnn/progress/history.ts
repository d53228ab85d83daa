/** The history of a value over a run of any length, in a bounded number of points. */

/** The mean over consecutive iterations. */
export interface HistoryPoint {
  /** The last of these iterations. */
  readonly iteration: number;
  readonly value: number;
}

/** A history in a file. */
export interface HistoryState {
  readonly points: readonly HistoryPoint[];
  /** Values per point. */
  readonly size: number;
  /** Sum and number of the values of the next, incomplete point. */
  readonly sum: number;
  readonly count: number;
}

/**
 * Means over equally many iterations. When full, pairs of points are merged, so memory is bounded.
 */
export class History {
  readonly #most: number;
  #points: HistoryPoint[] = [];
  #size = 1;
  #sum = 0;
  #count = 0;

  /** @param most the largest number of points, even */
  constructor(most: number) {
    this.#most = most;
  }

  add(iteration: number, value: number): void {
    this.#sum += value;
    if (++this.#count < this.#size) return;
    this.#points.push({ iteration, value: this.#sum / this.#size });
    this.#sum = 0;
    this.#count = 0;
    if (this.#points.length < this.#most) return;
    this.#points = this.#points.flatMap((point, i) =>
      i % 2 === 0
        ? []
        : [{ iteration: point.iteration, value: (this.#points[i - 1]!.value + point.value) / 2 }],
    );
    this.#size *= 2;
  }

  get points(): readonly HistoryPoint[] {
    return this.#points;
  }

  get state(): HistoryState {
    return { points: [...this.#points], size: this.#size, sum: this.#sum, count: this.#count };
  }

  /**
   * Continues a saved history.
   * @param iteration where the run continues; later points are dropped, since it repeats them
   * @param last the last iteration of the history
   */
  restore({ points, size, sum, count }: HistoryState, iteration: number, last: number): void {
    this.#points = points.filter((point) => point.iteration <= iteration);
    this.#size = size;
    [this.#sum, this.#count] = last <= iteration ? [sum, count] : [0, 0];
  }
}

const BLOCKS = '▁▂▃▄▅▆▇█';

/** The values as a line of at most `most` blocks. The lowest value is the lowest block. */
export function sparkline(values: readonly number[], most: number): string {
  const shown = resampled(values.filter(Number.isFinite), most);
  const [low, high] = [Math.min(...shown), Math.max(...shown)];
  const level = (value: number): number =>
    high === low ? 0 : Math.round(((value - low) / (high - low)) * 7);
  return shown.map((value) => BLOCKS[level(value)]!).join('');
}

/** Means over `most` equal shares. A value across two shares counts in both, in proportion. */
export function resampled(values: readonly number[], most: number): readonly number[] {
  if (values.length <= most) return values;
  const share = values.length / most;
  return Array.from({ length: most }, (_, i) => {
    const [from, to] = [i * share, (i + 1) * share];
    let sum = 0;
    for (let k = Math.floor(from); k < Math.min(Math.ceil(to), values.length); k++)
      sum += values[k]! * (Math.min(to, k + 1) - Math.max(from, k));
    return sum / share;
  });
}

/**
 * Each point becomes the median of itself and equally many points before and after it, at most
 * `most` each. It does not lag, and leaves a monotonic curve unchanged; a mean would lie above a
 * convex one.
 */
export function centeredMedians(points: readonly HistoryPoint[], most: number): HistoryPoint[] {
  return points.map(({ iteration }, i) => {
    const reach = Math.min(most, i, points.length - 1 - i);
    const near = points.slice(i - reach, i + reach + 1).map(({ value }) => value);
    return { iteration, value: near.sort((a, b) => a - b)[reach]! };
  });
}
