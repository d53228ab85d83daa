/** What the author of a cell gives to the laws. */
import type { FloatDtype, Random, Tensor } from '@chronograd/tensor';
import type { Cell, StateOf } from '../../cells/cell.ts';

/** Sizes of a cell to make. `{ random, dtype }` in it serve as the options of most cells. */
export interface CellSizes {
  /** F, features of the input. */
  readonly inputSize: number;
  /** H, hidden units. */
  readonly hiddenSize: number;
  readonly dtype: FloatDtype;
  /** The source of its initial values. */
  readonly random: Random;
}

/**
 * Makes a cell: `({ inputSize, hiddenSize, ...options }) => new MyCell(inputSize, hiddenSize,
 * options)`.
 */
export type MakeCell<C extends Cell<unknown>> = (sizes: CellSizes) => C;

/** The sizes of a test case, and the seed of its numbers. */
export interface TestCaseSizes {
  /** T. */
  readonly steps: number;
  /** B. */
  readonly batch: number;
  /** F. */
  readonly inputSize: number;
  /** H. */
  readonly hiddenSize: number;
  readonly seed: number;
}

/** Options of `cellLaws` and `checkCell`. */
export interface CellLawOptions<C extends Cell<unknown> = Cell<unknown>> {
  /**
   * Test cases of each law. The laws of the second order and the final state make fewer. Default:
   * 10.
   */
  readonly runs?: number;
  /** Seed of the test cases, which are the same every time. Default: 1. */
  readonly seed?: number;
  /** The largest sizes. Default: T 4, B 3, F 3, H 4. */
  readonly largest?: Partial<Omit<TestCaseSizes, 'seed'>>;
  /** A divisor of H (heads, blocks). Default: 1. */
  readonly hiddenMultiple?: number;
  /** Laws that cannot hold for this cell. Say why in a comment. */
  readonly skip?: readonly LawId[];
  /**
   * Inputs of shape [T, B, …], for a cell that needs another rank, range or dtype. Floats are cast
   * to the dtype of the test case. Default: normal numbers [T, B, F].
   */
  readonly inputs?: (sizes: TestCaseSizes, random: Random) => Tensor;
  /** A state to start from, if random ones are invalid. Default: random around `initialState`. */
  readonly state?: (cell: C, batch: number, random: Random) => StateOf<C>;
  /** Handwritten backpropagation, checked against autograd at every parameter and time step. */
  readonly backward?: HandwrittenBackward<C>;
}

/** Names of the laws. */
export type LawId =
  | ('shapes' | 'determinism' | 'gradients' | 'second order' | 'every parameter' | 'final state')
  | ('batch' | 'permutation' | 'split' | 'projection' | 'padding' | 'reversal' | 'float32')
  | 'backward';

/** The arguments of a handwritten backward. All tensors are float64. */
export interface BackwardProblem<C extends Cell<unknown>> {
  readonly cell: C;
  /** Shape [T, B, F]. */
  readonly inputs: Tensor;
  /** Before the first step. */
  readonly state: StateOf<C>;
  /** ∂L/∂output of each step, shape [T, B, …]. */
  readonly dOutputs: Tensor;
  /** ∂L/∂(final state), from later steps. */
  readonly dState: StateOf<C>;
}

/**
 * Gradients as tensors, nested arrays of numbers, or flat typed arrays. All except `cell` are
 * optional; those left out are not compared.
 */
export interface HandwrittenGradients {
  /** By the names of the cell's parameters, summed over all steps. */
  readonly cell: object;
  /** Of the inputs, [T, B, F]. Shows the step at which the gradients diverge. */
  readonly inputs?: unknown;
  /** Of the state before the first step: a tree like the state. */
  readonly state?: unknown;
  /** Of the state before each step: a tree like the state, each [T, B, …]. Shows the step too. */
  readonly states?: unknown;
  /** The contribution of each step to each parameter, [T, …] by name. Shows gate and step. */
  readonly cellByStep?: object;
}

/** Handwritten backpropagation through time. */
export type HandwrittenBackward<C extends Cell<unknown>> = (
  problem: BackwardProblem<C>,
) => HandwrittenGradients;
