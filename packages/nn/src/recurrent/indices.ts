/** Index inputs: int32 [T, B], which stand for one-hot vectors or the vectors of an `Embedding`. */
import { DtypeError, eye, isFloat, oneHot, ShapeError, type Tensor, ValueError } from '@chronograd/tensor';
import { describeValue, requireTensor, showShape } from '@chronograd/tensor/engine';
import { ProjectedCell } from '../cells/cell.ts';
import { GatedCell } from '../cells/gates.ts';
import { WrappedCell } from '../cells/wrapped.ts';
import { requireCount, requireOneOf } from '../internal/require.ts';
import { Embedding } from '../modules/embedding.ts';
import { stateLeaves } from './state-leaves.ts';
import type { AnyCell } from './types.ts';

/** Options of `Recurrent` for index inputs. */
export interface IndexOptions {
  /**
   * What the inputs are: numbers [T, B, F], or int32 indices [T, B]. Built-in cells accept indices
   * without this option. Default: 'indices' with `classes` or `embedding`, else either.
   */
  readonly inputs?: 'numbers' | 'indices';
  /**
   * The number of classes V: each index stands for a one-hot vector of V numbers, for any cell.
   * Built-in cells select columns of their weights; a cell with a projection projects each class at
   * most once; others receive the vectors. Default: cells receive the indices.
   */
  readonly classes?: number;
  /** Looks the indices up before the first layer. Its weight is named `embedding.weight`. */
  readonly embedding?: Embedding;
}

const requireInputs = requireOneOf('numbers', 'indices');

/** @throws ValueError unless the options fit each other. @returns them with their defaults. */
export function indexOptions(options: IndexOptions): {
  readonly inputs: 'numbers' | 'indices' | null;
  readonly classes: number | null;
  readonly embedding: Embedding | null;
} {
  const op = 'Recurrent';
  const { inputs, classes = null, embedding = null } = options;
  if (inputs !== undefined) requireInputs(op, 'inputs', inputs);
  if (classes !== null) requireCount(op, 'classes', classes);
  if (embedding !== null && !(embedding instanceof Embedding)) {
    throw new ValueError(
      `${op}: expected an Embedding for embedding, got ${describeValue(embedding)}; for example new Embedding(V, E, { random })`,
    );
  }
  const given = classes === null ? 'embedding' : 'classes';
  if ((classes ?? embedding) !== null && inputs === 'numbers')
    throw new ValueError(`${op}: expected inputs: 'indices' beside ${given}, got 'numbers'; leave one out`);
  if (classes !== null && embedding !== null)
    throw new ValueError(`${op}: expected classes or embedding, got both; an Embedding has its own classes`);
  return { inputs: (classes ?? embedding) === null ? (inputs ?? null) : 'indices', classes, embedding };
}

/** @throws DtypeError or ShapeError unless the inputs are what `inputs` says. */
export function checkKind(inputs: 'numbers' | 'indices' | null, x: Tensor, batchFirst: boolean): void {
  if (inputs === null) return;
  const { dtype, shape } = requireTensor('Recurrent', x);
  const axes = batchFirst ? 'B, T' : 'T, B';
  if (inputs === 'numbers' && dtype === 'int32') {
    throw new DtypeError(
      `Recurrent: expected numbers [${axes}, F], got int32 ${showShape(shape)}; pass inputs: 'indices' for indices`,
    );
  }
  if (inputs === 'numbers') return;
  if (dtype !== 'int32') {
    throw new DtypeError(
      `Recurrent: expected int32 indices [${axes}], got ${dtype} ${showShape(shape)}; make them with tensor([…], { dtype: 'int32' })`,
    );
  }
  if (shape.length !== 2)
    throw new ShapeError(`Recurrent: expected int32 indices [${axes}], got ${showShape(shape)}`);
}

/** What a cell reads of indices: themselves, or one-hot vectors in the dtype of its state. */
export function readable(cell: AnyCell, x: Tensor, classes: number | null, state: unknown): Tensor {
  if (classes === null || x.dtype !== 'int32' || takesIndices(cell) || projectsClasses(cell, x, classes))
    return x;
  return oneHot(x, classes, dtypeOf(state));
}

/** The projection of the inputs; for indices without their one-hot vectors, if there are many. */
export function project(cell: AnyCell, x: Tensor, classes: number | null, state: unknown): Tensor {
  if (!(cell instanceof ProjectedCell)) return x;
  const byClass = classes !== null && x.dtype === 'int32' && !takesIndices(cell);
  return byClass ? cell.project(eye(classes, { dtype: dtypeOf(state) })).gather(x) : cell.project(x);
}

/** Whether it is cheaper to project each class once. A wrapper may drop inputs of each sequence. */
const projectsClasses = (cell: AnyCell, x: Tensor, classes: number): boolean =>
  cell instanceof ProjectedCell && !(cell instanceof WrappedCell) && classes <= x.size;

/** Whether a cell selects columns of its weights by index. */
function takesIndices(cell: AnyCell): boolean {
  if (cell instanceof WrappedCell) return !cell.dropsInput && takesIndices(cell.cell);
  return cell instanceof GatedCell;
}

function dtypeOf(state: unknown): 'float32' | 'float64' {
  const found = stateLeaves(state).find(({ leaf }) => isFloat(leaf.dtype));
  return found?.leaf.dtype === 'float64' ? 'float64' : 'float32';
}

/** Runs a loop over indices. @throws DtypeError with a cure if its cells need numbers. */
export function withIndexHint<R>(inputs: 'numbers' | 'indices' | null, x: Tensor, body: () => R): R {
  if (inputs === 'indices' || x.dtype !== 'int32') return body();
  try {
    return body();
  } catch (error) {
    if (error instanceof DtypeError || error instanceof ShapeError)
      error.message += `; the inputs are int32 indices: for a cell that reads numbers, pass { classes: V } or { embedding } to Recurrent`;
    throw error;
  }
}
