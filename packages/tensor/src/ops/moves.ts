/** Copies to other places and other types: cast, pad, concat, stack. */
import { checkDtype, type Dtype, elementBytes, requireInt32 } from '../dtype.ts';
import { DtypeError, describeValue, requireNumber, ShapeError, showShape, showValue } from '../errors.ts';
import { kernelsFor } from '../kernels/active.ts';
import { contiguousStrides, normalizeAxis, type Shape, sameShape, withSize } from '../shape.ts';
import { layoutOf, requireTensor, shapeOf, stridesOf, type Tensor } from '../tensor.ts';
import { copyRun, copyStrided } from './copy.ts';
import { primitive } from './define.ts';
import { address, output } from './launch.ts';
import { contiguous, reshapeTo, unsqueeze } from './views.ts';

const converted = primitive('cast', 1, (x, { to }) => {
  const source = contiguous(x);
  const y = output('cast', to, shapeOf(x));
  const { toFloat32, toFloat64, toInt32 } = kernelsFor(x._storage.dtype);
  const kernel = to === 'float32' ? toFloat32 : to === 'float64' ? toFloat64 : toInt32;
  kernel(address(source), address(y), x._size);
  return y;
});

/**
 * The same values in another dtype. To int32 it truncates (NaN gives 0) and passes no gradient;
 * between floats the gradient is cast back.
 */
export function cast(x: Tensor, dtype: Dtype): Tensor {
  const { dtype: from } = requireTensor('cast', x)._storage;
  checkDtype('cast', dtype);
  return from === dtype ? x : converted(x, { from, to: dtype });
}

/**
 * The tensor with `value` around it.
 * @param widths per axis, how many positions before and after. Default for further axes: none.
 * @param value Default: 0.
 */
export function pad(
  x: Tensor,
  widths: readonly (readonly [before: number, after: number])[],
  value = 0,
): Tensor {
  const from = shapeOf(requireTensor('pad', x));
  requireNumber('pad', 'the value', value);
  if (x._storage.dtype === 'int32') requireInt32('pad', value);
  const pairs = pairsOf(x, widths);
  const starts = from.map((_, axis) => pairs[axis]?.[0] ?? 0);
  const shape = from.map((size, axis) => starts[axis]! + size + (pairs[axis]?.[1] ?? 0));
  return padded(x, { starts, steps: from.map(() => 1) }, shape, value);
}

/** A copy: what is checked is what is used. */
function pairsOf(x: Tensor, widths: unknown): (readonly [number, number])[] {
  const pairs: unknown[] = Array.isArray(widths)
    ? Array.from(widths, (pair) => (Array.isArray(pair) ? Array.from(pair) : pair))
    : [];
  const fits = (pair: unknown): pair is readonly [number, number] =>
    Array.isArray(pair) &&
    pair.length === 2 &&
    pair.every((width) => Number.isInteger(width) && (width as number) >= 0);
  const rank = shapeOf(x).length;
  if (Array.isArray(widths) && pairs.length <= rank && pairs.every(fits)) return pairs;
  const got = Array.isArray(widths)
    ? `[${pairs.map((pair) => (Array.isArray(pair) ? showShape(pair) : showValue(pair))).join(', ')}]`
    : describeValue(widths);
  throw new ShapeError(
    `pad: expected at most ${rank} pairs [before, after] of whole numbers from 0 on for ${showShape(shapeOf(x))}, got widths ${got}`,
  );
}

const padded = primitive<'pad', [shape: Shape, value: number]>('pad', 1, (x, params, shape, value) => {
  const { dtype } = x._storage;
  const { starts, steps } = params;
  const y = output('pad', dtype, shape);
  const strides = contiguousStrides(shape);
  kernelsFor(dtype).fill(address(y), y._size, value);
  const first = starts.reduce((sum, start, axis) => sum + start * strides[axis]!, 0);
  copyStrided(
    dtype,
    shapeOf(x),
    address(x),
    stridesOf(x),
    address(y) + first * elementBytes(dtype),
    strides.map((stride, axis) => stride * steps[axis]!),
  );
  return y;
});

/**
 * The primitive: zeros of `shape` into which `x` is copied, from `starts` on and `steps` apart. The
 * adjoint of `sliceBy`. The caller checks bounds.
 */
export function padBy(x: Tensor, starts: readonly number[], steps: readonly number[], shape: Shape): Tensor {
  return padded(x, { starts, steps }, shape, 0);
}

/** A copy of the list, since a tape keeps it. @throws ShapeError for an empty one. */
function partsOf(op: string, parts: readonly Tensor[]): readonly [Tensor, ...Tensor[]] {
  const list = Array.isArray(parts) ? [...parts] : [];
  for (const part of list) requireTensor(op, part);
  if (list.length > 0) return list as [Tensor, ...Tensor[]];
  throw new ShapeError(
    `${op}: expected a list of at least one tensor, got ${Array.isArray(parts) ? 'an empty list' : describeValue(parts)}; write ${op}([a, b])`,
  );
}

const joined = primitive('concat', 'list', (parts, { axis }) => {
  const [first] = parts as [Tensor];
  const { dtype } = first._storage;
  const total = parts.reduce((sum, part) => sum + shapeOf(part)[axis]!, 0);
  const y = output('concat', dtype, withSize(shapeOf(first), axis, total));
  const strides = contiguousStrides(shapeOf(y));
  const step = strides[axis]! * elementBytes(dtype);
  let to = address(y);
  for (const part of parts) {
    if (axis === 0 && layoutOf(part) === null) copyRun(dtype, part._size, address(part), to);
    else copyStrided(dtype, shapeOf(part), address(part), stridesOf(part), to, strides);
    to += shapeOf(part)[axis]! * step;
  }
  return y;
});

/** Tensors joined along an axis; their other sizes must agree. Default: the first axis. */
export function concat(tensors: readonly Tensor[], axis = 0): Tensor {
  const parts = partsOf('concat', tensors);
  const [first] = parts;
  const { dtype } = first._storage;
  const at = normalizeAxis('concat', axis, shapeOf(first).length);
  for (const part of parts) {
    if (part._storage.dtype !== dtype) {
      throw new DtypeError(
        `concat: expected one dtype, got ${dtype} and ${part._storage.dtype}; cast first: x.cast('${dtype}')`,
      );
    }
    const [a, b] = [shapeOf(first), shapeOf(part)];
    if (a.length !== b.length || a.some((size, other) => other !== at && size !== b[other])) {
      throw new ShapeError(
        `concat: expected shapes that agree except along axis ${at}, got ${showShape(a)} and ${showShape(b)}`,
      );
    }
  }
  return joined(parts, { axis: at });
}

/**
 * Tensors of one shape joined along a new axis: T steps `[B, H]` become `[T, B, H]`. Default: the
 * first axis.
 */
export function stack(tensors: readonly Tensor[], axis = 0): Tensor {
  const parts = partsOf('stack', tensors);
  const shape = shapeOf(parts[0]);
  const at = normalizeAxis('stack', axis, shape.length + 1);
  for (const part of parts) {
    if (!sameShape(shapeOf(part), shape)) {
      throw new ShapeError(
        `stack: expected one shape, got ${showShape(shape)} and ${showShape(shapeOf(part))}`,
      );
    }
  }
  if (at === 0 && shape.length > 0) return reshapeTo(concat(parts, 0), [parts.length, ...shape]);
  return concat(
    parts.map((part) => unsqueeze(part, at)),
    at,
  );
}
