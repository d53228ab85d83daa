/** What a user's own backpropagation through time is given, and what it gives. */
import type { Tensor } from '@chronograd/tensor';
import type { Cell, StateOf } from '../../cells/cell.ts';

/** A sequence to go back through; all tensors are float64. */
export interface BackwardProblem<C extends Cell<unknown>> {
  readonly cell: C;
  /** Shape [T, B, F]. */
  readonly inputs: Tensor;
  /** Before the first step. */
  readonly state: StateOf<C>;
  /** ∂L/∂output of each step, shape [T, B, …]. */
  readonly dOutputs: Tensor;
  /** What reaches the final state from later. */
  readonly dState: StateOf<C>;
}

/** Gradients as tensors, nested arrays of numbers, or flat typed arrays. What is left out, but for `cell`, is not compared. */
export interface HandwrittenGradients {
  /** By the names of the cell's parameters, summed over all steps. */
  readonly cell: object;
  /** Of the inputs, [T, B, F]: tells at which step the two computations part. */
  readonly inputs?: unknown;
  /** Of the state before the first step: a tree as the state. */
  readonly state?: unknown;
  /** Of the state before each step: a tree as the state, each [T, B, …]. Tells the step too, for what does not reach the inputs. */
  readonly states?: unknown;
  /** What each step adds to the gradient of each parameter, [T, …] under the parameter's name: tells gate and step at once. */
  readonly cellByStep?: object;
}

/** Backpropagation through time by hand. */
export type HandwrittenBackward<C extends Cell<unknown>> = (
  problem: BackwardProblem<C>,
) => HandwrittenGradients;
