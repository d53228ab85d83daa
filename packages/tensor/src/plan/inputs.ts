/** Arguments of a planned function: each tensor has a block of its own, which every call fills anew. */
import { describeValue, PlanError } from '../errors.ts';
import { heap } from '../memory/heap.ts';
import { elementsOf } from '../memory/storage.ts';
import { output } from '../ops/launch.ts';
import { Parameter } from '../parameter.ts';
import { Random } from '../random.ts';
import { sameShape } from '../shape.ts';
import { layoutOf, shapeOf, Tensor } from '../tensor.ts';
import { isContainer } from './containers.ts';

/** What stands for an argument inside: a parameter for itself, another tensor's values in a block that stays where it is. */
export function inputFor(x: Tensor): Tensor {
  return x instanceof Parameter ? x : output('plan', x.dtype, shapeOf(x));
}

/** Whether one argument may replace another: tensors of the same shape and dtype may, all else must be the same. */
export function compatible(input: unknown, argument: unknown): boolean {
  if (!(input instanceof Tensor) || input instanceof Parameter) return Object.is(input, argument);
  return (
    argument instanceof Tensor &&
    !(argument instanceof Parameter) &&
    argument.storage.dtype === input.storage.dtype &&
    sameShape(shapeOf(argument), shapeOf(input))
  );
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
 * Refuses what holds values that a replay would neither see nor make: functions, and objects of classes. Modules are guarded, and a Random is
 * drawn from anew.
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
