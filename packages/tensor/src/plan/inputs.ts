/** Arguments of a planned function. Each tensor has its own block, which every call fills. */
import { describeValue, PlanError } from '../errors.ts';
import { heap } from '../memory/heap.ts';
import { elementsOf } from '../memory/storage.ts';
import { output } from '../ops/launch.ts';
import { Parameter } from '../parameter.ts';
import { Random } from '../random.ts';
import { layoutOf, shapeOf, Tensor } from '../tensor.ts';
import { isContainer } from './containers.ts';

/**
 * The tensor that the function sees for an argument: a parameter itself, otherwise a copy at a
 * fixed address.
 */
export function inputFor(x: Tensor): Tensor {
  return x instanceof Parameter ? x : output('plan', x.dtype, shapeOf(x));
}

/** Copies the arguments' values in. Allocates nothing in the arena. */
export function fill(inputs: readonly unknown[], args: readonly unknown[]): void {
  for (let i = 0; i < inputs.length; i++) {
    const input = inputs[i];
    if (input instanceof Tensor && !(input instanceof Parameter)) copyIn(input, args[i] as Tensor);
  }
}

function copyIn(input: Tensor, x: Tensor): void {
  const { dtype, address } = input.storage;
  const elements = layoutOf(x) === null ? elementsOf(x.storage) : x.toTypedArray();
  const whole = layoutOf(x) !== null || elements.length === x.size;
  const values = whole ? elements : elements.subarray(x.offset, x.offset + x.size);
  if (dtype === 'float32') heap.float32.set(values, address >>> 2);
  else if (dtype === 'float64') heap.float64.set(values, address >>> 3);
  else heap.int32.set(values, address >>> 2);
}

/**
 * Rejects functions and objects of classes: a replay would neither read nor make what they hold.
 * Modules are allowed, since they are guarded, and a Random, since a replay draws from it.
 */
export function requireTransparent(role: 'arguments' | 'results', leaves: readonly unknown[]): void {
  for (const each of leaves) {
    const opaque = typeof each === 'function' || (typeof each === 'object' && each !== null);
    if (!opaque || each instanceof Tensor || each instanceof Random || isContainer(each)) continue;
    throw new PlanError(
      `plan: expected tensors, numbers, strings, modules or a Random as ${role}, also in arrays and plain objects, got ${describeValue(each)}, whose contents a replay would not look at; pass what it holds`,
    );
  }
}
