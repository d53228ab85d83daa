/** Tensors at fixed addresses, which each push overwrites: the input, the state, the output. */
import { type Dtype, DtypeError, ShapeError, Tensor, type TypedArray, tensor } from '@chronograd/tensor';
import {
  address,
  contiguous,
  heap,
  kernelsFor,
  output,
  persistentStorage,
  sameShape,
  shapeOf,
  showShape,
  withRuntime,
  writePersistent,
} from '@chronograd/tensor/engine';

const views = new WeakMap<Tensor, TypedArray>();

/** The elements of a tensor at a fixed address. Use them at once: growing memory detaches them. */
export function elementsAt(x: Tensor): TypedArray {
  const known = views.get(x);
  if (known !== undefined && known.buffer === heap.bytes.buffer) return known;
  const view = viewOf(x);
  views.set(x, view);
  return view;
}

function viewOf(x: Tensor): TypedArray {
  const first = address(x);
  if (x.dtype === 'float32') return heap.float32.subarray(first >>> 2, (first >>> 2) + x.size);
  if (x.dtype === 'float64') return heap.float64.subarray(first >>> 3, (first >>> 3) + x.size);
  return heap.int32.subarray(first >>> 2, (first >>> 2) + x.size);
}

/** A buffer for tensors like `x`. A plan that is being recorded does not own it. */
export const bufferLike = (x: Tensor): Tensor =>
  withRuntime({ planner: null }, () => {
    return new Tensor(persistentStorage(x.dtype, x.size, 'stream'), shapeOf(x), null, 0);
  });

/** A copy of `x` at an address that stays. */
export function bufferOf(x: Tensor): Tensor {
  const buffer = bufferLike(x);
  elementsAt(buffer).set(x.toTypedArray());
  return buffer;
}

/** A copy that the garbage collector owns. */
export const copyOfBuffer = (buffer: Tensor): Tensor =>
  tensor(elementsAt(buffer).slice(), { shape: shapeOf(buffer) });

/** Writes values of the same number into a buffer. */
export function fillBuffer(buffer: Tensor, values: ArrayLike<number>): void {
  writePersistent(buffer.storage, 'push', () => elementsAt(buffer).set(values));
}

/** Marks a buffer that a replay has written, so that copies of it are made again. */
export const wroteBuffer = (buffer: Tensor): void => writePersistent(buffer.storage, 'push', () => {});

/**
 * The tensors' values in memory that no buffer overlaps. A state may hold parts of the one before.
 */
export function apartFromBuffers(x: Tensor): Tensor {
  const source = contiguous(x);
  if (!source.storage.persistent) return source;
  const y = output('push', x.dtype, shapeOf(x));
  copyTo(source, y);
  return y;
}

/** Copies elements with a kernel, which plans replay. */
export function copyTo(from: Tensor, to: Tensor): void {
  const n = to.size;
  if (n > 0) kernelsFor(to.dtype).copy(address(from), n, 1, address(to), n, 1, 1, n);
}

/** @throws DtypeError or ShapeError unless `x` has the form of the buffer. */
export function requireForm(op: string, what: string, buffer: Tensor, x: Tensor): void {
  if (x.dtype !== buffer.dtype) {
    throw new DtypeError(`${op}: expected ${buffer.dtype} for ${what}, got ${x.dtype}; keep one dtype`);
  }
  if (sameShape(shapeOf(x), shapeOf(buffer))) return;
  throw new ShapeError(
    `${op}: expected ${showShape(shapeOf(buffer))} for ${what}, got ${showShape(shapeOf(x))}; keep one shape`,
  );
}

/** The dtype of the elements of a typed array; null for anything else. */
export function dtypeOfArray(x: unknown): Dtype | null {
  if (x instanceof Float32Array) return 'float32';
  if (x instanceof Float64Array) return 'float64';
  return x instanceof Int32Array ? 'int32' : null;
}
