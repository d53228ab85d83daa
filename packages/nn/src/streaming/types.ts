/** Models that a stream runs, and what a stream can do. */
import type { Tensor, TypedArray } from '@chronograd/tensor';

/** What a stream runs: a `Recurrent`, `RNN`, `LSTM`, `GRU`, or your own module or object. */
export interface Unrollable<State> {
  /** Whether inputs and outputs are [B, T, …] instead of [T, B, …]. Default: false. */
  readonly batchFirst?: boolean;
  /** The state before the first step of `batch` streams. */
  initialState(batch: number): State;
  /**
   * Outputs of all time steps, and the state after the last one. A stream calls it with T = 1, so
   * no output may depend on another step except through the state.
   */
  forward(
    inputs: Tensor,
    state: NoInfer<State>,
  ): { readonly outputs: Tensor; readonly state: NoInfer<State> };
}

/** Options of `stream`. */
export interface StreamOptions {
  /** The number B of streams side by side. Default: 1. */
  readonly batch?: number;
  /** What follows the recurrent part at each step: [B, H] → [B, F]. Default: nothing. */
  readonly head?: (output: Tensor) => Tensor;
  /**
   * Whether later pushes replay the launches of the first (`plan`). `false` allows a `head` that a
   * plan refuses, such as one that reads numbers. Default: true.
   */
  readonly plan?: boolean;
}

/** A model in the middle of a sequence. */
export interface LiveStream<State> {
  /**
   * Reads one time step.
   * @param x a tensor [B, …], its numbers as a typed array, or int32 indices [B]. An array of
   * floats stands for [B, F] with F = length / B. The first push sets the shape.
   * @returns the output of the step, a new tensor.
   * @throws ShapeError or DtypeError for an input that does not fit.
   * @throws ValueError inside `grad` or `valueAndGrad`: no gradient flows through a stream.
   */
  push(x: Tensor | TypedArray): Tensor;
  /**
   * As `push`, but writes the output into `out` and makes no tensor.
   * @throws ShapeError or DtypeError unless `out` has the dtype and the number of elements.
   */
  pushInto<A extends TypedArray>(x: Tensor | TypedArray, out: A): A;
  /** The number of streams. */
  readonly batch: number;
  /** A copy of the last output. Null before the first push, and after a change of the state. */
  readonly output: Tensor | null;
  /**
   * The state after the last push: a copy. Assign one to go on from there; it is copied.
   * @throws ValueError, ShapeError or DtypeError for a state of another form.
   */
  state: State;
  /** Goes back to the initial state. */
  reset(): void;
  /** Runs `body`, which may push. Afterwards the stream has its state and output of before. */
  ahead<R>(body: () => R): R;
  /**
   * Frees the stream's memory now: `using live = stream(…)`. Without it, the garbage collector
   * frees the memory later.
   */
  [Symbol.dispose](): void;
}
