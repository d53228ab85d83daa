/** What a cell builder gives to the kit. */
import type { FloatDtype, Random, Tensor } from '@chronograd/tensor';
import type { Cell, StateOf } from '../../cells/cell.ts';
import type { HandwrittenBackward } from './handwritten.ts';

/** What a cell is to be made of. As an object it serves as the options of most cells: `{ random, dtype }` stand in it. */
export interface CellSizes {
  /** F, features of the input. */
  readonly inputSize: number;
  /** H, hidden units. */
  readonly hiddenSize: number;
  readonly dtype: FloatDtype;
  /** Where its first values come from. */
  readonly random: Random;
}

/** Makes a cell of given sizes: `({ inputSize, hiddenSize, ...options }) => new MyCell(inputSize, hiddenSize, options)`. */
export type MakeCell<C extends Cell<unknown>> = (sizes: CellSizes) => C;

/** The size of one try, and the seed of its numbers. */
export interface TrialSizes {
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

/** How to try a cell. */
export interface CellLawOptions<C extends Cell<unknown> = Cell<unknown>> {
  /** How many sizes and seeds each law tries, laws of the second order and of the final state fewer; 10 unless named. */
  readonly runs?: number;
  /** Seed of these; 1 unless named, so that the laws say the same every time. */
  readonly seed?: number;
  /** The largest sizes tried: T 4, B 3, F 3, H 4 unless named. */
  readonly largest?: Partial<Omit<TrialSizes, 'seed'>>;
  /** What H must be a multiple of (heads, blocks); 1 unless named. */
  readonly hiddenMultiple?: number;
  /** Laws that cannot hold for this cell. Say why beside it. */
  readonly skip?: readonly LawId[];
  /**
   * Inputs of shape [T, B, …], where normal numbers [T, B, F] are not what the cell takes: of another rank or range, or int32. Floats are
   * cast to the dtype of the try. Default: normal numbers.
   */
  readonly inputs?: (sizes: TrialSizes, random: Random) => Tensor;
  /** A state to start from, where one drawn at random around `initialState` may be none that the cell can be in. */
  readonly state?: (cell: C, batch: number, random: Random) => StateOf<C>;
  /** Your own backpropagation through time, to be held against autograd at every parameter and time step. */
  readonly backward?: HandwrittenBackward<C>;
}

/** Names of the laws. */
export type LawId =
  | 'shapes'
  | 'determinism'
  | 'gradients'
  | 'second order'
  | 'every parameter'
  | 'final state'
  | 'batch'
  | 'permutation'
  | 'split'
  | 'projection'
  | 'padding'
  | 'reversal'
  | 'float32'
  | 'backward';
