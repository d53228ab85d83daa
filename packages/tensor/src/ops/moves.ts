/** Copies to other places and other types: cast, pad, concat, stack. */

import { checkDtype, type Dtype, elementBytes, requireInt32 } from '../dtype.ts';
import { DtypeError, describeValue, requireNumber, ShapeError, showShape, showValue } from '../errors.ts';
import { kernelsFor } from '../kernels/active.ts';
import { record } from '../recorder.ts';
import { runtime } from '../runtime.ts';
import { contiguousStrides, normalizeAxis, type Shape, sameShape } from '../shape.ts';
import { layoutOf, shapeOf, stridesOf, type Tensor } from '../tensor.ts';
import { contiguous, copyRun, copyStrided } from './copy.ts';
import { address, atTopLevel, extend, output, requireTensor } from './launch.ts';
import { reshape, unsqueeze } from './views.ts';

/** The same values in another dtype. To int32 it truncates (NaN gives 0) and ends the gradient; between floats the gradient is cast back. */
export function cast(x: Tensor, dtype: Dtype): Tensor {
  requireTensor('cast', x);
  checkDtype('cast', dtype);
  if (x._storage.dtype === dtype) return x;
  const run = (): Tensor => {
    const source = contiguous(x);
    const y = output('cast', dtype, shapeOf(x));
    const kernels = kernelsFor(x._storage.dtype);
    const kernel =
      dtype === 'float32' ? kernels.toFloat32 : dtype === 'float64' ? kernels.toFloat64 : kernels.toInt32;
    kernel(address(source), address(y), x._size);
    if (runtime.recording) record('cast', [x], { from: x._storage.dtype, to: dtype }, y);
    return y;
  };
  return runtime.scope === null ? atTopLevel(run) : run();
}

/**
 * `x` with `value` around it.
 * @param widths per axis, how many positions before and after; axes not named get none.
 */
export function pad(
  x: Tensor,
  widths: readonly (readonly [before: number, after: number])[],
  value = 0,
): Tensor {
  requireTensor('pad', x);
  requireNumber('pad', 'the value', value);
  if (x._storage.dtype === 'int32') requireInt32('pad', value);
  const pairs = pairsOf(x, widths);
  const shape = shapeOf(x).map((size, axis) => size + (pairs[axis]?.[0] ?? 0) + (pairs[axis]?.[1] ?? 0));
  const starts = shapeOf(x).map((_, axis) => pairs[axis]?.[0] ?? 0);
  const steps = shapeOf(x).map(() => 1);
  return padBy(x, starts, steps, shape, value);
}

/** A copy, so that what is checked is what is used. */
function pairsOf(x: Tensor, widths: unknown): (readonly [number, number])[] {
  const pairs: unknown[] = Array.isArray(widths)
    ? Array.from(widths, (pair) => (Array.isArray(pair) ? Array.from(pair) : pair))
    : [];
  const fits = (pair: unknown): pair is readonly [number, number] =>
    Array.isArray(pair) &&
    pair.length === 2 &&
    pair.every((width) => Number.isInteger(width) && (width as number) >= 0);
  if (Array.isArray(widths) && pairs.length <= x.rank && pairs.every(fits)) return pairs;
  const came = Array.isArray(widths)
    ? `[${pairs.map((pair) => (Array.isArray(pair) ? showShape(pair) : showValue(pair))).join(', ')}]`
    : describeValue(widths);
  throw new ShapeError(
    `pad: widths ${came} came for ${showShape(shapeOf(x))}; at most ${x.rank} pairs [before, after] of whole numbers from 0 on were expected`,
  );
}

