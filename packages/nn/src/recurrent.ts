/** The time loop, written once. */
import { atTimeStep } from '@chronograd/autograd';
import { ShapeError, showShape, stack, type Tensor } from '@chronograd/tensor';
import { type Cell, ProjectedCell, type StateOf } from './cell.ts';
import { Module } from './module.ts';

/** All outputs of a sequence, and the state after its last step. */
export interface Unrolled<State> {
  /** Shape [T, B, …]. */
  readonly outputs: Tensor;
  readonly state: State;
}

/**
 * A cell run over time. For truncated BPTT call it window by window, and pass the state that one window returns to the next: what a
 * differentiated function returns carries no gradient further back.
 */
export class Recurrent<C extends Cell<unknown>> extends Module {
  readonly cell: C;

  constructor(cell: C) {
    super();
    this.cell = cell;
  }

  /** The state before the first step, for a batch of `batch` streams. */
  initialState(batch: number): StateOf<C> {
    return this.cell.initialState(batch) as StateOf<C>;
  }

  /**
   * @param inputs shape [T, B, F], T ≥ 1; or int32 indices [T, B], standing for one-hot vectors.
   * @param state before the first step; the cell's initial state unless given.
   * @throws ShapeError for inputs of another rank, or without a step.
   */
  forward(inputs: Tensor, state?: StateOf<C>): Unrolled<StateOf<C>> {
    const [steps, batch] = inputs.shape;
    // Floats without a batch would be taken for a batch of F, and broadcast.
    const fits = inputs.rank >= (inputs.dtype === 'int32' ? 2 : 3);
    if (!fits || steps === undefined || batch === undefined || steps === 0) {
      throw new ShapeError(
        `Recurrent: inputs ${inputs.dtype} ${showShape(inputs.shape)} came, [T, B, F] with at least one step, or int32 [T, B], was expected; where there is no batch, x.unsqueeze(1) makes one of 1`,
      );
    }
    let now: unknown = state ?? this.cell.initialState(batch);
    const outputs: Tensor[] = [];
    const { cell } = this;
    const projects = cell instanceof ProjectedCell;
    const sequence = projects ? cell.project(inputs) : inputs;
    for (let t = 0; t < steps; t++) {
      atTimeStep(t);
      const x = sequence.select(t);
      const step = projects ? cell.advance(x, now) : cell.step(x, now);
      outputs.push(step.output);
      now = step.state;
    }
    atTimeStep(null);
    return { outputs: stack(outputs), state: now as StateOf<C> };
  }
}
