/** Making tensors. What is made here is loose: ordinary memory, wherever it is called. */
import {
  checkDtype,
  type Dtype,
  dtypeOf,
  type FloatDtype,
  requireFloat,
  requireInt32,
  requireNumber,
  type TypedArray,
} from './dtype.ts';
import { describeValue, ShapeError, showShape, showValue, ValueError } from './errors.ts';
import { looseArray, looseStorage } from './memory/storage.ts';
import { checkOptions, type OptionKeys } from './options.ts';
import { planning } from './plan/planner.ts';
import type { Random } from './random.ts';
import { checkShape, type Shape, sizeOf } from './shape.ts';
import { type NestedArray, Tensor } from './tensor.ts';

/** Which dtype to make; float32 unless named. */
export interface CreateOptions {
  readonly dtype?: Dtype;
  /** Not used. It may be there so that the options of `normal` serve here too. */
  readonly random?: Random;
}

/** Options of `tensor`. */
export interface TensorOptions extends CreateOptions {
  /** The shape of a typed array. Default: one axis. */
  readonly shape?: Shape;
}

/** Options of `arange`. */
export interface RangeOptions extends CreateOptions {
  /** Default: 1. */
  readonly step?: number;
}

const CREATE: OptionKeys<CreateOptions> = { dtype: true, random: true };
const TENSOR: OptionKeys<TensorOptions> = { ...CREATE, shape: true };
const RANGE: OptionKeys<RangeOptions> = { ...CREATE, step: true };

/** Deeper than any tensor that is one: an array that holds itself has no end. */
const MOST_AXES = 64;

/** Wraps a flat array, which nobody may change from now on. */
function wrap(array: TypedArray, shape: Shape, origin: string): Tensor {
  return new Tensor(looseStorage(array, dtypeOf(array), origin), shape, null, 0);
}

/**
 * A tensor from a number, nested arrays, or a typed array (which is copied; its type says the dtype unless `dtype` does).
 * @param shape for a typed array: its shape; one axis unless named.
 * @throws ShapeError for ragged arrays, or a shape of another size. @throws ValueError for what is no number, or no whole number in int32.
 * @example tensor([[1, 2], [3, 4]]); tensor([0, 2], { dtype: 'int32' }); tensor(new Float64Array(6), { shape: [2, 3] })
 */
export function tensor(values: NestedArray | TypedArray, options: TensorOptions = {}): Tensor {
  checkOptions('tensor', options, TENSOR);
  if (isTypedArray(values)) return fromTyped(values, options.shape, options.dtype);
  const shape: number[] = [];
  for (let level = values; Array.isArray(level); level = level[0] as NestedArray) {
    shape.push(level.length);
    if (level.length === 0) break;
    if (shape.length > MOST_AXES)
      throw new ShapeError(
        `tensor: expected nested arrays of numbers, got some that hold themselves, or more than ${MOST_AXES} deep`,
      );
  }
  const array = looseArray(chosen('tensor', options.dtype), sizeOf(shape));
  let next = 0;
  const fill = (level: NestedArray, axis: number): void => {
    if (typeof level === 'number' && axis === shape.length) {
      if (array instanceof Int32Array) requireInt32('tensor', level);
      array[next++] = level;
    } else if (Array.isArray(level) && axis < shape.length) {
      if (level.length !== shape[axis]) {
        throw new ShapeError(
          `tensor: ragged arrays: ${level.length} and ${shape[axis]} elements at depth ${axis}; one size was expected`,
        );
      }
      for (const item of level) fill(item as NestedArray, axis + 1);
    } else if (typeof level === 'number' || Array.isArray(level)) {
      throw new ShapeError(`tensor: ragged arrays: numbers and arrays stand side by side at depth ${axis}`);
    } else
      throw new ValueError(
        `tensor: ${describeValue(level)} came where numbers were expected: a number, nested arrays, or a Float32Array, Float64Array or Int32Array`,
      );
  };
  write(() => {
    next = 0;
    fill(values, 0);
  });
  return reshaped(wrap(array, shape, 'tensor'), options.shape);
}

function fromTyped(values: TypedArray, shape: Shape | undefined, dtype: Dtype | undefined): Tensor {
  const copy = looseArray(chosen('tensor', dtype ?? dtypeOf(values)), values.length);
  write(() => {
    if (copy instanceof Int32Array && !(values instanceof Int32Array)) {
      for (const value of values) requireInt32('tensor', value);
    }
    copy.set(values);
  });
  return reshaped(wrap(copy, [values.length], 'tensor'), shape);
}

/** Writes now, and in a plan at every replay: what is read may have changed by then. */
function write(action: () => void): void {
  if (planning === null) action();
  else planning.host(action);
}

/** The dtype asked for; float32 unless one is. */
function chosen(op: string, dtype: Dtype | undefined): Dtype {
  return dtype === undefined ? 'float32' : checkDtype(op, dtype);
}

function reshaped(x: Tensor, shape: Shape | undefined): Tensor {
  if (shape === undefined) return x;
  checkShape('tensor', shape);
  if (sizeOf(shape) !== x.size) {
    throw new ShapeError(
      `tensor: ${x.size} values came for shape ${showShape(shape)}, ${sizeOf(shape)} were expected`,
    );
  }
  return new Tensor(x.storage, [...shape], null, 0);
}

function isTypedArray(values: unknown): values is TypedArray {
  return values instanceof Float32Array || values instanceof Float64Array || values instanceof Int32Array;
}

/** A tensor of one value. */
export const full = (shape: Shape, value: number, options?: CreateOptions): Tensor =>
  constant('full', shape, value, options);

