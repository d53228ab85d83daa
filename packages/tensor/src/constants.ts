/** Tensors of one value, of numbers in sequence, and the identity. */

import { CREATE, type CreateOptions, chosenDtype, wrap } from './create.ts';
import { requireInt32 } from './dtype.ts';
import { requireNumber, ValueError } from './errors.ts';
import { hostArray } from './memory/storage.ts';
import { checkOptions, type OptionKeys } from './options.ts';
import { checkShape, type Shape, sizeOf } from './shape.ts';
import type { Tensor } from './tensor.ts';

/** Options of `arange`. */
export interface RangeOptions extends CreateOptions {
  /** The distance from one number to the next. Default: 1. */
  readonly step?: number;
}

const RANGE: OptionKeys<RangeOptions> = { ...CREATE, step: true };

/** A tensor of one value. */
export const full = (shape: Shape, value: number, options?: CreateOptions): Tensor =>
  constant('full', shape, value, options);

/** A tensor of zeros. */
export const zeros = (shape: Shape, options?: CreateOptions): Tensor => constant('zeros', shape, 0, options);

/** A tensor of ones. */
export const ones = (shape: Shape, options?: CreateOptions): Tensor => constant('ones', shape, 1, options);

/** @param op the name in errors. */
export function constant(op: string, shape: Shape, value: number, options: CreateOptions = {}): Tensor {
  checkShape(op, shape);
  requireNumber(op, 'the value', value);
  checkOptions(op, options, CREATE);
  const array = hostArray(chosenDtype(op, options.dtype), sizeOf(shape));
  if (array instanceof Int32Array) requireInt32(op, value);
  return wrap(Object.is(value, 0) ? array : array.fill(value), [...shape], op);
}

/**
 * The numbers `start + i · step` from `start` up to, but not including, `end`. Default of `start`:
 * 0. They are computed in float64 and then rounded to the dtype. A last number that rounds to `end`
 * in float64 is left out: `arange(1, 1.3, { step: 0.1 })` is [1, 1.1, 1.2].
 * @throws ValueError for a step of 0, for numbers that are not finite, and in int32 for elements
 * that are not whole numbers of 32 bits.
 * @example arange(3); arange(2, 10, { step: 2 }); arange(3, { dtype: 'int32' })
 */
export function arange(end: number, options?: RangeOptions): Tensor;
export function arange(start: number, end: number, options?: RangeOptions): Tensor;
export function arange(first: number, second?: number | RangeOptions, third?: RangeOptions): Tensor {
  const op = 'arange';
  const both = typeof second === 'number';
  const [start, end] = both ? [first, second] : [0, first];
  const options = both || second === undefined ? third : second;
  checkOptions(op, options, RANGE);
  const step = options?.step ?? 1;
  for (const [name, value] of Object.entries({ start, end, step })) {
    requireNumber(op, name, value, 'a finite number', Number.isFinite);
  }
  const ratio = Math.ceil((end - start) / step);
  if (!Number.isFinite(ratio)) {
    throw new ValueError(`${op}: expected a step that leads from ${start} to ${end}, got ${step}`);
  }
  const last = start + (ratio - 1) * step;
  const count = Math.max(0, (step > 0 ? last >= end : last <= end) ? ratio - 1 : ratio);
  const array = hostArray(chosenDtype(op, options?.dtype), count);
  if (array instanceof Int32Array && count > 0) {
    for (const value of [start, step, start + (count - 1) * step]) requireInt32(op, value);
  }
  for (let i = 0; i < count; i++) array[i] = start + i * step;
  return wrap(array, [count], op);
}

/** The identity matrix [n, n]. */
export function eye(n: number, options: CreateOptions = {}): Tensor {
  checkShape('eye', [n]);
  checkOptions('eye', options, CREATE);
  const array = hostArray(chosenDtype('eye', options.dtype), n * n);
  for (let i = 0; i < n; i++) array[i * (n + 1)] = 1;
  return wrap(array, [n, n], 'eye');
}
