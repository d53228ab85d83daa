/** Windows of a corpus for truncated BPTT. */
import { ShapeError, type Tensor, tensor, ValueError } from '@chronograd/tensor';
import { describeValue, showValue, unsupported } from '@chronograd/tensor/engine';
import { requireOptions } from '../internal/options.ts';
import { requireCount } from '../internal/require.ts';

/** Indices of a sequence. A byte or two for each is enough for a small vocabulary. */
export type Indices = Int32Array | Uint16Array | Uint8Array;

/** One window of every stream. */
export interface Window {
  /** int32, shape [T, B]. */
  readonly inputs: Tensor;
  /** int32, shape [T, B]: the inputs one position later. */
  readonly targets: Tensor;
  /** Whether the streams start or restart here: pass no state into this window. */
  readonly restarted: boolean;
}

/** Options of `Streams`. */
export interface StreamsOptions {
  /** B, the number of parallel streams. */
  readonly batch: number;
  /** T, the length of a window. */
  readonly steps: number;
}

/**
 * B parallel streams of equal length from a sequence of n indices, read window by window. Stream b
 * starts at b·⌊n/B⌋. The final state of a window is the initial state of the next. At their end
 * (`position + T + 1 ≥ length`, as in min-char-rnn) the streams restart.
 */
export class Streams {
  readonly batch: number;
  readonly steps: number;
  /** The start of the next window in each stream. Save it to resume. */
  position = 0;
  readonly #indices: Indices;
  readonly #length: number;
  #atStart = true;

  /**
   * @throws ShapeError if a stream is shorter than T + 2. ValueError unless batch and steps are
   * whole numbers from 1 on.
   */
  constructor(indices: Indices, options: StreamsOptions) {
    const keys = { batch: true, steps: true } as const;
    const { batch, steps } = requireOptions('Streams', options, '{ batch: 8, steps: 25 }', keys);
    if (![Int32Array, Uint16Array, Uint8Array].some((type) => indices instanceof type))
      throw new ValueError(
        `Streams: expected an Int32Array, Uint16Array or Uint8Array of indices, got ${describeValue(indices)}; vocabulary.encode(text) makes one`,
      );
    requireCount('Streams', 'batch', batch);
    requireCount('Streams', 'steps', steps);
    this.batch = batch;
    this.steps = steps;
    this.#indices = indices;
    this.#length = Math.floor(indices.length / batch);
    if (this.#length < steps + 2) {
      throw new ShapeError(
        `Streams: expected at least ${steps + 2} characters in each stream for windows of ${steps}, got ${this.#length}: ${indices.length} characters in ${batch} streams`,
      );
    }
  }

  /** Whether the streams have ended: the next window is the first again. */
  get ended(): boolean {
    return this.position + this.steps + 1 >= this.#length;
  }

  /** The next window. @throws PlanError inside a planned function: pass windows as arguments. */
  next(): Window {
    unsupported('a window was read', 'read it before the call, and pass it as an argument');
    const { batch, steps, ended } = this;
    if (ended) this.position = 0;
    const restarted = ended || this.#atStart;
    this.#atStart = false;
    const inputs = new Int32Array(steps * batch);
    const targets = new Int32Array(steps * batch);
    for (let t = 0; t < steps; t++) {
      for (let b = 0; b < batch; b++) {
        const at = b * this.#length + this.position + t;
        inputs[t * batch + b] = this.#indices[at]!;
        targets[t * batch + b] = this.#indices[at + 1]!;
      }
    }
    this.position += steps;
    const shape = [steps, batch];
    return { inputs: tensor(inputs, { shape }), targets: tensor(targets, { shape }), restarted };
  }

  /**
   * Resumes another run at its `position`. The next window carries state.
   * @throws ValueError for a position outside of the streams.
   */
  seek(position: number): void {
    if (!Number.isInteger(position) || position < 0 || position > this.#length) {
      throw new ValueError(
        `seek: expected a whole number from 0 to ${this.#length} for position, got ${showValue(position)}; pass the position of a run with the same streams`,
      );
    }
    this.position = position;
    this.#atStart = false;
  }
}
