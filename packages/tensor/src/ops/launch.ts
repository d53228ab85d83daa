/** What every op is made of: operands as tensors, outputs in the arena, addresses for kernels, and a scope where none is open. */
import { type Dtype, elementBytes } from '../dtype.ts';
import { brand, DtypeError, describeValue, foreignPackage, TWO_COPIES, ValueError } from '../errors.ts';
import { fillOne } from '../kernels/active.ts';
import { withScope } from '../memory/scope.ts';
import { addressOf, arenaStorage } from '../memory/storage.ts';
import { type Shape, sizeOf } from '../shape.ts';
import { Tensor } from '../tensor.ts';
import { loose, looseAll } from './loose.ts';

/** What an op accepts beside a tensor: a number takes the tensor's dtype. */
export type Operand = Tensor | number;

/** A fresh, contiguous output in the open scope's arena. Not cleared. */
export function output(origin: string, dtype: Dtype, shape: Shape): Tensor {
  return new Tensor(arenaStorage(dtype, sizeOf(shape), origin), shape, null, 0);
}

/** The byte address of a tensor's first element. */
export function address(x: Tensor): number {
  const storage = x._storage;
  return addressOf(storage) + x._offset * elementBytes(storage.dtype);
}

/** Runs one op outside of any scope: its result is loose, an ordinary garbage-collected tensor. */
export function atTopLevel(body: () => Tensor): Tensor {
  return withScope(body, loose, false);
}

/** The same for an op with several outputs. */
export function allAtTopLevel<R extends readonly Tensor[]>(body: () => R): R {
  return withScope(body, (results) => looseAll(results), false);
}

/** The dtype of two operands of which one may be a number; throws unless two tensors agree. */
export function commonDtype(op: string, a: Operand, b: Operand): Dtype {
  if (typeof a === 'number') {
    if (typeof b !== 'number') return requireTensor(op, b).dtype;
    throw new DtypeError(`${op}: two numbers came, at least one tensor was expected; it says the dtype`);
  }
  if (typeof b === 'number') return requireTensor(op, a).dtype;
  const dtype = requireTensor(op, a).dtype;
  const other = requireTensor(op, b).dtype;
  if (dtype === other) return dtype;
  const cure = dtype === 'int32' ? other : dtype; // a cast to int32 would cut fractions off
  throw new DtypeError(
    `${op}: ${dtype} and ${other} came, and nothing is promoted silently; cast one: x.cast('${cure}')`,
  );
}

/** A number as a tensor of shape [], a tensor as itself. */
export function asTensor(op: string, value: Operand, dtype: Dtype): Tensor {
  return typeof value === 'number' ? constant(op, value, dtype) : value;
}

/** A number in the arena. */
function constant(op: string, value: number, dtype: Dtype): Tensor {
  if (dtype === 'int32' && (value | 0) !== value) {
    throw new DtypeError(
      `${op}: ${value} and int32 came, a whole number of 32 bits was expected; cast first: x.cast('float32')`,
    );
  }
  const x = output(op, dtype, []);
  fillOne(dtype, x._storage.address, value);
  return x;
}

brand(Tensor.prototype, '@chronograd/tensor');

/**
 * Throws unless `value` is a tensor of this copy of the package.
 * @throws ValueError that tells apart a foreign copy's tensor from something that is no tensor at all.
 */
export function requireTensor(op: string, value: unknown): Tensor {
  if (value instanceof Tensor) return value;
  if (foreignPackage(value) === '@chronograd/tensor')
    throw new ValueError(`${op}: a tensor of another loaded copy of @chronograd/tensor came; ${TWO_COPIES}`);
  throw new ValueError(`${op}: ${describeValue(value)} came, a tensor was expected; make one with tensor(…)`);
}

/** Adds methods to tensors; each op family adds its own, beside the declaration that gives them their types. */
export function extend(methods: Partial<Tensor> & ThisType<Tensor>): void {
  for (const [name, value] of Object.entries(methods)) {
    Object.defineProperty(Tensor.prototype, name, { value, configurable: true, writable: true });
  }
}
