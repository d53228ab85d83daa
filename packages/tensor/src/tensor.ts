/** The tensor: a shape over a storage. `ops/methods.ts` adds the ops as methods. */
import type { Dtype, TypedArray } from './dtype.ts';
import {
  brand,
  describeValue,
  foreignPackage,
  ShapeError,
  showShape,
  TWO_COPIES,
  ValueError,
} from './errors.ts';
import { formatElements } from './format.ts';
import { elementsOf, hostArray, type Storage } from './memory/storage.ts';
import { checkShape, contiguousStrides, isContiguous, type Shape } from './shape.ts';

/** Nested arrays of numbers; a single number for shape []. */
export type NestedArray = number | readonly NestedArray[];

/**
 * A tensor's shape, for ops: not frozen, since V8 is slow on frozen lists. Ops neither change it
 * nor pass it to callers.
 */
export const shapeOf = (x: Tensor): Shape => x._shape;

/** A tensor's strides, for ops, as `shapeOf`; null for a contiguous tensor. */
export const layoutOf = (x: Tensor): readonly number[] | null => x._layout;

/** A tensor's strides, for ops. */
export function stridesOf(x: Tensor): readonly number[] {
  return layoutOf(x) ?? contiguousStrides(shapeOf(x));
}

/**
 * An n-dimensional array of float32, float64 or int32 elements: a strided view of a storage that
 * several tensors may share. Immutable: every op returns a new tensor. Make them with `tensor`,
 * `zeros`, `ones`, `normal`, …
 */
export class Tensor {
  // Addresses are computed of these fields. Callers read them through getters, and cannot change
  // the values that they get.
  // `declare`: an initialized field would be stored twice.
  /** @internal */ declare readonly _shape: Shape;
  /** @internal */ declare readonly _offset: number;
  /** @internal */ declare readonly _storage: Storage;
  /** @internal */ declare readonly _size: number;
  /** @internal */ declare readonly _layout: readonly number[] | null;
  /** @internal */ declare _frozenShape: Shape | null;
  /**
   * A cache of tapes: the first tape that recorded this tensor, and its slot there. See
   * `@chronograd/autograd`.
   */
  declare tape: object | null;
  declare slot: number;

  /**
   * A view of a storage, for ops. Programs make tensors with `tensor`, `zeros`, …
   * @param shape kept, as is the layout: the caller must not change it.
   * @param layout strides; null for contiguous.
   * @param offset in elements.
   * @throws ShapeError for an invalid shape, and for elements outside of the storage.
   * @throws ValueError for arguments that are not lists, and for a fraction as the offset.
   */
  constructor(storage: Storage, shape: Shape, layout: readonly number[] | null, offset: number) {
    if (!Array.isArray(shape)) throw invalidView(shape, layout, offset);
    let size = 1;
    for (let axis = 0; axis < shape.length; axis++) {
      const length = shape[axis]!;
      if (length >>> 0 !== length) checkShape(storage.origin, shape);
      size *= length;
    }
    // Nearly all tensors are contiguous, and need no second loop.
    const within =
      layout === null &&
      typeof offset === 'number' &&
      offset >>> 0 === offset &&
      offset + size <= storage.length;
    if (!within) checkView(storage, shape, layout, offset);
    this._shape = shape;
    this._offset = offset;
    this._storage = storage;
    this._size = size;
    this._layout = layout;
    this._frozenShape = null;
    this.tape = null;
    this.slot = -1;
  }

  /** Sizes along each axis; frozen. */
  get shape(): Shape {
    this._frozenShape ??= Object.freeze([...this._shape]);
    return this._frozenShape;
  }

  /** Position of the first element in the storage, in elements. */
  get offset(): number {
    return this._offset;
  }

  /** The elements, shared between views. */
  get storage(): Storage {
    return this._storage;
  }

  /** Number of elements. */
  get size(): number {
    return this._size;
  }

  get dtype(): Dtype {
    return this._storage.dtype;
  }

  /** Number of axes. */
  get rank(): number {
    return this._shape.length;
  }

  /** Elements between neighbors along each axis; a copy. */
  get strides(): readonly number[] {
    return [...stridesOf(this)];
  }

  /**
   * The only element, as a number.
   * @throws ShapeError unless there is exactly one.
   */
  item(): number {
    if (this._size !== 1) {
      throw new ShapeError(
        `item: expected exactly one element, got shape ${showShape(this._shape)}; use toArray() for more`,
      );
    }
    return elementsOf(this.storage)[this._offset]!;
  }

