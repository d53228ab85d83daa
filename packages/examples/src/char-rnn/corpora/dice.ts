/**
 * The throws that generated corpora are made with: xorshift (Marsaglia, 2003; shifts 13, 17, 5). It stands here by itself because a
 * corpus has to stay the same text for ever, whatever becomes of the library's random numbers.
 */
export class Dice {
  #state: number;

  constructor(seed: number) {
    this.#state = seed | 0 || 1;
  }

  /** A whole number from 0 up to `sides`, itself excluded. */
  below(sides: number): number {
    let x = this.#state;
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    this.#state = x;
    return Math.floor(((x >>> 0) / 2 ** 32) * sides);
  }

  /** One of the choices, each equally likely. */
  pick<T>(choices: readonly [T, ...T[]]): T {
    return choices[this.below(choices.length)] ?? choices[0];
  }
}
