/** Seeded random numbers: pure-rand's xoroshiro128+ behind a small interface. One seed gives the same bits on every engine. */
import { xoroshiro128plus, xoroshiro128plusFromState } from 'pure-rand/generator/xoroshiro128plus';
import { ValueError } from './errors.ts';
import { cosTurn, log64 } from './kernels/reference/math64.ts';

/** Everything a generator needs in order to go on where it stood. Plain data. */
export interface RandomState {
  readonly generator: readonly number[];
  /** The second number of the last pair of normals, if it has not been used. */
  readonly spare: number | null;
}

/** A source of random numbers with a state. */
export class Random {
  #generator: ReturnType<typeof xoroshiro128plus>;
  #spare: number | null = null;

  /** @param seed a whole number; equal seeds give equal numbers. */
  constructor(seed: number) {
    if (!Number.isSafeInteger(seed))
      throw new ValueError(`Random: seed ${seed} came, a whole number was expected`);
    // The generator seeds itself from 32 bits: the higher ones of a larger seed are folded in.
    this.#generator = xoroshiro128plus((seed ^ Math.floor(seed / 2 ** 32)) | 0);
  }

  /** A whole number of 32 bits, 0 … 2³² − 1. */
  bits(): number {
    return this.#generator.next() >>> 0;
  }

  /** Evenly spread over 0 ≤ x < 1, in steps of 2⁻⁵³. */
  uniform(): number {
    const high = this.bits() >>> 5;
    const low = this.bits() >>> 6;
    return (high * 2 ** 26 + low) / 2 ** 53;
  }

  /** A whole number, 0 … `below` − 1. */
  integer(below: number): number {
    return Math.floor(this.uniform() * below);
  }

  /** Standard normal: Box and Muller, 1958, with our own logarithm and cosine, since engines differ in theirs. */
  normal(): number {
    if (this.#spare !== null) {
      const spare = this.#spare;
      this.#spare = null;
      return spare;
    }
    const radius = Math.sqrt(-2 * log64(1 - this.uniform()));
    const turn = this.uniform();
    this.#spare = radius * cosTurn(turn < 0.25 ? 0.25 - turn : turn - 0.25); // the sine
    return radius * cosTurn(turn);
  }

  /** The state, for saving. */
  get state(): RandomState {
    return { generator: [...this.#generator.getState()], spare: this.#spare };
  }

  /** A generator that goes on from a saved state. */
  static fromState(state: RandomState): Random {
    const random = new Random(0);
    random.#generator = xoroshiro128plusFromState(state.generator);
    random.#spare = state.spare;
    return random;
  }
}
