/** Seeded random numbers: pure-rand's xoroshiro128+ behind a small interface. One seed gives the same bits on every engine. */
import { xoroshiro128plusFromState } from 'pure-rand/generator/xoroshiro128plus';
import { unsupported } from './effects.ts';
import { describeValue, showValue, ValueError } from './errors.ts';
import { cosTurn, log64 } from './kernels/reference/math64.ts';
import { runtime, withRuntime } from './runtime.ts';

/** Everything a generator needs in order to go on where it stood. Plain data. */
export interface RandomState {
  readonly generator: readonly number[];
  /** The second number of the last pair of normals, if it has not been used. */
  readonly spare: number | null;
}

/** Runs `body`. @returns its result, and `undo`, which restores every source that `body` drew from. */
export function trackingDraws<R>(body: () => R): { readonly result: R; readonly undo: () => void } {
  const draws = new Map<object, () => void>();
  const undo = (): void => {
    for (const restore of draws.values()) restore();
  };
  try {
    return { result: withRuntime({ draws }, body), undo };
  } catch (error) {
    undo();
    throw error;
  }
}

/** A source of random numbers with a state. */
export class Random {
  #generator: ReturnType<typeof xoroshiro128plusFromState>;
  #spare: number | null = null;

  /** @param seed a whole number; equal seeds give equal numbers. */
  constructor(seed: number) {
    unsupported('a Random was made', 'make it before: a replay goes on drawing where the last one stopped');
    if (!Number.isSafeInteger(seed))
      throw new ValueError(`Random: seed ${showValue(seed)} came, a whole number was expected`);
    this.#generator = xoroshiro128plusFromState(spread(seed));
  }

  /** A whole number of 32 bits, 0 … 2³² − 1. */
  bits(): number {
    this.#use();
    return this.#generator.next() >>> 0;
  }

  /** Evenly spread over 0 ≤ x < 1, in steps of 2⁻⁵³. */
  uniform(): number {
    const high = this.bits() >>> 5;
    const low = this.bits() >>> 6;
    return (high * 2 ** 26 + low) / 2 ** 53;
  }

  /** A whole number, 0 … `below` − 1. @throws ValueError unless `below` is a whole number from 1 on. */
  integer(below: number): number {
    if (!Number.isSafeInteger(below) || below < 1)
      throw new ValueError(`integer: ${showValue(below)} came, a whole number from 1 on was expected`);
    return Math.floor(this.uniform() * below);
  }

  /** Standard normal: Box and Muller, 1958, with our own logarithm and cosine, since engines differ in theirs. */
  normal(): number {
    this.#use();
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

  /** What precedes every draw. */
  #use(): void {
    unsupported(
      'a random number was drawn',
      'draw whole tensors, with normal, uniform or bernoulli, which a replay draws anew',
    );
    const { draws } = runtime;
    if (draws === null || draws.has(this)) return;
    const state = this.#generator.getState();
    const spare = this.#spare;
    draws.set(this, () => {
      this.#generator = xoroshiro128plusFromState(state);
      this.#spare = spare;
    });
  }

  /** The state, for saving. */
  get state(): RandomState {
    this.#use();
    return { generator: [...this.#generator.getState()], spare: this.#spare };
  }

  /** A generator that goes on from a saved state. @throws ValueError for what is none. */
  static fromState(state: RandomState): Random {
    if (!isState(state)) {
      throw new ValueError(
        `Random.fromState: ${describeValue(state)} came, { generator, spare } was expected, as a Random gives in its state`,
      );
    }
    const random = new Random(0);
    random.#generator = xoroshiro128plusFromState(state.generator);
    random.#spare = state.spare;
    return random;
  }
}

const GOLDEN = 0x9e3779b9;

/**
 * A seed as the generator's 128 bits. The generator's own seeding puts small seeds so close to its start that the first normal of
 * each is 5 to 8 standard deviations out; its authors advise spreading the seed by another generator first. No two seeds give one state.
 */
function spread(seed: number): [number, number, number, number] {
  const [low, high] = [seed | 0, Math.floor(seed / 2 ** 32)];
  const a = scramble(low + GOLDEN);
  const b = scramble(low + 2 * GOLDEN); // never equal to a: so the state is never all zeros, from which nothing would come
  return [a, b, scramble(a ^ scramble(high + 3 * GOLDEN)), scramble(b ^ scramble(high + 4 * GOLDEN))];
}

/** One 32-bit number from another, one to one, each bit depending on all: the finalizer of MurmurHash3 (Austin Appleby). */
function scramble(x: number): number {
  let h = x | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}

function isState(state: RandomState | null | undefined): state is RandomState {
  const { generator, spare } = state ?? {};
  if (!Array.isArray(generator) || generator.length !== 4) return false;
  if (!generator.every((word) => (word | 0) === word) || generator.every((word) => word === 0)) return false;
  return spare === null || (typeof spare === 'number' && Number.isFinite(spare));
}
