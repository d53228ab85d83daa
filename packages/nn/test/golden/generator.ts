/** What scripts/golden_torch.py draws, drawn again: mulberry32 by Tommy Ettinger. */
import { type Tensor, tensor } from '@chronograd/tensor';

/** Draws arrays in the order in which the fixtures were made. */
export class Generator {
  #state: number;

  constructor(seed: number) {
    this.#state = seed;
  }

  /** A multiple of 2⁻³² from 0 to below 1. */
  uniform(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let z = this.#state;
    z = Math.imul(z ^ (z >>> 15), z | 1);
    z ^= z + Math.imul(z ^ (z >>> 7), z | 61);
    return ((z ^ (z >>> 14)) >>> 0) / 2 ** 32;
  }

  uniforms(...shape: number[]): Tensor {
    return this.#filled(shape, (u) => u);
  }

  /** Even between −scale and scale. */
  aroundZero(scale: number, ...shape: number[]): Tensor {
    return this.#filled(shape, (u) => (2 * u - 1) * scale);
  }

  /** Whole numbers 0 … classes − 1. */
  targets(classes: number, count: number): number[] {
    return Array.from({ length: count }, () => Math.floor(this.uniform() * classes));
  }

  #filled(shape: readonly number[], from: (u: number) => number): Tensor {
    const size = shape.reduce((product, n) => product * n, 1);
    const values = new Float64Array(size);
    for (let i = 0; i < size; i++) values[i] = from(this.uniform());
    return tensor(values, { shape });
  }
}
