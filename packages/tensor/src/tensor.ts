/** The tensor itself: a shape over a storage. Its methods live with their op families in `ops/` and merge into this class. */
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

/** A tensor's shape, for ops: not frozen, since V8 is slow on frozen lists. Never to be changed or handed out. */
export const shapeOf = (x: Tensor): Shape => x._shape;

/** A tensor's strides where they are not the row-major ones, for ops; null for contiguous. The same goes for it. */
export const layoutOf = (x: Tensor): readonly number[] | null => x._layout;

/** A tensor's strides, for ops. */
export function stridesOf(x: Tensor): readonly number[] {
  return layoutOf(x) ?? contiguousStrides(shapeOf(x));
}

/**
 * An n-dimensional array of float32, float64 or int32 elements: a strided view of a storage that several tensors may share.
 * Immutable: every op gives a new one. Make them with `tensor`, `zeros`, `ones`, `normal`, …
 */
export class Tensor {
  // What addresses are made of. Callers read it through getters, and can neither change nor reassign what they get.
  /** @internal */ declare readonly _shape: Shape;
  /** @internal */ declare readonly _offset: number;
  /** @internal */ declare readonly _storage: Storage;
  /** @internal */ declare readonly _size: number;
  /** @internal */ declare readonly _layout: readonly number[] | null;
  /** @internal */ declare _frozenShape: Shape | null;
  /** The first tape that recorded this tensor, and its place there: a cache that tapes keep, see `@chronograd/autograd`. */
  declare tape: object | null;
  declare slot: number;

  /**
   * A view of a storage. Programs make tensors with `tensor`, `zeros`, …; this is for ops, which own the lists.
   * @param layout strides where they are not the row-major ones; null for contiguous. @param offset in elements.
   * @throws ShapeError for a shape that is none, and where an element would lie outside of the storage.
   * @throws ValueError for lists that are none, and for a fraction as the offset.
   */
  constructor(storage: Storage, shape: Shape, layout: readonly number[] | null, offset: number) {
    if (!Array.isArray(shape)) throw noView(shape, layout, offset);
    let size = 1;
    for (let axis = 0; axis < shape.length; axis++) {
      const length = shape[axis]!;
      if (length >>> 0 !== length) checkShape(storage.origin, shape);
      size *= length;
    }
    // Nearly every tensor is contiguous, and needs no second loop.
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

  /** Where the first element sits in the storage, in elements. */
  get offset(): number {
    return this._offset;
  }

  /** The elements, shared between views. */
  get storage(): Storage {
    return this._storage;
  }

  /** How many elements. */
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
   * The one element, as a number.
   * @throws ShapeError unless there is exactly one.
   */
  item(): number {
    if (this._size !== 1) {
      throw new ShapeError(
        `item: shape ${showShape(this._shape)} came, exactly one element was expected; use toArray() for more`,
      );
    }
    return elementsOf(this.storage)[this._offset]!;
  }

  /** A copy of the elements in row-major order: Float32Array, Float64Array or Int32Array by dtype. */
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

  /** What `JSON.stringify` writes: the elements as `toArray` gives them; NaN and infinities become null there. */
  toJSON(): NestedArray {
    return this.toArray();
  }

  /** Readable: the values as nested brackets, long axes shortened, then dtype and shape. */
  toString(): string {
    return formatElements(this.toTypedArray(), this._shape, this.dtype);
  }
}

// How Node's console shows a tensor.
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

function noView(shape: unknown, layout: unknown, offset: unknown): ValueError {
  const got = [shape, layout, offset].map((each) => (typeof each === 'number' ? each : describeValue(each)));
  return new ValueError(
    `Tensor: expected a storage, two lists and a whole number, got ${got.join(', ')}; make tensors with tensor(…)`,
  );
}

/** Throws unless a view is made of lists and whole numbers, and all its elements lie in its storage. */
function checkView(storage: Storage, shape: Shape, layout: readonly number[] | null, offset: number): void {
  if ((layout !== null && !Array.isArray(layout)) || !Number.isInteger(offset))
    throw noView(shape, layout, offset);
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

/** A view; the layout is dropped where it is the row-major one. */
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
