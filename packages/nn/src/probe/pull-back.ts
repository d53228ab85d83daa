/** Pulling rows back through single steps of a `Recurrent`: what its Jacobians are made of. */
import { vjp } from '@chronograd/autograd';
import { concat, isFloat, ShapeError, scope, type Tensor, ValueError } from '@chronograd/tensor';
import { showShape } from '@chronograd/tensor/engine';
import { Cell } from '../cell.ts';
import { Dropout } from '../dropout.ts';
import { layersOf } from '../recurrent/layers.ts';
import type { Layers, StatesOf } from '../recurrent/types.ts';
import { Recurrent } from '../recurrent.ts';
import { floatTree, mapState, nameState, stateLeaves, withFloats } from '../testing/state.ts';

/** The floats of the states of all layers as one vector: N numbers a sequence, in the order of the state's leaves. */
export class StateFlow {
  readonly steps: number;
  readonly batch: number;
  /** Which of the N numbers are whose: by the leaf's path, empty where the state is a tensor. */
  readonly ranges: ReadonlyMap<string, readonly [from: number, to: number]>;
  /** N. */
  readonly size: number;
  readonly #x: Tensor;
  readonly #recurrent: Recurrent<Layers>;
  /** Before each step, and after the last. */
  readonly #states: unknown[];

  /** Runs forward. @param x as for `recurrent.forward`. */
  constructor(op: string, recurrent: Recurrent<Layers>, x: Tensor, state: StatesOf<Layers> | undefined) {
    requireSteps(op, recurrent);
    // Time first, and one step at a time.
    this.#recurrent = new Recurrent(recurrent.cell);
    this.#x = recurrent.batchFirst ? x.transpose(0, 1) : x;
    const [steps = 0, batch = 0] = this.#x.shape;
    this.steps = steps;
    this.batch = batch;
    const start: unknown = state ?? recurrent.initialState(batch);
    this.#states = [start];
    const ranges = new Map<string, readonly [number, number]>();
    let size = 0;
    for (const { leaf, path } of stateLeaves(start)) {
      if (leaf.shape[0] !== batch) {
        throw new ShapeError(
          `${op}: ${nameState(path)} ${showShape(leaf.shape)} came, [B, …] with the B of the inputs, ${batch}, was expected`,
        );
      }
      if (!isFloat(leaf.dtype)) continue;
      ranges.set(path, [size, size + leaf.size / batch]);
      size += leaf.size / batch;
    }
    this.ranges = ranges;
    this.size = size;
    for (let t = 0; t < steps; t++) {
      this.#states.push(scope(() => this.#forward(this.#x.select(t), this.#states[t])));
    }
  }

  /**
   * Rows times the Jacobian of step `t`, of the state after it by the state before it.
   * @param rows shape [B, K, N], float64. @returns the same shape.
   */
  pullBack(t: number, rows: Tensor): Tensor {
    const [B, K, N] = rows.shape as [number, number, number];
    return scope(() => {
      // Each row gets a sequence of its own: one walk back serves all of them.
      const before = mapState(this.#states[t], (leaf) => repeated(leaf, K));
      const x = repeated(this.#x.select(t), K);
      const floats = floatTree(before);
      const dtype = flat(floats).dtype;
      const after = (state: unknown): Tensor => flat(this.#forward(x, withFloats(before, state)));
      const { grads } = vjp(after, floats, rows.reshape([B * K, N]).cast(dtype));
      return flat(grads).cast('float64').reshape([B, K, N]);
    });
  }

  #forward(x: Tensor, state: unknown): unknown {
    return this.#recurrent.forward(x.unsqueeze(0), state as StatesOf<Layers>).state;
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

/** The floats of a state as one matrix: shape [B, N]. */
function flat(state: unknown): Tensor {
  const floats = stateLeaves(state).filter(({ leaf }) => isFloat(leaf.dtype));
  return concat(
    floats.map(({ leaf }) => leaf.reshape([leaf.shape[0]!, leaf.size / leaf.shape[0]!])),
    1,
  );
}

function requireSteps(op: string, recurrent: Recurrent<Layers>): void {
  if (layersOf(recurrent.cell).some((layer) => !(layer instanceof Cell))) {
    throw new ValueError(
      `${op}: a layer with two directions came, where no state goes from step to step through all layers; one direction was expected`,
    );
  }
  const drops = recurrent
    .namedModules()
    .some(([, part]) => part instanceof Dropout && part.training && part.p > 0);
  if (drops) {
    throw new ValueError(
      `${op}: a Recurrent with dropout came in training mode, whose Jacobians differ from draw to draw; call evaluate() first`,
    );
  }
}