  /**
   * A copy of the elements in row-major order: Float32Array, Float64Array or Int32Array by dtype.
   */
  toTypedArray(): TypedArray {
    const elements = elementsOf(this.storage);
    if (this._layout === null) return elements.slice(this._offset, this._offset + this._size);
    if (this._size === 0) return hostArray(this.dtype, 0);
    const copy = hostArray(this.dtype, this._size);
    let next = 0;
    eachElement(this._shape, this._layout, this._offset, (position) => {
      copy[next++] = elements[position]!;
    });
    return copy;
  }

  /** A copy of the elements as nested arrays of numbers; a plain number for shape []. */
  toArray(): NestedArray {
    const flat = this.toTypedArray();
    let next = 0;
    const nest = (axis: number): NestedArray =>
      axis === this.rank ? flat[next++]! : Array.from({ length: this._shape[axis]! }, () => nest(axis + 1));
    return nest(0);
  }

  /** The elements for `JSON.stringify`, as from `toArray`. JSON has null for NaN and infinities. */
  toJSON(): NestedArray {
    return this.toArray();
  }

  /** The values in nested brackets, with long axes shortened, then dtype and shape. */
  toString(): string {
    return formatElements(this.toTypedArray(), this._shape, this.dtype);
  }
}

// Node's console prints a tensor with this function.
Object.defineProperty(Tensor.prototype, Symbol.for('nodejs.util.inspect.custom'), {
  value(this: Tensor) {
    return this.toString();
  },
});

brand(Tensor.prototype, '@chronograd/tensor');

/**
 * Throws unless `value` is a tensor of this copy of the package.
 * @throws ValueError that tells a tensor of another copy from other values.
 */
export function requireTensor(op: string, value: unknown): Tensor {
  if (value instanceof Tensor) return value;
  const got =
    foreignPackage(value) === '@chronograd/tensor'
      ? `a tensor of another loaded copy of @chronograd/tensor; ${TWO_COPIES}`
      : `${describeValue(value)}; make one with tensor(…)`;
  throw new ValueError(`${op}: expected a tensor, got ${got}`);
}

function invalidView(shape: unknown, layout: unknown, offset: unknown): ValueError {
  const got = [shape, layout, offset].map((each) => (typeof each === 'number' ? each : describeValue(each)));
  return new ValueError(
    `Tensor: expected a storage, two lists and a whole number, got ${got.join(', ')}; make tensors with tensor(…)`,
  );
}

/**
 * Throws unless shape and strides are lists of whole numbers, and all elements are in the storage.
 */
function checkView(storage: Storage, shape: Shape, layout: readonly number[] | null, offset: number): void {
  if ((layout !== null && !Array.isArray(layout)) || !Number.isInteger(offset))
    throw invalidView(shape, layout, offset);
  const strides = layout ?? contiguousStrides(shape);
  // The first and the last element in the storage that the view reaches.
  let low = offset;
  let high = offset;
  let whole = strides.length === shape.length;
  let empty = false;
  for (let axis = 0; axis < shape.length; axis++) {
    const stride = strides[axis]!;
    if ((stride | 0) !== stride && !Number.isInteger(stride)) whole = false;
    if (shape[axis] === 0) empty = true;
    const reach = (shape[axis]! - 1) * stride;
    if (reach < 0) low += reach;
    else high += reach;
  }
  if (whole && (empty || (low >= 0 && high < storage.length))) return;
  throw outside(storage, shape, layout, offset);
}

function outside(
  storage: Storage,
  shape: Shape,
  layout: readonly number[] | null,
  offset: number,
): ShapeError {
  const strides = showShape(layout ?? contiguousStrides(shape));
  return new ShapeError(
    `${storage.origin}: expected a view within its ${storage.length} elements, got shape ${showShape(shape)}, strides ${strides} from element ${offset} on`,
  );
}

/** A view with the given strides. */
export function view(storage: Storage, shape: Shape, strides: readonly number[], offset: number): Tensor {
  return new Tensor(storage, shape, isContiguous(shape, strides) ? null : strides, offset);
}

/** Calls `visit` with each element's position in the storage, in row-major order. */
function eachElement(
  shape: Shape,
  strides: readonly number[],
  offset: number,
  visit: (position: number) => void,
): void {
  const walk = (axis: number, position: number): void => {
    if (axis === shape.length) return visit(position);
    const stride = strides[axis]!;
    for (let i = 0; i < shape[axis]!; i++) walk(axis + 1, position + i * stride);
  };
  walk(0, offset);
}
