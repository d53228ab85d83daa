/** What ops are made of: operands as tensors, outputs in the arena, and addresses for kernels. */
import { type Dtype, elementBytes, type FloatDtype, OF_INDICES, requireFloat } from '../dtype.ts';
import { DtypeError } from '../errors.ts';
import { fillOne } from '../kernels/active.ts';
import { addressOf, arenaStorage } from '../memory/storage.ts';
import { type Shape, sizeOf } from '../shape.ts';
import { requireTensor, Tensor } from '../tensor.ts';

/** An operand of an op: a tensor, or a number, which gets the other operand's dtype. */
export type Operand = Tensor | number;

/** A new contiguous tensor in the current scope's arena. Not cleared. */
export function output(origin: string, dtype: Dtype, shape: Shape): Tensor {
  return new Tensor(arenaStorage(dtype, sizeOf(shape), origin), shape, null, 0);
}

/** The byte address of a tensor's first element. */
export function address(x: Tensor): number {
  const storage = x._storage;
  return addressOf(storage) + x._offset * elementBytes(storage.dtype);
}

/**
 * The dtype of two operands.
 * @throws DtypeError for two tensors of different dtypes, and for two numbers.
 */
export function commonDtype(op: string, a: Operand, b: Operand): Dtype {
  if (typeof a === 'number') {
    if (typeof b !== 'number') return requireTensor(op, b)._storage.dtype;
    throw new DtypeError(`${op}: expected at least one tensor, which has a dtype, got two numbers`);
  }
  const { dtype } = requireTensor(op, a)._storage;
  if (typeof b === 'number') return dtype;
  const other = requireTensor(op, b)._storage.dtype;
  if (dtype === other) return dtype;
  const cure = dtype === 'int32' ? other : dtype; // a cast to int32 would drop fractions
  const indices = dtype === 'int32' || other === 'int32' ? `; ${OF_INDICES}` : '';
  throw new DtypeError(
    `${op}: expected one dtype, got ${dtype} and ${other}, and no op promotes; cast one: x.cast('${cure}')${indices}`,
  );
}

/**
 * The dtype of two tensors of floats.
 * @throws DtypeError for different dtypes, and for int32. @throws ValueError for another value.
 */
export function commonFloat(op: string, a: Tensor, b: Tensor): FloatDtype {
  const { dtype } = requireTensor(op, a)._storage;
  if (requireTensor(op, b)._storage.dtype !== dtype) commonDtype(op, a, b); // throws
  return requireFloat(op, dtype);
}

/** A number as a tensor of shape [] in the arena, a tensor as itself. */
export function asTensor(op: string, value: Operand, dtype: Dtype): Tensor {
  if (typeof value !== 'number') return value;
  if (dtype === 'int32' && (value | 0) !== value) {
    throw new DtypeError(
      `${op}: expected a whole number of 32 bits beside int32, got ${value}; cast first: x.cast('float32')`,
    );
  }
  const x = output(op, dtype, []);
  fillOne(dtype, x._storage.address, value);
  return x;
}

/** The tensor. @throws DtypeError for int32. */
export function requireFloats(op: string, x: Tensor): Tensor {
  requireFloat(op, requireTensor(op, x)._storage.dtype);
  return x;
}
