/** Checks of arguments. Errors say what is expected, and the value. */
import { DtypeError, type FloatDtype, isFloat, type Tensor, ValueError } from '@chronograd/tensor';
import {
  describeValue,
  foreignPackage,
  requireTensor,
  showShape,
  showValue,
} from '@chronograd/tensor/engine';

/**
 * Throws a ValueError in the name of `op` for an invalid value of the argument or setting `name`.
 */
export type Check = (op: string, name: string, value: unknown) => void;

export function checkThat(expected: string, holds: (value: unknown) => boolean): Check {
  return (op, name, value) => {
    if (holds(value)) return;
    throw new ValueError(`${op}: expected ${expected} for ${name}, got ${showValue(value)}`);
  };
}

const checkNumber = (expected: string, holds: (value: number) => boolean): Check =>
  checkThat(expected, (value) => typeof value === 'number' && holds(value));

export const requireFinite: Check = checkNumber('a finite number', Number.isFinite);
export const requireFromZero: Check = checkNumber('a number from 0 on', (x) => x >= 0 && x < Infinity);
export const requireAboveZero: Check = checkNumber('a number above 0', (x) => x > 0 && x < Infinity);
export const requireDecay: Check = checkNumber('a number from 0 on, below 1', (x) => x >= 0 && x < 1);
export const requireProbability: Check = checkNumber('a number from 0 to 1', (x) => x >= 0 && x <= 1);
export const requireCount: Check = checkNumber(
  'a whole number from 1 on',
  (x) => Number.isSafeInteger(x) && x >= 1,
);
export const requireBoolean: Check = checkThat('true or false', (value) => typeof value === 'boolean');

/** @throws ValueError unless the value is one of `allowed`. */
export const requireOneOf = (...allowed: readonly (string | number)[]): Check => {
  const shown = allowed.map((each) => (typeof each === 'string' ? `'${each}'` : each));
  return checkThat(`${shown.slice(0, -1).join(', ')} or ${shown.at(-1)}`, (value) =>
    allowed.includes(value as string | number),
  );
};

/** Whether a value is a whole number from 0 on. */
export function isWhole(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

export const requireSize: Check = checkThat('a whole number from 0 on', isWhole);

/**
 * A copy of the lengths of a batch's sequences.
 * @throws ValueError unless they are a list of `batch` whole numbers in the range.
 */
export function requireLengths(
  op: string,
  name: string,
  lengths: readonly number[],
  [least, most]: readonly [least: number, most: number],
  batch: number,
): number[] {
  const isList = Array.isArray(lengths);
  const values = isList ? Array.from(lengths) : [];
  const fits = (length: unknown): boolean => isWhole(length) && length >= least && length <= most;
  if (isList && values.length === batch && values.every(fits)) return values;
  throw new ValueError(
    `${op}: expected ${batch} whole numbers from ${least} to ${most} for ${name}, one for each sequence of the batch, got ${isList ? showShape(values) : describeValue(lengths)}`,
  );
}

/** @throws ValueError unless the batch size is a whole number from 0 on. */
export function requireBatch(op: string, batch: number): void {
  requireSize(op, 'batch', batch);
}

/** @throws DtypeError unless the value is a float dtype, or undefined. */
export function requireFloatDtype(op: string, dtype: FloatDtype | undefined): void {
  if (dtype === undefined || dtype === 'float32' || dtype === 'float64') return;
  throw new DtypeError(`${op}: expected dtype 'float32' or 'float64', got ${describeValue(dtype)}`);
}

/** The tensor. @throws DtypeError unless it has a float dtype. */
export function requireFloat(op: string, x: Tensor): Tensor & { readonly dtype: FloatDtype } {
  const { dtype } = requireTensor(op, x);
  if (isFloat(dtype)) return x as Tensor & { readonly dtype: FloatDtype };
  throw new DtypeError(`${op}: expected a float tensor, got ${dtype}; cast it: x.cast('float32')`);
}

/** The module. @throws ValueError for anything else. */
export function requireModule<M extends { readonly stateForm: unknown }>(op: string, module: M): M {
  if (typeof module?.stateForm === 'function' && foreignPackage(module) === null) return module;
  throw new ValueError(`${op}: expected a module, got ${describeValue(module)}`);
}
