/** The course of a number over a run of any length, in a few points. */

/** One point: the mean over a stretch of iterations. */
export interface HistoryPoint {
  /** The last iteration of the stretch. */
  readonly iteration: number;
  readonly value: number;
}

/** A history as it is kept in a file. */
export interface HistoryState {
  readonly points: readonly HistoryPoint[];
  /** Values in a point. */
  readonly size: number;
  /** What the stretch that has not ended yet amounts to, and of how many values. */
  readonly sum: number;
  readonly count: number;
}

/** Means over equally long stretches. When there are too many, each two become one: memory stays flat in a run without end. */
export class History {
  readonly #most: number;
  #points: HistoryPoint[] = [];
  /** Values in a point. */
  #size = 1;
  #sum = 0;
  #count = 0;

  /** @param most how many points are kept, an even number; from half of them on */
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
   * Goes on from a history that was kept.
   * @param iteration the last that counts: a run that goes on from an earlier iteration than the history came to goes those again
   * @param last the last that the history had heard of
   */
  restore({ points, size, sum, count }: HistoryState, iteration: number, last: number): void {
    this.#points = points.filter((point) => point.iteration <= iteration);
    this.#size = size;
    [this.#sum, this.#count] = last <= iteration ? [sum, count] : [0, 0];
  }
}

const BLOCKS = '▁▂▃▄▅▆▇█';

/** All of the course as one line of blocks, the lowest value the lowest block; at most so many, each the mean of an equal share of the course. */
export function sparkline(values: readonly number[], most: number): string {
  const shown = resampled(values.filter(Number.isFinite), most);
  const [low, high] = [Math.min(...shown), Math.max(...shown)];
  const level = (value: number): number =>
    high === low ? 0 : Math.round(((value - low) / (high - low)) * 7);
  return shown.map((value) => BLOCKS[level(value)]!).join('');
}

/** As many values as there may be: means of equal shares, to which a value that lies across two gives to each its part. */
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
 * Each point as the median of as many before it as after it, up to so many. What is smoothed so lags behind nothing, and lies on a curve that
 * falls or rises all the way, however it bends; a mean would lie above one that falls ever more slowly.
 */
export function centeredMedians(points: readonly HistoryPoint[], most: number): HistoryPoint[] {
  return points.map(({ iteration }, i) => {
    const reach = Math.min(most, i, points.length - 1 - i);
    const near = points.slice(i - reach, i + reach + 1).map(({ value }) => value);
    return { iteration, value: near.sort((a, b) => a - b)[reach]! };
  });
}
