/** The course of a number over a run of any length, in a few points. */

/** One point: the mean over a stretch of iterations. */
export interface HistoryPoint {
  /** The last iteration of the stretch. */
  readonly iteration: number;
  readonly value: number;
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
}

const BLOCKS = '▁▂▃▄▅▆▇█';

/** The course as one line of blocks, the lowest value the lowest block; at most so many, the latest. */
export function sparkline(values: readonly number[], most: number): string {
  const shown = values.filter(Number.isFinite).slice(-most);
  const [low, high] = [Math.min(...shown), Math.max(...shown)];
  const level = (value: number): number =>
    high === low ? 0 : Math.round(((value - low) / (high - low)) * 7);
  return shown.map((value) => BLOCKS[level(value)]!).join('');
}
