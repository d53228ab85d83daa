/** Comparing tensors with the numbers of a fixture. */
import { readFileSync } from 'node:fs';
import type { Tensor } from '@chronograd/tensor';
import { Generator } from './generator.ts';

/** The fixture of that name. */
export function fixture<T>(name: string): T {
  return JSON.parse(readFileSync(new URL(`fixtures/${name}.json`, import.meta.url), 'utf8')) as T;
}

/** As golden_draw.py has them. */
const PROJECTIONS = 6;
const MOST_WHOLE = 8;
const spreads = Array.from({ length: PROJECTIONS }, (_, k) => ({
  generator: new Generator(k + 1),
  drawn: [] as number[],
}));

/** Element i of projection k: 2u − 1 from seed k + 1. */
function spread(k: number, i: number): number {
  const { generator, drawn } = spreads[k]!;
  while (drawn.length <= i) drawn.push(2 * generator.uniform() - 1);
  return drawn[i]!;
}

/**
 * Reads numbers in order, and keeps the largest relative error of the values compared with them.
 */
export class Golden {
  readonly #numbers: Float64Array;
  #at = 0;
  worst = 0;

  /** @param base64 little-endian float64. */
  constructor(base64: string) {
    this.#numbers = new Float64Array(new Uint8Array(Buffer.from(base64, 'base64')).buffer);
  }

  /** Compares all elements, each with the largest magnitude of the array. */
  compareWhole(values: ArrayLike<number>): void {
    const largest = Math.max(...Array.from(values, Math.abs));
    for (let i = 0; i < values.length; i++) this.#compare(values[i]!, largest);
  }

  /**
   * Compares what golden_draw.py's `checks` wrote of an array: a small one whole, of a large one
   * projections and both ends.
   */
  compareChecks(x: Tensor): void {
    const values = x.toTypedArray();
    if (values.length <= MOST_WHOLE) return this.compareWhole(values);
    for (let k = 0; k < PROJECTIONS; k++) {
      const [sum, size] = projection(values, k);
      this.#compare(sum, size);
    }
    let largest = 0;
    for (const value of values) largest = Math.max(largest, Math.abs(value));
    this.#compare(values[0]!, largest);
    this.#compare(values.at(-1)!, largest);
  }

  /** Throws unless all numbers were compared. */
  end(): void {
    if (this.#at !== this.#numbers.length)
      throw new Error(`${this.#at} of ${this.#numbers.length} numbers were compared`);
  }

  #compare(value: number, scale: number): void {
    const wanted = this.#numbers[this.#at++];
    if (wanted === undefined || Number.isNaN(value)) this.worst = Infinity;
    else if (value !== wanted) this.worst = Math.max(this.worst, Math.abs(value - wanted) / scale);
  }
}

/** Σ values·spread, with what rounding took added back (Neumaier, 1974), and Σ |values·spread|. */
function projection(values: ArrayLike<number>, k: number): [sum: number, size: number] {
  let sum = 0;
  let lost = 0;
  let size = 0;
  for (let i = 0; i < values.length; i++) {
    const term = values[i]! * spread(k, i);
    const next = sum + term;
    lost += Math.abs(sum) >= Math.abs(term) ? sum - next + term : term - next + sum;
    sum = next;
    size += Math.abs(term);
  }
  return [sum + lost, size];
}
