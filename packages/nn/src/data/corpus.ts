/** A corpus cut into windows for truncated BPTT. */
import { ShapeError, type Tensor, tensor, ValueError } from '@chronograd/tensor';
import { describeValue, showValue, unsupported } from '@chronograd/tensor/engine';
import { requireOptions } from '../internal/options.ts';
import { requireCount } from '../internal/require.ts';

/** One window of every stream: what comes in, and what comes next. */
export interface Window {
  /** int32, shape [T, B]. */
  readonly inputs: Tensor;
  /** int32, shape [T, B]: the inputs one position later. */
  readonly targets: Tensor;
  /** Whether the streams begin (again) here: carry no state into this window. */
  readonly restarted: boolean;
}

/** How `Streams` cuts a corpus. */
export interface StreamsOptions {
  /** B, how many streams run side by side. */
  readonly batch: number;
  /** T, how long a window is. */
  readonly steps: number;
}

/**
 * A sequence of indices as B parallel streams of equal length (stream b begins at b·⌊n/B⌋), read window by window: the state that a window
 * ends with belongs to the beginning of the next. When the streams end (`position + T + 1 ≥ length`, as in min-char-rnn) they begin again.
 */
export class Streams {
  readonly batch: number;
  readonly steps: number;
  /** Where the next window begins in each stream; for saving and resuming. */
  position = 0;
  readonly #indices: Int32Array;
  readonly #length: number;
  #fresh = true;

  /** @throws ShapeError where a stream is shorter than a window and two more. @throws ValueError unless batch and steps are whole numbers from 1 on. */
  constructor(indices: Int32Array, options: StreamsOptions) {
    const keys = { batch: true, steps: true } as const;
    const { batch, steps } = requireOptions('Streams', options, '{ batch: 8, steps: 25 }', keys);
    if (!(indices instanceof Int32Array))
      throw new ValueError(
        `Streams: expected an Int32Array of indices, got ${describeValue(indices)}; vocabulary.encode(text) makes one`,
      );
    requireCount('Streams', 'batch', batch);
    requireCount('Streams', 'steps', steps);
    this.batch = batch;
    this.steps = steps;
    this.#indices = indices;
    this.#length = Math.floor(indices.length / batch);
    if (this.#length < steps + 2) {
      throw new ShapeError(
        `Streams: ${indices.length} characters in ${batch} streams of ${this.#length} came; a stream needs at least ${steps + 2}, for windows of ${steps}`,
      );
    }
  }

  /** Whether the streams have ended, so that the next window is their first again. */
  get ended(): boolean {
    return this.position + this.steps + 1 >= this.#length;
  }

  /** The next window. @throws PlanError inside of a planned function: windows are its arguments. */
  next(): Window {
    unsupported('a window was read', 'read it before the call, and pass it as an argument');
    const { batch, steps, ended } = this;
    if (ended) this.position = 0;
    const restarted = ended || this.#fresh;
    this.#fresh = false;
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
   * Goes on where another run stood: the next window begins at `position` and carries state.
   * @throws ValueError for a position outside of the streams.
   */
  seek(position: number): void {
    if (!Number.isInteger(position) || position < 0 || position > this.#length) {
      throw new ValueError(
        `seek: position ${showValue(position)} came, a whole number from 0 to ${this.#length} was expected: where another run of these streams stood`,
      );
    }
    this.position = position;
    this.#fresh = false;
  }
}
