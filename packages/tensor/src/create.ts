/** Tensors of given values. They are host tensors, also inside of scopes. */
import { checkDtype, type Dtype, dtypeOf, requireInt32, type TypedArray } from './dtype.ts';
import { hostCall } from './effects.ts';
import { describeValue, ShapeError, showShape, ValueError } from './errors.ts';
import { hostArray, hostStorage } from './memory/storage.ts';
import { checkOptions, type OptionKeys } from './options.ts';
import type { Random } from './random.ts';
import { checkShape, type Shape, sizeOf } from './shape.ts';
import { type NestedArray, Tensor } from './tensor.ts';

/** Options of everything that makes a tensor. */
export interface CreateOptions {
  /** Default: float32. */
  readonly dtype?: Dtype;
  /** Not used. It is accepted so that the options of `normal` serve here too. */
  readonly random?: Random;
}

/** Options of `tensor`. */
export interface TensorOptions extends CreateOptions {
  /**
   * Its size must be the number of values. Default: the shape of nested arrays, one axis for a
   * typed array.
   */
  readonly shape?: Shape;
}

/** The options of everything that makes a tensor, for `checkOptions`. */
export const CREATE: OptionKeys<CreateOptions> = { dtype: true, random: true };
const TENSOR: OptionKeys<TensorOptions> = { ...CREATE, shape: true };

/** Arrays nested deeper hold themselves: they have no end. */
const MOST_AXES = 64;

/** A tensor over a flat array, which must not change from now on. */
export function wrap(array: TypedArray, shape: Shape, origin: string): Tensor {
  return new Tensor(hostStorage(array, dtypeOf(array), origin), shape, null, 0);
}

/**
 * A tensor from a number, nested arrays, or a typed array, which is copied. Default of `dtype`:
 * float32, or the type of a typed array.
 * @throws ShapeError for ragged arrays, and for a shape of another size.
 * @throws ValueError for elements that are not numbers, or not whole numbers in int32, and for a
 * typed array whose buffer was transferred.
 * @example tensor([[1, 2], [3, 4]]); tensor([0, 2], { dtype: 'int32' })
 * @example tensor(new Float64Array(6), { shape: [2, 3] })
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
  const array = hostArray(chosenDtype('tensor', options.dtype), sizeOf(shape));
  let next = 0;
  const fill = (level: NestedArray, axis: number): void => {
    if (typeof level === 'number' && axis === shape.length) {
      if (array instanceof Int32Array) requireInt32('tensor', level);
      array[next++] = level;
    } else if (Array.isArray(level) && axis < shape.length) {
      if (level.length !== shape[axis]) {
        throw new ShapeError(
          `tensor: expected arrays of one size at depth ${axis}, got ragged arrays of ${level.length} and ${shape[axis]} elements`,
        );
      }
      for (const item of level) fill(item as NestedArray, axis + 1);
    } else if (typeof level === 'number' || Array.isArray(level)) {
      throw new ShapeError(
        `tensor: expected only numbers or only arrays at depth ${axis}, got ragged arrays of both`,
      );
    } else
      throw new ValueError(
        `tensor: expected a number, nested arrays of numbers, or a Float32Array, Float64Array or Int32Array, got ${describeValue(level)}`,
      );
  };
  // A plan reads the values again at every replay: they may have changed.
  hostCall(() => {
    next = 0;
    fill(values, 0);
  }, []);
  return reshaped(wrap(array, shape, 'tensor'), options.shape);
}

function fromTyped(values: TypedArray, shape: Shape | undefined, dtype: Dtype | undefined): Tensor {
  const { length } = values;
  const copy = hostArray(chosenDtype('tensor', dtype ?? dtypeOf(values)), length);
  hostCall(() => {
    // Buffers can be resized, and a plan reads them again at every replay.
    if (values.length !== length) {
      throw new ShapeError(
        `tensor: expected an array of ${length} numbers, as in the recording, got ${values.length}; pass it as a tensor`,
      );
    }
    if (isDetached(values))
      throw new ValueError('tensor: expected an array of numbers, got one whose buffer was transferred');
    if (copy instanceof Int32Array && !(values instanceof Int32Array)) {
      for (const value of values) requireInt32('tensor', value);
    }
    copy.set(values);
  }, []);
  return reshaped(wrap(copy, [values.length], 'tensor'), shape);
}

/**
 * Whether an array's buffer was transferred to another thread or array. Such an array looks empty.
 */
function isDetached(values: TypedArray): boolean {
  if (values.length > 0) return false;
  try {
    new Uint8Array(values.buffer);
    return false;
  } catch {
    return true;
  }
}

/** The dtype of the options. Default: float32. */
export function chosenDtype(op: string, dtype: Dtype | undefined): Dtype {
  return dtype === undefined ? 'float32' : checkDtype(op, dtype);
}

function reshaped(x: Tensor, shape: Shape | undefined): Tensor {
  if (shape === undefined) return x;
  checkShape('tensor', shape);
  if (sizeOf(shape) !== x.size) {
    throw new ShapeError(
      `tensor: expected ${sizeOf(shape)} values for shape ${showShape(shape)}, got ${x.size}`,
    );
  }
  return new Tensor(x.storage, [...shape], null, 0);
}

function isTypedArray(values: unknown): values is TypedArray {
  return values instanceof Float32Array || values instanceof Float64Array || values instanceof Int32Array;
}
