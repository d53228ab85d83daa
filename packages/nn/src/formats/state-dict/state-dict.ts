/** The parameters of a module as plain arrays by name. */
import type { Parameter } from '@chronograd/tensor';
import { nameOf } from '@chronograd/tensor/engine';
import { requireModule } from '../../internal/require.ts';
import type { Module } from '../../module.ts';
import type { SafetensorsTensor } from '../safetensors/format.ts';
import { parameterSlots, StateDictError } from './parameter-slots.ts';

/** Copies of values by name, for `writeSafetensors` and `writeNpz`. */
export type StateDict = ReadonlyMap<string, SafetensorsTensor>;

/**
 * Copies all parameters, frozen ones included, with the names and layout of PyTorch's
 * `state_dict()` for the same modules: `weight_ih_l0`, `bias_hh_l1_reverse`, `decoder.weight`.
 * Other modules use the names of their fields in snake_case, joined by dots; `stateForm` of a
 * module can change them. Tied weights occur under each of their names.
 *
 * Entries that PyTorch would misread have another name: the recurrent weight of a `GRUCell` with
 * `reset: 'before'` is `weight_hh_reset_before`. A cell with one bias writes the second as zeros.
 * @throws StateDictError for a module without parameters, for two parameters with one name, and
 * within a `functionalCall` that replaces some
 * @example writeFileSync('model.safetensors', writeSafetensors(stateDict(model)));
 */
export function stateDict(module: Module): StateDict {
  const dict = new Map<string, SafetensorsTensor>();
  const add = (name: string, tensor: SafetensorsTensor): void => {
    if (dict.has(name))
      throw new StateDictError(
        `stateDict: two parameters of ${nameOf(module)} have the name ${name}; rename one in stateForm() of its module`,
      );
    dict.set(name, tensor);
  };
  for (const { slots, form, fullName } of parameterSlots('stateDict', requireModule('stateDict', module))) {
    for (const [name, parameter] of slots) add(fullName(name), copyOf(parameter));
    const zeros = Object.entries(form.zeros ?? {});
    for (const [name, shape] of zeros) add(fullName(name), zerosLike(slots[0]?.[1], shape));
  }
  return dict;
}

function copyOf(parameter: Parameter): SafetensorsTensor {
  const data = parameter.toTypedArray();
  const shape = [...parameter.shape];
  if (data instanceof Float32Array) return { dtype: 'F32', shape, data };
  return data instanceof Float64Array ? { dtype: 'F64', shape, data } : { dtype: 'I32', shape, data };
}

/** Zeros with the dtype of a parameter. */
function zerosLike(parameter: Parameter | undefined, sizes: readonly number[]): SafetensorsTensor {
  const shape = [...sizes];
  const count = shape.reduce((product, size) => product * size, 1);
  return parameter?.dtype === 'float64'
    ? { dtype: 'F64', shape, data: new Float64Array(count) }
    : { dtype: 'F32', shape, data: new Float32Array(count) };
}
