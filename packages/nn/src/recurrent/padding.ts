/** Padding: steps of a batch that belong to no sequence, and that nothing may depend on. */
import { stopGradient } from '@chronograd/autograd';
import { type Dtype, ShapeError, Tensor, tensor, ValueError, where, zerosLike } from '@chronograd/tensor';
import {
  describeValue,
  type OptionKeys,
  requireTensor,
  sameShape,
  showShape,
} from '@chronograd/tensor/engine';
import type { Step } from '../cells/cell.ts';
import { requireOptions } from '../internal/options.ts';
import { zipStates } from './state-leaves.ts';

/** Which steps are real: one of both, or neither where all are. */
export interface PaddingOptions {
  /** How many steps each sequence of the batch has, 0 … T, from the first on. */
  readonly lengths?: readonly number[];
  /** 0 at padded steps, anything else at real ones: shape [T, B]; [B, T] with `batchFirst`. Padding may stand anywhere. */
  readonly mask?: Tensor;
}

const PADDING: OptionKeys<PaddingOptions> = { lengths: true, mask: true };

/** The padding of one batch [T, B]; null where there is none. @throws ShapeError or ValueError for what does not fit the batch. */
export function paddingOf(
  padding: PaddingOptions,
  steps: number,
  batch: number,
  batchFirst: boolean,
): Padding | null {
  const { lengths, mask } = requireOptions('Recurrent', padding, '{ lengths } or { mask }', PADDING);
  if (lengths !== undefined && mask !== undefined)
    throw new ValueError('Recurrent: lengths and mask came, one of them was expected');
  if (lengths !== undefined) return new Padding(realOfLengths(lengths, steps, batch), steps, batch);
  if (mask === undefined) return null;
  const shape = batchFirst ? [batch, steps] : [steps, batch];
  if (!sameShape(requireTensor('Recurrent', mask).shape, shape)) {
    throw new ShapeError(
      `Recurrent: mask ${showShape(mask.shape)} came, ${batchFirst ? '[B, T]' : '[T, B]'} like the inputs, ${showShape(shape)}, was expected`,
    );
  }
  const values = (batchFirst ? mask.transpose() : mask).toTypedArray();
  return new Padding(
    Uint8Array.from(values, (value) => (value === 0 ? 0 : 1)),
    steps,
    batch,
  );
}

function realOfLengths(lengths: readonly number[], steps: number, batch: number): Uint8Array {
  const fits =
    Array.isArray(lengths) &&
    lengths.length === batch &&
    Array.from(lengths).every((length) => Number.isInteger(length) && length >= 0 && length <= steps);
  if (!fits) {
    const came = Array.isArray(lengths) ? showShape(lengths) : describeValue(lengths);
    throw new ValueError(
      `Recurrent: lengths ${came} came, ${batch} whole numbers from 0 to ${steps} were expected, one for each sequence of the batch`,
    );
  }
  return Uint8Array.from({ length: steps * batch }, (_, at) =>
    Math.floor(at / batch) < lengths[at % batch]! ? 1 : 0,
  );
}

export class Padding {
  /** 1 at real steps, row by row of [T, B]. */
  readonly #real: Uint8Array;
  readonly #steps: number;
  readonly #batch: number;
  readonly #masks: Map<Dtype, Tensor> = new Map();

  constructor(real: Uint8Array, steps: number, batch: number) {
    this.#real = real;
    this.#steps = steps;
    this.#batch = batch;
  }

  /**
   * The inputs with those of the sequence's first real step (in the order of the run) in the place of padded ones: whatever stands in padding
   * is out before any arithmetic. With the state of `meet`, a padded step repeats that real one, and meets no number that it did not meet; in
   * a sequence without a real step, another's inputs meet its own initial state. No gradient goes to or comes from padded steps.
   * @param x shape [T, B, …], any dtype.
   */
  fill(x: Tensor, reverse: boolean): Tensor {
    const from = standIns(this.#real, this.#batch, reverse);
    if (from === null) return zerosLike(x);
    const rows = stopGradient(x).reshape([this.#steps * this.#batch, ...x.shape.slice(2)]);
    return where(
      this.#mask(x.dtype).reshape([this.#steps, this.#batch, ...ones(x.rank - 2)]),
      x,
      rows.gather(tensor(from)).reshape(x.shape),
    );
  }

  /** The state that step `t` is to meet: `now`, and at padded rows the one before the first real step, to which `fill` gives the inputs. */
  meet(t: number, now: unknown, begin: unknown): unknown {
    if (!this.#real.subarray(t * this.#batch, (t + 1) * this.#batch).includes(0)) return now;
    return zipStates(now, begin, (each, first) =>
      each instanceof Tensor ? where(this.#row(t, each), each, first as Tensor) : each,
    );
  }

  /** What step `t` gives, where it is real; elsewhere output 0, and the state as it was before. */
  settle(t: number, { output, state }: Step<unknown>, before: unknown): Step<unknown> {
    const row = this.#real.subarray(t * this.#batch, (t + 1) * this.#batch);
    if (!row.includes(0)) return { output, state };
    if (!row.includes(1)) return { output: zerosLike(output), state: before };
    return {
      output: where(this.#row(t, output), output, 0),
      // What is no tensor belongs to the whole batch, which has stepped.
      state: zipStates(state, before, (now, old) =>
        now instanceof Tensor ? where(this.#row(t, now), now, old as Tensor) : now,
      ),
    };
  }

  /** What a cell named at step `t`, with 0 in padded rows: they hold what their stand-ins made. As it is where its first axis is not the batch. */
  blank(t: number, x: Tensor): Tensor {
    const row = this.#real.subarray(t * this.#batch, (t + 1) * this.#batch);
    return row.includes(0) && x.shape[0] === this.#batch ? where(this.#row(t, x), x, 0) : x;
  }

  /** The mask of step `t` as a condition over `x`, whose first axis is the batch. */
  #row(t: number, x: Tensor): Tensor {
    if (x.shape[0] !== this.#batch) {
      throw new ShapeError(
        `Recurrent: with padding, outputs and states of shape [B, …] are expected, B = ${this.#batch}; ${showShape(x.shape)} came from the cell`,
      );
    }
    return this.#mask(x.dtype)
      .select(t)
      .reshape([this.#batch, ...ones(x.rank - 1)]);
  }

  /** Shape [T, B], in the dtype of what it chooses between: a condition of another one would be cast at each step. */
  #mask(dtype: Dtype): Tensor {
    const known = this.#masks.get(dtype);
    if (known !== undefined) return known;
    const made = tensor(Float64Array.from(this.#real), { dtype, shape: [this.#steps, this.#batch] });
    this.#masks.set(dtype, made);
    return made;
  }
}

/** For each position of [T, B] itself, or, where it is padded, the first real step of the same sequence (of any, where it has none). */
function standIns(real: Uint8Array, batch: number, reverse: boolean): Int32Array | null {
  const any = real.indexOf(1);
  if (any < 0) return null;
  const first = new Array<number>(batch).fill(any);
  for (let i = 0; i < real.length; i++) {
    // What is written last stands.
    const at = reverse ? i : real.length - 1 - i;
    if (real[at] === 1) first[at % batch] = at;
  }
  return Int32Array.from(real, (is, at) => (is === 1 ? at : first[at % batch]!));
}

const ones = (count: number): number[] => new Array<number>(count).fill(1);
