/** Copies of weights and other tensors, and their form in a file. */
import { type Tensor, tensor } from '@chronograd/tensor';
import type { SafetensorsTensor } from '../formats/safetensors/index.ts';
import type { Module } from '../module.ts';

/** Copies of a model's weights by name. */
export type WeightCopies = ReadonlyMap<string, Tensor>;

/** A copy of a tensor in an ordinary array. */
export const copyOf = (x: Tensor): Tensor => tensor(x.toTypedArray(), { shape: x.shape });

/** Copies of all parameters of a model. */
export function copyWeights(model: Module): WeightCopies {
  return new Map(model.namedParameters().map(([name, each]) => [name, copyOf(each)]));
}

/** Assigns copies to the parameters. */
export function putWeights(model: Module, copies: WeightCopies): void {
  for (const [name, parameter] of model.namedParameters()) {
    const copy = copies.get(name);
    if (copy !== undefined) parameter.assign(copy);
  }
}

/** A copy of a tensor for a file. */
export function fileTensor(x: Tensor): SafetensorsTensor {
  const shape = [...x.shape];
  const data = x.toTypedArray();
  if (data instanceof Float32Array) return { dtype: 'F32', shape, data };
  if (data instanceof Float64Array) return { dtype: 'F64', shape, data };
  return { dtype: 'I32', shape, data };
}

/** A copy of a tensor from a file. */
export const fromFile = ({ data, shape }: SafetensorsTensor): Tensor => tensor(data.slice(), { shape });