/** A tensor of zeros. */
export const zeros = (shape: Shape, options?: CreateOptions): Tensor => constant('zeros', shape, 0, options);

/** A tensor of ones. */
export const ones = (shape: Shape, options?: CreateOptions): Tensor => constant('ones', shape, 1, options);

/** @param op the function that the caller called, for errors. */
export function constant(op: string, shape: Shape, value: number, options: CreateOptions = {}): Tensor {
  checkOptions(op, options, CREATE);
  checkShape(op, shape);
  requireNumber(op, value);
  const array = looseArray(chosen(op, options.dtype), sizeOf(shape));
  if (array instanceof Int32Array) requireInt32(op, value);
  return wrap(Object.is(value, 0) ? array : array.fill(value), [...shape], op);
}

/** Numbers from `start` (0 unless named) up to, not including, `end`, `step` apart: `arange(3)`, `arange(2, 10, { step: 2 })`. */
export function arange(end: number, options?: CreateOptions): Tensor;
export function arange(start: number, end: number, options?: RangeOptions): Tensor;
export function arange(first: number, second?: number | CreateOptions, third?: RangeOptions): Tensor {
  const [start, end] = typeof second === 'number' ? [first, second] : [0, first];
  const options: RangeOptions | undefined = typeof second === 'number' ? third : second;
  checkOptions('arange', options, RANGE);
  const { step = 1 } = options ?? {};
  const numbers = [start, end, step].every((each) => typeof each === 'number');
  const count = !numbers ? Number.NaN : Math.max(0, Math.ceil((end - start) / step));
  if (!Number.isFinite(count) || step === 0) {
    throw new ValueError(
      `arange: ${showValue(start)} to ${showValue(end)} in steps of ${showValue(step)} came; finite numbers and a step that leads there were expected`,
    );
  }
  const array = looseArray(chosen('arange', options?.dtype), count);
  if (array instanceof Int32Array) {
    requireInt32('arange', start);
    requireInt32('arange', step);
  }
  for (let i = 0; i < count; i++) array[i] = start + i * step;
  return wrap(array, [count], 'arange');
}

/** The identity matrix [n, n]. */
export function eye(n: number, options: CreateOptions = {}): Tensor {
  checkOptions('eye', options, CREATE);
  checkShape('eye', [n]);
  const array = looseArray(chosen('eye', options.dtype), n * n);
  for (let i = 0; i < n; i++) array[i * (n + 1)] = 1;
  return wrap(array, [n, n], 'eye');
}

/** Where the random bits come from, and which float type they become; float32 unless named. */
export interface RandomOptions {
  readonly random: Random;
  readonly dtype?: FloatDtype;
}

/** Options of `normal`. */
export interface NormalOptions extends RandomOptions {
  /** Default: 0. */
  readonly mean?: number;
  /** The standard deviation. Default: 1. */
  readonly std?: number;
}

/** Options of `uniform`. */
export interface UniformOptions extends RandomOptions {
  /** Default: 0. */
  readonly low?: number;
  /** Default: 1. */
  readonly high?: number;
}

const RANDOM: OptionKeys<RandomOptions> = { random: true, dtype: true };
const NORMAL: OptionKeys<NormalOptions> = { ...RANDOM, mean: true, std: true };
const UNIFORM: OptionKeys<UniformOptions> = { ...RANDOM, low: true, high: true };

/** Normally distributed numbers of the given mean (0) and standard deviation (1). One seed, one result, on every engine. */
export function normal(shape: Shape, options: NormalOptions): Tensor {
  const { random, dtype = 'float32', mean = 0, std = 1 } = requireRandom('normal', options, NORMAL);
  requireNumber('normal', mean);
  requireNumber('normal', std);
  return filled('normal', shape, dtype, () => mean + std * random.normal());
}

/** Numbers evenly spread over `low` (0) up to, not including, `high` (1). */
export function uniform(shape: Shape, options: UniformOptions): Tensor {
  const { random, dtype = 'float32', low = 0, high = 1 } = requireRandom('uniform', options, UNIFORM);
  requireNumber('uniform', low);
  requireNumber('uniform', high);
  return filled('uniform', shape, dtype, () => low + (high - low) * random.uniform());
}

/** 1 with the given probability, 0 without. One draw of 32 bits each, so that the probability is a multiple of 2⁻³² at last. */
export function bernoulli(shape: Shape, probability: number, options: RandomOptions): Tensor {
  const { random, dtype = 'float32' } = requireRandom('bernoulli', options, RANDOM);
  if (typeof probability !== 'number' || !(probability >= 0 && probability <= 1)) {
    throw new ValueError(
      `bernoulli: probability ${showValue(probability)} came, a number from 0 to 1 was expected`,
    );
  }
  const below = probability * 2 ** 32;
  return filled('bernoulli', shape, dtype, () => (random.bits() < below ? 1 : 0));
}

function requireRandom<O extends RandomOptions>(op: string, options: O, keys: OptionKeys<O>): O {
  checkOptions(op, options, keys);
  if (typeof options?.random?.normal === 'function') return options;
  throw new ValueError(
    `${op}: ${describeValue(options?.random)} came for { random }, a source of random numbers was expected: new Random(seed)`,
  );
}

function filled(op: string, shape: Shape, dtype: FloatDtype, next: () => number): Tensor {
  checkShape(op, shape);
  const array = looseArray(requireFloat(op, checkDtype(op, dtype)), sizeOf(shape));
  const x = wrap(array, [...shape], op);
  write(() => {
    for (let i = 0; i < array.length; i++) array[i] = next();
  });
  planning?.drawn.add(x.storage);
  return x;
}
