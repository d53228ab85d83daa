/** Tensors in the file of a saved run: those of a snapshot of `fit`. */
import type { SafetensorsTensor } from '@chronograd/nn/safetensors';
import { type Parameter, type Tensor, tensor } from '@chronograd/tensor';
import { joinPath, mapTensors, sameShape, showShape } from '@chronograd/tensor/engine';
import { UsageError } from '../cli/errors.ts';
import type { CharModel } from './char-model.ts';

export type SavedTensors = ReadonlyMap<string, SafetensorsTensor>;

/**
 * The saved tensor with a name.
 * @param like has the expected shape and dtype
 * @throws UsageError if it is missing, or has another shape or dtype
 */
function tensorLike(like: Tensor, name: string, tensors: SavedTensors): Tensor {
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

/**
 * The saved state of the layers.
 * @param like has the expected structure, shapes and dtype
 * @throws UsageError as {@link tensorLike}
 */
export function stateLike(like: unknown, tensors: SavedTensors): unknown {
  return mapTensors('stateLike', like, (leaf, path) => tensorLike(leaf, joinPath('carried', path), tensors));
}

/**
 * Assigns the saved weights to a model: those with the least held-out loss. Without evaluations the
 * last ones.
 * @throws UsageError as {@link tensorLike}
 */
export function assignWeights(model: CharModel, tensors: SavedTensors): void {
  const named: readonly (readonly [string, Parameter])[] = model.namedParameters();
  const group = named.some(([name]) => tensors.has(`best.${name}`)) ? 'best' : 'model';
  for (const [name, parameter] of named) parameter.assign(tensorLike(parameter, `${group}.${name}`, tensors));
}