/** The primitive: a block of `shape` filled with `value`, and `x` laid into it from `starts` on, `steps` apart. The adjoint of `sliceBy`. */
export function padBy(
  x: Tensor,
  starts: readonly number[],
  steps: readonly number[],
  shape: Shape,
  value = 0,
): Tensor {
  const run = (): Tensor => {
    const y = output('pad', x._storage.dtype, shape);
    const strides = contiguousStrides(shape);
    kernelsFor(x._storage.dtype).fill(address(y), y._size, value);
    const first = starts.reduce((sum, start, axis) => sum + start * strides[axis]!, 0);
    copyStrided(
      x._storage.dtype,
      shapeOf(x),
      address(x),
      stridesOf(x),
      address(y) + first * elementBytes(x._storage.dtype),
      strides.map((stride, axis) => stride * steps[axis]!),
    );
    if (runtime.recording) record('pad', [x], { starts, steps }, y);
    return y;
  };
  return runtime.scope === null ? atTopLevel(run) : run();
}

/** A copy of the list, which a tape keeps: the caller's may change. @throws ShapeError for an empty one. */
function partsOf(op: string, parts: readonly Tensor[]): readonly [Tensor, ...Tensor[]] {
  const list = Array.isArray(parts) ? [...parts] : [];
  for (const part of list) requireTensor(op, part);
  if (list.length > 0) return list as [Tensor, ...Tensor[]];
  throw new ShapeError(
    `${op}: ${Array.isArray(parts) ? 'an empty list' : describeValue(parts)} came, a list of at least one tensor was expected: ${op}([a, b])`,
  );
}

/** Tensors joined along an axis (the first unless named); the other sizes must agree. */
export function concat(tensors: readonly Tensor[], axis = 0): Tensor {
  const parts = partsOf('concat', tensors);
  const [first] = parts;
  const at = normalizeAxis('concat', axis, first.rank);
  let total = 0;
  for (const part of parts) {
    if (part._storage.dtype !== first._storage.dtype) {
      throw new DtypeError(
        `concat: ${first._storage.dtype} and ${part._storage.dtype} came, one dtype was expected; cast first: x.cast('${first._storage.dtype}')`,
      );
    }
    if (part.rank !== first.rank || !sameShape(shapeOf(part).with(at, 0), shapeOf(first).with(at, 0))) {
      throw new ShapeError(
        `concat: ${showShape(shapeOf(first))} and ${showShape(shapeOf(part))} came; all sizes but that of axis ${at} must agree`,
      );
    }
    total += shapeOf(part)[at]!;
  }
  const run = (): Tensor => {
    const y = output('concat', first._storage.dtype, shapeOf(first).with(at, total));
    const strides = contiguousStrides(shapeOf(y));
    const step = strides[at]! * elementBytes(first._storage.dtype);
    let to = address(y);
    for (const part of parts) {
      if (at === 0 && layoutOf(part) === null) copyRun(part._storage.dtype, part._size, address(part), to);
      else copyStrided(part._storage.dtype, shapeOf(part), address(part), stridesOf(part), to, strides);
      to += shapeOf(part)[at]! * step;
    }
    if (runtime.recording) record('concat', parts, { axis: at }, y);
    return y;
  };
  return runtime.scope === null ? atTopLevel(run) : run();
}

/** Tensors of one shape joined along a new axis (the first unless named): T steps `[B, H]` become `[T, B, H]`. */
export function stack(tensors: readonly Tensor[], axis = 0): Tensor {
  const parts = partsOf('stack', tensors);
  const [first] = parts;
  const at = normalizeAxis('stack', axis, first.rank + 1);
  for (const part of parts) {
    if (!sameShape(shapeOf(part), shapeOf(first))) {
      throw new ShapeError(
        `stack: ${showShape(shapeOf(first))} and ${showShape(shapeOf(part))} came, one shape was expected`,
      );
    }
  }
  if (at === 0 && first.rank > 0) return reshape(concat(parts, 0), [parts.length, ...shapeOf(first)]);
  return concat(
    parts.map((part) => unsqueeze(part, at)),
    at,
  );
}

declare module '../tensor.ts' {
  interface Tensor {
    /** The same values in another dtype. */
    cast(dtype: Dtype): Tensor;
    /** This tensor with `value` (0 unless named) around it: per axis, how many positions before and after. */
    pad(widths: readonly (readonly [before: number, after: number])[], value?: number): Tensor;
  }
}

extend({
  cast(dtype) {
    return cast(this, dtype);
  },
  pad(widths, value) {
    return pad(this, widths, value);
  },
});
