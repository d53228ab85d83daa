/** The tensor itself: a shape over a storage. Its methods live with their op families in `ops/` and merge into this class. */
import type { Dtype, TypedArray } from './dtype.ts';
import { ShapeError, showShape } from './errors.ts';
import { formatTensor } from './format.ts';
import { elementsOf, looseArray, type Storage } from './memory/storage.ts';
import { checkedShape, contiguousStrides, frozenStrides, isContiguous, type Shape, sizeOf } from './shape.ts';

/** Nested arrays of numbers; a single number for shape []. */
export type NestedArray = number | readonly NestedArray[];

/**
 * An n-dimensional array of float32, float64 or int32 elements: a strided view of a storage that several tensors may share.
 * Immutable: every op gives a new one. Make them with `tensor`, `zeros`, `ones`, `normal`, …
 */
export class Tensor {
  // What addresses are made of: read-only at run time too.
  readonly #shape: Shape;
  readonly #offset: number;
  readonly #storage: Storage;
  readonly #size: number;
  readonly #layout: readonly number[] | null;
  /** The first tape that recorded this tensor, and its place there: a cache that tapes keep, see `@chronograd/autograd`. */
  tape: object | null;
  slot: number;

  /**
   * A view of a storage. Programs make tensors with `tensor`, `zeros`, …; this is for ops.
   * @param layout strides where they are not the row-major ones; null for contiguous. @param offset in elements.
   * @throws ShapeError for a shape that is none, and where an element would lie outside of the storage.
   */
  constructor(storage: Storage, shape: Shape, layout: readonly number[] | null, offset: number) {
    const checked = checkedShape(storage.origin, shape);
    const size = sizeOf(checked);
    this.#shape = checked;
    this.#offset = offset;
    this.#storage = storage;
    this.#size = size;
    this.#layout = layout === null ? null : frozenStrides(layout);
    this.tape = null;
    this.slot = -1;
    const within = layout === null && offset >= 0 && offset + size <= storage.length;
    if (!within) checkExtent(storage, checked, layout ?? contiguousStrides(checked), offset);
  }

  /** Sizes along each axis. Frozen. */
  get shape(): Shape {
    return this.#shape;
  }

  /** Where the first element sits in the storage, in elements. */
  get offset(): number {
    return this.#offset;
  }

  /** The elements, shared between views. */
  get storage(): Storage {
    return this.#storage;
  }

  /** How many elements. */
  get size(): number {
    return this.#size;
  }

  /** Strides where they are not the row-major ones; null says contiguous. Frozen. */
  get layout(): readonly number[] | null {
    return this.#layout;
  }

  get dtype(): Dtype {
    return this.storage.dtype;
  }

  /** Number of axes. */
  get rank(): number {
    return this.shape.length;
  }

  /** Elements between neighbors along each axis. */
  get strides(): readonly number[] {
    return this.layout ?? contiguousStrides(this.shape);
  }

  /**
   * The one element, as a number.
   * @throws ShapeError unless there is exactly one.
   */
  item(): number {
    if (this.size !== 1) {
      throw new ShapeError(
        `item: shape ${showShape(this.shape)} came, exactly one element was expected; use toArray() for more`,
      );
    }
    return elementsOf(this.storage)[this.offset]!;
  }

  /** A copy of the elements in row-major order: Float32Array, Float64Array or Int32Array by dtype. */
  toTypedArray(): TypedArray {
    const elements = elementsOf(this.storage);
    if (this.layout === null) return elements.slice(this.offset, this.offset + this.size);
    const copy = looseArray(this.dtype, this.size);
    let next = 0;
    eachElement(this.shape, this.layout, this.offset, (position) => {
      copy[next++] = elements[position]!;
    });
    return copy;
  }

  /** A copy of the elements as nested arrays of numbers; a plain number for shape []. */
  toArray(): NestedArray {
    const flat = this.toTypedArray();
    let next = 0;
    const nest = (axis: number): NestedArray =>
      axis === this.rank ? flat[next++]! : Array.from({ length: this.shape[axis]! }, () => nest(axis + 1));
    return nest(0);
  }

  /** What `JSON.stringify` writes: the elements as `toArray` gives them; NaN and infinities become null there. */
  toJSON(): NestedArray {
    return this.toArray();
  }

  /** Readable: the values as nested brackets, long axes shortened, then dtype and shape. */
  toString(): string {
    return formatTensor(this);
  }
}

// How Node's console shows a tensor.
Object.defineProperty(Tensor.prototype, Symbol.for('nodejs.util.inspect.custom'), {
  value(this: Tensor) {
    return this.toString();
  },
});

/** Throws unless all elements of a view lie in its storage. */
function checkExtent(storage: Storage, shape: Shape, strides: readonly number[], offset: number): void {
  if (sizeOf(shape) === 0) return; // nothing is read
  let [low, high] = [offset, offset];
  for (let axis = 0; axis < shape.length; axis++) {
    const reach = (shape[axis]! - 1) * strides[axis]!;
    if (reach < 0) low += reach;
    else high += reach;
  }
  if (low >= 0 && high < storage.length) return;
  throw new ShapeError(
    `${storage.origin}: expected a view within its ${storage.length} elements, got shape ${showShape(shape)}, strides ${showShape(strides)} from element ${offset} on`,
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
