/** Elementwise primitives of two operands, broadcast by NumPy's rule. */

import { type Dtype, elementBytes, requireFloat } from '../dtype.ts';
import { floatKernelsFor, kernelsFor } from '../kernels/active.ts';
import type { BinaryKernel } from '../kernels/contract.ts';
import { record, withoutRecording } from '../recorder.ts';
import { runtime } from '../runtime.ts';
import { broadcastShapes, broadcastStrides, type Shape } from '../shape.ts';
import { layoutOf, shapeOf, stridesOf, type Tensor } from '../tensor.ts';
import { collapse, contiguous, copyStrided, eachOffset } from './copy.ts';
import { address, asTensor, atTopLevel, commonDtype, extend, type Operand, output } from './launch.ts';

type Any = 'add' | 'sub' | 'mul' | 'maximum' | 'minimum' | 'equal' | 'notEqual' | 'less' | 'lessEqual';
type Float = 'div' | 'pow' | 'tanhGrad' | 'sigmoidGrad';
type BinaryOp = (a: Operand, b: Operand) => Tensor;

/** @param op the name for errors, where it is another than the primitive's. */
function define(name: Any | Float, kernelOf: (dtype: Dtype) => BinaryKernel, op: string = name): BinaryOp {
  const run = (left: Operand, right: Operand, dtype: Dtype): Tensor => {
    const kernel = kernelOf(dtype);
    const a = asTensor(op, left, dtype);
    const b = asTensor(op, right, dtype);
    const y = output(op, dtype, broadcastShapes(op, shapeOf(a), shapeOf(b)));
    launch(kernel, a, b, y);
    if (runtime.recording) record(name, [a, b], null, y);
    return y;
  };
  return (a, b) => {
    const dtype = commonDtype(op, a, b);
    return runtime.scope === null ? atTopLevel(() => run(a, b, dtype)) : run(a, b, dtype);
  };
}

const any = (name: Any, op?: string): BinaryOp => define(name, (dtype) => kernelsFor(dtype)[name], op);
const float = (name: Float): BinaryOp =>
  define(name, (dtype) => floatKernelsFor(requireFloat(name, dtype))[name]);

/** One launch where the operands allow it; otherwise one for each index of the leading axes. `y` is contiguous, or one operand itself. */
function launch(kernel: BinaryKernel, a: Tensor, b: Tensor, y: Tensor): void {
  const n = y._size;
  if (n === 0) return;
  if (layoutOf(a) === null && layoutOf(b) === null && layoutOf(y) === null) {
    if (a._size === n && b._size === n)
      return kernel(address(a), n, 1, address(b), n, 1, address(y), n, 1, n);
    if (a._size === n && b._size === 1)
      return kernel(address(a), n, 1, address(b), 0, 0, address(y), n, 1, n);
    if (b._size === n && a._size === 1)
      return kernel(address(a), 0, 0, address(b), n, 1, address(y), n, 1, n);
    if (a._size === n && shapeOf(b).length === 1) {
      // A bias over a batch.
      const cols = b._size;
      return kernel(address(a), cols, 1, address(b), 0, 1, address(y), cols, n / cols, cols);
    }
  }
  launchStrided(kernel, innerUnit(a, shapeOf(y)), innerUnit(b, shapeOf(y)), y);
}

/** The operand, made contiguous where its elements along the last axis are neither neighbors nor one and the same. */
function innerUnit(x: Tensor, shape: Shape): Tensor {
  const layout = layoutOf(x);
  if (layout === null) return x;
  const strides = broadcastStrides(shapeOf(x), layout, shape);
  let axis = shape.length - 1;
  while (axis >= 0 && shape[axis] === 1) axis--;
  const inner = axis < 0 ? 0 : strides[axis]!;
  return inner === 0 || inner === 1 ? x : contiguous(x);
}

function launchStrided(kernel: BinaryKernel, a: Tensor, b: Tensor, y: Tensor): void {
  const bytes = elementBytes(y._storage.dtype);
  const loop = collapse(shapeOf(y), [
    broadcastStrides(shapeOf(a), stridesOf(a), shapeOf(y)),
    broadcastStrides(shapeOf(b), stridesOf(b), shapeOf(y)),
    stridesOf(y),
  ]);
  const [sa, sb, sy] = loop.strides as [number[], number[], number[]];
  const rank = loop.shape.length;
  const cols = loop.shape[rank - 1] ?? 1;
  const rows = loop.shape[rank - 2] ?? 1;
  const [atA, atB, atY] = [address(a), address(b), address(y)];
  eachOffset(loop.shape, loop.strides, Math.max(0, rank - 2), ([oa, ob, oy]) => {
    kernel(
      atA + oa! * bytes,
      sa[rank - 2] ?? 0,
      sa[rank - 1] ?? 0,
      atB + ob! * bytes,
      sb[rank - 2] ?? 0,
      sb[rank - 1] ?? 0,
      atY + oy! * bytes,
      sy[rank - 2] ?? 0,
      rows,
      cols,
    );
  });
}

