/** A module's parameters as plain arrays by name. */
import type { Parameter } from '@chronograd/tensor';
import { nameOf } from '@chronograd/tensor/engine';
import { requireModule } from '../../internal/require.ts';
import type { Module } from '../../module.ts';
import type { SafetensorsTensor } from '../safetensors/format.ts';
import { StateDictError } from './error.ts';
import { ownersOf } from './slots.ts';

/** Copies of values by name: what `writeSafetensors` and `writeNpz` write. */
export type StateDict = ReadonlyMap<string, SafetensorsTensor>;

/**
 * Copies of all parameters, frozen ones too, under the names and in the layout that PyTorch's `state_dict()` has for the same modules:
 * `weight_ih_l0`, `bias_hh_l1_reverse`, `decoder.weight`. Other modules' names are those of their fields, joined by dots, in snake_case; a
 * module's `stateForm` says where it is otherwise. Tied weights stand under each of their names.
 *
 * What PyTorch would understand differently has another name, so that it cannot be taken for the same: the recurrent weight of a `GRUCell`
 * with `reset: 'before'` is `weight_hh_reset_before`. A cell with one bias vector writes the second as zeros, which changes no value.
 * @throws StateDictError for a module without parameters, where two parameters have one name, and within a `functionalCall` that replaces some
 * @example writeFileSync('model.safetensors', writeSafetensors(stateDict(model)));
 */
export function stateDict(module: Module): StateDict {
  const dict = new Map<string, SafetensorsTensor>();
  const add = (name: string, tensor: SafetensorsTensor): void => {
    if (dict.has(name))
      throw new StateDictError(
        `stateDict: two parameters of ${nameOf(module)} have the name ${name}; stateForm() of one of their modules can give another`,
      );
    dict.set(name, tensor);
  };
  for (const { slots, form, place } of ownersOf('stateDict', requireModule('stateDict', module))) {
    for (const [name, parameter] of slots) add(place(name), copyOf(parameter));
    const zeros = Object.entries(form.zeros ?? {});
    for (const [name, shape] of zeros) add(place(name), zerosLike(slots[0]?.[1], shape));
  }
  return dict;
}

function copyOf(parameter: Parameter): SafetensorsTensor {
  const data = parameter.toTypedArray();
  const shape = [...parameter.shape];
  if (data instanceof Float32Array) return { dtype: 'F32', shape, data };
  return data instanceof Float64Array ? { dtype: 'F64', shape, data } : { dtype: 'I32', shape, data };
}

/** Zeros of the dtype that the module's parameters have. */
function zerosLike(parameter: Parameter | undefined, sizes: readonly number[]): SafetensorsTensor {
  const shape = [...sizes];
  const count = shape.reduce((product, size) => product * size, 1);
  return parameter?.dtype === 'float64'
    ? { dtype: 'F64', shape, data: new Float64Array(count) }
    : { dtype: 'F32', shape, data: new Float32Array(count) };
}
