/** Vector-Jacobian products of single steps of a `Recurrent`. */
import { vjp } from '@chronograd/autograd';
import { concat, eye, isFloat, ShapeError, scope, type Tensor, tensor, ValueError } from '@chronograd/tensor';
import { describeValue, inNameOf, showShape } from '@chronograd/tensor/engine';
import { WrappedCell } from '../cells/wrapped.ts';
import { withProbe } from '../internal/probing.ts';
import { Dropout } from '../modules/dropout.ts';
import { layersOf } from '../recurrent/layers.ts';
import { type PaddingOptions, paddingOf } from '../recurrent/padding.ts';
import { checkInputs, Recurrent } from '../recurrent/recurrent.ts';
import { floatTree, mapLeaves, nameState, stateLeaves, withFloats } from '../recurrent/state-leaves.ts';
import type { Layers, StatesOf, Unrolled } from '../recurrent/types.ts';

/** The float states of all layers as one vector: N numbers a sequence, in the order of leaves. */
export class StateFlow {
  readonly steps: number;
  readonly batch: number;
  /** The range of each leaf in the N numbers, by path; the path of a single tensor is empty. */
  readonly ranges: ReadonlyMap<string, readonly [from: number, to: number]>;
  /** N. */
  readonly size: number;
  readonly #x: Tensor;
  readonly #recurrent: Recurrent<Layers>;
  /** The states before each step and after the last. */
  readonly #states: unknown[];
  /** 1 at real steps, 0 at padded ones, shape [T, B]. Null without padding. */
  readonly #real: Tensor | null;

  /** Runs forward without probes. @param x as for `recurrent.forward`. */
  constructor(
    op: string,
    recurrent: Recurrent<Layers>,
    x: Tensor,
    { state, padding = {} }: { readonly state?: StatesOf<Layers>; readonly padding?: PaddingOptions },
  ) {
    requireSteps(op, recurrent);
    const [steps, batch] = checkInputs(op, x, recurrent.batchFirst);
    // Time first, and one step at a time.
    const { classes, embedding } = recurrent;
    const indices = classes !== null ? { classes } : embedding !== null ? { embedding } : {};
    this.#recurrent = new Recurrent(recurrent.cell, indices);
    this.#x = recurrent.batchFirst ? x.transpose(0, 1) : x;
    this.steps = steps;
    this.batch = batch;
    const padded = inNameOf(op, () => paddingOf(padding, steps, batch, recurrent.batchFirst));
    this.#real = padded && tensor(Int32Array.from(padded.real), { shape: [steps, batch] });
    const start: unknown = state ?? recurrent.initialState(batch);
    this.#states = [start];
    const ranges = new Map<string, readonly [number, number]>();
    let size = 0;
    for (const { leaf, path } of stateLeaves(start)) {
      if (leaf.shape[0] !== batch) {
        throw new ShapeError(
          `${op}: expected ${nameState(path)} of shape [B, …] with the B of the inputs, ${batch}, got ${showShape(leaf.shape)}`,
        );
      }
      if (!isFloat(leaf.dtype)) continue;
      ranges.set(path, [size, size + leaf.size / batch]);
      size += leaf.size / batch;
    }
    this.ranges = ranges;
    this.size = size;
    for (let t = 0; t < steps; t++) {
      const real = this.#real?.select(t) ?? null;
      this.#states.push(scope(() => this.#forward(this.#x.select(t), this.#states[t], real)));
    }
  }