/**
 * `target += x` in place, x broadcast: for whoever owns `target` and knows that nobody else reads it (the tape's cotangents).
 * Not recorded.
 */
export function addInto(target: Tensor, x: Tensor): void {
  if (target._size === 0) return;
  const { add } = kernelsFor(target._storage.dtype);
  if (innerUnit(target, shapeOf(target)) === target) return launch(add, target, x, target);
  // Elements along the last axis are not neighbors: add elsewhere, and copy back.
  const total = output('add', target._storage.dtype, shapeOf(target));
  launch(add, contiguous(target), x, total);
  copyStrided(
    target._storage.dtype,
    shapeOf(target),
    address(total),
    stridesOf(total),
    address(target),
    stridesOf(target),
  );
}

/** a + b. In int32 results wrap at 2³¹, as in PyTorch. The same goes for `sub` and `mul`. */
export const add: BinaryOp = any('add');
/** a − b. */
export const sub: BinaryOp = any('sub');
/** a · b. */
export const mul: BinaryOp = any('mul');
/** a / b; floats only. */
export const div: BinaryOp = float('div');
const power = float('pow');
/** aᵇ; floats only. `pow(x, 0)` is the constant 1, whatever x is: no gradient passes. */
export const pow: BinaryOp = (a, b) => (b === 0 ? withoutRecording(() => power(a, b)) : power(a, b));
/** The larger of both; NaN if either is NaN. Where they are equal each gets half of the gradient, and where one is NaN each gets all of it. */
export const maximum: BinaryOp = any('maximum');
/** The smaller of both; NaN if either is NaN. Where they are equal each gets half of the gradient, and where one is NaN each gets all of it. */
export const minimum: BinaryOp = any('minimum');
/** 1 where a = b, else 0, in the operands' dtype; no gradient. The same goes for all comparisons. */
export const equal: BinaryOp = any('equal');
/** 1 where a ≠ b, else 0. */
export const notEqual: BinaryOp = any('notEqual');
/** 1 where a < b, else 0. */
export const less: BinaryOp = any('less');
/** 1 where a ≤ b, else 0. */
export const lessEqual: BinaryOp = any('lessEqual');
/** b < a and b ≤ a, by the names of what calls them. */
const [lessSwapped, lessEqualSwapped] = [any('less', 'greater'), any('lessEqual', 'greaterEqual')];
/** 1 where a > b, else 0. */
export const greater: BinaryOp = (a, b) => lessSwapped(b, a);
/** 1 where a ≥ b, else 0. */
export const greaterEqual: BinaryOp = (a, b) => lessEqualSwapped(b, a);
/** g · (1 − y²): what tanh with output y sends back. */
export const tanhGrad: (g: Tensor, y: Tensor) => Tensor = float('tanhGrad');
/** g · y·(1 − y): what sigmoid with output y sends back. */
export const sigmoidGrad: (g: Tensor, y: Tensor) => Tensor = float('sigmoidGrad');

declare module '../tensor.ts' {
  interface Tensor {
    /** Sum of both; numbers take this tensor's dtype, shapes broadcast. The same goes for all methods of two operands. */
    add(other: Operand): Tensor;
    /** this − other. */
    sub(other: Operand): Tensor;
    /** Elementwise product. */
    mul(other: Operand): Tensor;
    /** this / other; floats only. */
    div(other: Operand): Tensor;
    /** this to the power of other; floats only. */
    pow(exponent: Operand): Tensor;
    /** The larger of both; NaN if either is NaN. */
    maximum(other: Operand): Tensor;
    /** The smaller of both; NaN if either is NaN. */
    minimum(other: Operand): Tensor;
    /** 1 where equal, else 0, in this dtype; no gradient. The same goes for all comparisons. */
    equal(other: Operand): Tensor;
    /** 1 where different, else 0. */
    notEqual(other: Operand): Tensor;
    /** 1 where this < other, else 0. */
    less(other: Operand): Tensor;
    /** 1 where this ≤ other, else 0. */
    lessEqual(other: Operand): Tensor;
    /** 1 where this > other, else 0. */
    greater(other: Operand): Tensor;
    /** 1 where this ≥ other, else 0. */
    greaterEqual(other: Operand): Tensor;
  }
}

extend({
  add(other) {
    return add(this, other);
  },
  sub(other) {
    return sub(this, other);
  },
  mul(other) {
    return mul(this, other);
  },
  div(other) {
    return div(this, other);
  },
  pow(exponent) {
    return pow(this, exponent);
  },
  maximum(other) {
    return maximum(this, other);
  },
  minimum(other) {
    return minimum(this, other);
  },
  equal(other) {
    return equal(this, other);
  },
  notEqual(other) {
    return notEqual(this, other);
  },
  less(other) {
    return less(this, other);
  },
  lessEqual(other) {
    return lessEqual(this, other);
  },
  greater(other) {
    return greater(this, other);
  },
  greaterEqual(other) {
    return greaterEqual(this, other);
  },
});
