/**
 * Seeded random numbers: xoroshiro128+ of pure-rand. A seed gives the same bits on every engine.
 */
import { xoroshiro128plusFromState } from 'pure-rand/generator/xoroshiro128plus';
import { unsupported } from './effects.ts';
import { describeValue, showValue, ValueError } from './errors.ts';
import { cosTurn, log64 } from './kernels/reference/math64.ts';
import { runtime, withRuntime } from './runtime.ts';

/** The state of a generator, as plain data. */
export interface RandomState {
  readonly generator: readonly number[];
  /** The second number of the last pair of normals; null once it is used. */
  readonly spare: number | null;
}

/**
 * Runs `body`.
 * @returns its result, and `undo`, which restores every source that `body` drew from.
 */
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
      throw new ValueError(`Random: expected a whole number as the seed, got ${showValue(seed)}`);
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

  /**
   * A whole number, 0 … `below` − 1.
   * @throws ValueError unless `below` is a whole number from 1 on.
   */
  integer(below: number): number {
    if (!Number.isSafeInteger(below) || below < 1)
      throw new ValueError(`integer: expected a whole number from 1 on, got ${showValue(below)}`);
    return Math.floor(this.uniform() * below);
  }

  /**
   * Standard normal (Box and Muller, 1958). Its logarithm and cosine are the library's, since those
   * of engines differ.
   */
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
      'draw whole tensors, with normal, uniform or bernoulli, which a replay draws again',
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

  /**
   * The state, as plain data. Assign a saved one to go on from there:
   * `dropout.random.state = saved`. @throws ValueError for an invalid state.
   */
  get state(): RandomState {
    this.#use();
    return { generator: [...this.#generator.getState()], spare: this.#spare };
  }
  set state(state: RandomState) {
    this.#use();
    this.#load('Random.state', state);
  }

  /** A generator that continues from a saved state. @throws ValueError for an invalid state. */
  static fromState(state: RandomState): Random {
    const random = new Random(0);
    random.#load('Random.fromState', state);
    return random;
  }

  #load(op: string, state: RandomState): void {
    if (!isState(state)) {
      throw new ValueError(
        `${op}: expected { generator, spare }, the state of a Random, got ${describeValue(state)}`,
      );
    }
    this.#generator = xoroshiro128plusFromState(state.generator);
    this.#spare = state.spare;
  }
}

const GOLDEN = 0x9e3779b9;

/**
 * A seed as the generator's 128 bits. The generator's own seeding is weak for small seeds: the
 * first normal of each is 5 to 8 standard deviations out. Its authors advise to spread the seed
 * with another generator. Different seeds give different states.
 */
function spread(seed: number): [number, number, number, number] {
  const [low, high] = [seed | 0, Math.floor(seed / 2 ** 32)];
  const a = scramble(low + GOLDEN);
  // Differs from a, so that the state is never all zeros, which would give only zeros.
  const b = scramble(low + 2 * GOLDEN);
  return [a, b, scramble(a ^ scramble(high + 3 * GOLDEN)), scramble(b ^ scramble(high + 4 * GOLDEN))];
}

/**
 * A bijection of 32-bit numbers in which each bit depends on all: the finalizer of MurmurHash3
 * (Austin Appleby).
 */
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