  /**
   * Rows times the Jacobian of step `t`, of the state after it by the state before it.
   * @param rows shape [B, K, N], float64.
   * @returns the same shape.
   */
  pullBack(t: number, rows: Tensor): Tensor {
    const [B, K, N] = rows.shape as [number, number, number];
    return scope(() => {
      // Each row is a sequence, so that one backward pass computes all of them.
      const before = mapLeaves(this.#states[t], (leaf) => repeated(leaf, K));
      const x = repeated(this.#x.select(t), K);
      const real = this.#real === null ? null : repeated(this.#real.select(t), K);
      const after = (state: unknown): Tensor => flat(this.#forward(x, withFloats(before, state), real));
      const { grads } = vjp(after, floatTree(before), rows.reshape([B * K, N]));
      return flat(grads).reshape([B, K, N]);
    });
  }

  /**
   * The Jacobian of step `t`, of the state after it and of K numbers that `read` computes from the
   * step's output [B, …], by the state before it and by the input.
   * @returns shapes [B, N + K, N] and [B, N + K, F], float64. The state's rows are the first.
   */
  jacobian(t: number, read: (output: Tensor) => Tensor): { readonly state: Tensor; readonly input: Tensor } {
    return scope(() => {
      const run = (x: Tensor, state: unknown, real: Tensor | null): Tensor => {
        const { outputs, state: after } = this.#run(x, state, real);
        return concat([flat(after), matrix(read(outputs.select(0)))], 1);
      };
      const [x, real] = [this.#x.select(t), this.#real?.select(t) ?? null];
      const [B, K] = run(x, this.#states[t], real).shape as [number, number];
      const before = mapLeaves(this.#states[t], (leaf) => repeated(leaf, K));
      const [inputs, mask] = [repeated(x, K), real && repeated(real, K)];
      const { grads } = vjp(
        ({ state, input }) => run(input, withFloats(before, state), mask),
        { state: floatTree(before), input: inputs },
        repeatedRows(K, B),
      );
      const rows = (by: Tensor): Tensor => by.reshape([B, K, by.shape[1]!]);
      return { state: rows(flat(grads.state)), input: rows(matrix(grads.input as Tensor)) };
    });
  }

  #forward(x: Tensor, state: unknown, real: Tensor | null): unknown {
    return this.#run(x, state, real).state;
  }

  #run(x: Tensor, state: unknown, real: Tensor | null): Unrolled<StatesOf<Layers>> {
    const padding = real === null ? {} : { mask: real.unsqueeze(0) };
    const run = () => this.#recurrent.forward(x.unsqueeze(0), state as StatesOf<Layers>, padding);
    return withProbe(null, run);
  }
}

/** [B, …] → [B·K, …], each row K times. */
function repeated(x: Tensor, K: number): Tensor {
  const [B, ...rest] = x.shape as [number, ...number[]];
  return x
    .unsqueeze(1)
    .expand([B, K, ...rest])
    .reshape([B * K, ...rest]);
}

/** The floats of a state as a matrix: shape [B, N], float64. */
function flat(state: unknown): Tensor {
  const floats = stateLeaves(state).filter(({ leaf }) => isFloat(leaf.dtype));
  return concat(
    floats.map(({ leaf }) => matrix(leaf)),
    1,
  );
}

/** [B, …] → [B, N], float64. */
const matrix = (x: Tensor): Tensor => x.reshape([x.shape[0]!, x.size / x.shape[0]!]).cast('float64');

/** The K rows of the identity for each of B sequences: shape [B·K, K]. */
const repeatedRows = (K: number, B: number): Tensor =>
  eye(K, { dtype: 'float64' })
    .unsqueeze(0)
    .expand([B, K, K])
    .reshape([B * K, K]);

/** @throws ValueError unless it is a Recurrent whose state passes from step to step. */
export function requireSteps(op: string, recurrent: Recurrent<Layers>): void {
  if (!(recurrent instanceof Recurrent)) {
    const holder = recurrent as { readonly recurrent?: unknown } | null | undefined;
    const cure = holder?.recurrent instanceof Recurrent ? '; pass its field recurrent' : '';
    throw new ValueError(`${op}: expected a Recurrent, got ${describeValue(recurrent)}${cure}`);
  }
  if (layersOf(recurrent.cell).some((directions) => directions.length > 1)) {
    throw new ValueError(
      `${op}: expected one direction, got a layer with two, in which no state passes from step to step through all layers`,
    );
  }
  const drops = recurrent
    .namedModules()
    .some(
      ([, part]) =>
        (part instanceof Dropout && part.training && part.p > 0) ||
        (part instanceof WrappedCell && part.draws),
    );
  if (drops) {
    throw new ValueError(
      `${op}: expected evaluation mode, got a Recurrent with dropout in training mode, whose Jacobians are random; call evaluate() first`,
    );
  }
}
