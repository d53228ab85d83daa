/** Tensors in the file of a saved run. */
import type { SafetensorsTensor } from '@chronograd/nn/safetensors';
import { type Parameter, type Tensor, tensor } from '@chronograd/tensor';
import { joinPath, mapTensors, sameShape, showShape, tensorLeaves } from '@chronograd/tensor/engine';
import { UsageError } from '../cli/errors.ts';

export type SavedTensors = ReadonlyMap<string, SafetensorsTensor>;

/** A copy of a tensor. */
export function savedTensor(x: Tensor): SafetensorsTensor {
  const shape = [...x.shape];
  const data = x.toTypedArray();
  if (data instanceof Float32Array) return { dtype: 'F32', shape, data };
  if (data instanceof Float64Array) return { dtype: 'F64', shape, data };
  return { dtype: 'I32', shape, data };
}

/**
 * The saved tensor with a name.
 * @param like has the expected shape and dtype
 * @throws UsageError if it is missing, or has another shape or dtype
 */
export function tensorLike(like: Tensor, name: string, tensors: SavedTensors): Tensor {
  const saved = tensors.get(name);
  if (saved === undefined) throw new UsageError(`the saved model has no tensor ${name}`);
  const { shape, data } = saved;
  const found = tensor(data, { shape });
  if (found.dtype !== like.dtype || !sameShape(found.shape, like.shape)) {
    throw new UsageError(
      `the saved model's tensor ${name}: expected ${like.dtype} ${showShape(like.shape)}, ` +
        `got ${found.dtype} ${showShape(found.shape)}`,
    );
  }
  return found;
}

/** Copies of the tensors of a cell's state, with their names. */
export function savedState(state: unknown): [name: string, SafetensorsTensor][] {
  return tensorLeaves('savedState', state).map(({ path, leaf }) => [hidden(path), savedTensor(leaf)]);
}

const hidden = (path: string): string => joinPath('hidden', path);

/**
 * The saved state of a cell.
 * @param like has the expected structure, shapes and dtype
 * @throws UsageError as {@link tensorLike}
 */
export function stateLike(like: unknown, tensors: SavedTensors): unknown {
  return mapTensors('stateLike', like, (leaf, path) => tensorLike(leaf, hidden(path), tensors));
}

/**
 * Assigns its saved values to a parameter.
 * @throws UsageError as {@link tensorLike}
 */
export function assignSaved(name: string, parameter: Parameter, tensors: SavedTensors): void {
  parameter.assign(tensorLike(parameter, name, tensors));
}
