/** Padding: steps of a batch that are not part of any sequence and must not affect any result. */
import { stopGradient } from '@chronograd/autograd';
import { type Dtype, ShapeError, Tensor, tensor, ValueError, where, zerosLike } from '@chronograd/tensor';
import { type OptionKeys, requireTensor, sameShape, shapeOf, showShape } from '@chronograd/tensor/engine';
import type { Step } from '../cells/cell.ts';
import { requireOptions } from '../internal/options.ts';
import { requireLengths } from '../internal/require.ts';
import { zipStates } from './state-leaves.ts';

/** Which steps are real: by lengths or by a mask. Default: all. */
export interface PaddingOptions {
  /** The number of real steps of each sequence in the batch, 0 … T, from the first step on. */
  readonly lengths?: readonly number[];
  /**
   * 0 at padded steps, anything else at real ones: shape [T, B], or [B, T] with `batchFirst`.
   * Padding is allowed at any step.
   */
  readonly mask?: Tensor;
}

const PADDING: OptionKeys<PaddingOptions> = { lengths: true, mask: true };

/**
 * The padding of a batch [T, B]; null for none.
 * @throws ShapeError or ValueError unless it fits.
 */
export function paddingOf(
  padding: PaddingOptions,
  steps: number,
  batch: number,
  batchFirst: boolean,
): Padding | null {
  const { lengths, mask } = requireOptions('Recurrent', padding, '{ lengths } or { mask }', PADDING);
  if (lengths !== undefined && mask !== undefined)
    throw new ValueError('Recurrent: expected lengths or mask, got both');
  if (lengths !== undefined) return new Padding(realOfLengths(lengths, steps, batch), steps, batch);
  if (mask === undefined) return null;
  const shape = batchFirst ? [batch, steps] : [steps, batch];
  if (!sameShape(requireTensor('Recurrent', mask).shape, shape)) {
    throw new ShapeError(
      `Recurrent: expected a mask ${batchFirst ? '[B, T]' : '[T, B]'} like the inputs, ${showShape(shape)}, got ${showShape(mask.shape)}`,
    );
  }
  const values = (batchFirst ? mask.transpose() : mask).toTypedArray();
  const real = Uint8Array.from(values, (value) => (value === 0 ? 0 : 1));
  return new Padding(real, steps, batch);
}

function realOfLengths(lengths: readonly number[], steps: number, batch: number): Uint8Array {
  const real = requireLengths('Recurrent', 'lengths', lengths, [0, steps], batch);
  return Uint8Array.from({ length: steps * batch }, (_, at) =>
    Math.floor(at / batch) < real[at % batch]! ? 1 : 0,
  );
}

export class Padding {
  /** 1 at real steps, row by row of [T, B]. */
  readonly real: Uint8Array;
  readonly #steps: number;
  readonly #batch: number;
  readonly #masks: Map<Dtype, Tensor> = new Map();

  constructor(real: Uint8Array, steps: number, batch: number) {
    this.real = real;
    this.#steps = steps;
    this.#batch = batch;
  }

  /**
   * The inputs, with the first real step of the same sequence (in running order) in place of padded
   * ones, so that values in padding take part in no arithmetic. With `inputState`, a padded step
   * recomputes that real step and can make no other number. A sequence without a real step runs
   * another sequence's inputs with its own initial state. Padded steps neither get nor give
   * gradients.
   * @param x shape [T, B, …], any dtype.
   */
  fill(x: Tensor, reverse: boolean): Tensor {
    const from = firstRealSteps(this.real, this.#batch, reverse);
    if (from === null) return zerosLike(x);
    const rows = stopGradient(x).reshape([this.#steps * this.#batch, ...x.shape.slice(2)]);
    return where(
      this.#mask(x.dtype).reshape([this.#steps, this.#batch, ...ones(x.rank - 2)]),
      x,
      rows.gather(tensor(from)).reshape(x.shape),
    );
  }

  /** The state that step `t` receives: `now` at real rows, `begin` at padded ones. */
  inputState(t: number, now: unknown, begin: unknown): unknown {
    if (!this.#includes(t, 0)) return now;
    return zipStates(now, begin, (each, first) =>
      each instanceof Tensor ? where(this.#row(t, each), each, first as Tensor) : each,
    );
  }

  /** The result of step `t` at real rows; output 0 and the previous state at padded ones. */
  select(t: number, { output, state }: Step<unknown>, before: unknown): Step<unknown> {
    if (!this.#includes(t, 0)) return { output, state };
    if (!this.#includes(t, 1)) return { output: zerosLike(output), state: before };
    return {
      output: where(this.#row(t, output), output, 0),
      // A part that is not a tensor is for the whole batch, which has made the step.
      state: zipStates(state, before, (now, old) =>
        now instanceof Tensor ? where(this.#row(t, now), now, old as Tensor) : now,
      ),
    };
  }

  /** A tensor of step `t` with 0 in padded rows; unchanged if its first axis is not the batch. */
  zeroPadded(t: number, x: Tensor): Tensor {
    return this.#includes(t, 0) && x.shape[0] === this.#batch ? where(this.#row(t, x), x, 0) : x;
  }

  /** Whether step `t` has a padded (0) or a real (1) row. */
  #includes(t: number, real: 0 | 1): boolean {
    return this.real.subarray(t * this.#batch, (t + 1) * this.#batch).includes(real);
  }

  /** The mask of step `t` as a condition over `x`, whose first axis is the batch. */
  #row(t: number, x: Tensor): Tensor {
    if (shapeOf(x)[0] !== this.#batch) {
      throw new ShapeError(
        `Recurrent: expected outputs and states [B, …] with padding, B = ${this.#batch}, got ${showShape(x.shape)} from the cell`,
      );
    }
    return this.#mask(x.dtype)
      .select(t)
      .reshape([this.#batch, ...ones(x.rank - 1)]);
  }

  /** Shape [T, B], in the dtype of the tensors to select from, which avoids a cast at each step. */
  #mask(dtype: Dtype): Tensor {
    const known = this.#masks.get(dtype);
    if (known !== undefined) return known;
    const made = tensor(Float64Array.from(this.real), { dtype, shape: [this.#steps, this.#batch] });
    this.#masks.set(dtype, made);
    return made;
  }
}

/**
 * For each position of [T, B] that position, or, if it is padded, the first real step of the same
 * sequence. A sequence without a real step gets one of another. Null without any real step.
 */
function firstRealSteps(real: Uint8Array, batch: number, reverse: boolean): Int32Array | null {
  const any = real.indexOf(1);
  if (any < 0) return null;
  const first = new Array<number>(batch).fill(any);
  for (let i = 0; i < real.length; i++) {
    // The loop runs towards the first step, so that the last assignment is the one to keep.
    const at = reverse ? i : real.length - 1 - i;
    if (real[at] === 1) first[at % batch] = at;
  }
  return Int32Array.from(real, (is, at) => (is === 1 ? at : first[at % batch]!));
}

const ones = (count: number): number[] => new Array<number>(count).fill(1);
