/** Elementwise primitives of two operands, which broadcast as in NumPy. */
import { type Dtype, elementBytes, requireFloat } from '../dtype.ts';
import { floatKernelNamed, kernelNamed, kernelsFor } from '../kernels/active.ts';
import type { BinaryKernel } from '../kernels/contract.ts';
import { withoutRecording } from '../recorder.ts';
import { broadcastShapes, broadcastStrides, fromEnd, type Shape } from '../shape.ts';
import { layoutOf, shapeOf, stridesOf, type Tensor } from '../tensor.ts';
import { collapse, copyStrided, eachOffset } from './copy.ts';
import { primitive, scoped } from './define.ts';
import { address, asTensor, commonDtype, type Operand, output } from './launch.ts';
import { contiguous } from './views.ts';

type Any = 'add' | 'sub' | 'mul' | 'maximum' | 'minimum' | 'equal' | 'notEqual' | 'less' | 'lessEqual';
type Float = 'div' | 'pow' | 'tanhGrad' | 'sigmoidGrad';
type BinaryOp = (a: Operand, b: Operand) => Tensor;

/** @param op the name in errors. Default: the primitive's. */
function define(name: Any | Float, kernelOf: (dtype: Dtype) => BinaryKernel, op: string = name): BinaryOp {
  const ofTensors = primitive(name, 2, (a, b) => {
    const { dtype } = a._storage;
    const kernel = kernelOf(dtype);
    const y = output(op, dtype, broadcastShapes(op, shapeOf(a), shapeOf(b)));
    launch(kernel, a, b, y);
    return y;
  });
  // Numbers become tensors in the scope that the op runs in.
  const ofOperands = scoped((a: Operand, b: Operand, dtype: Dtype) => {
    kernelOf(dtype); // throws for a dtype that has none
    return ofTensors(asTensor(op, a, dtype), asTensor(op, b, dtype));
  });
  return (a, b) => {
    const dtype = commonDtype(op, a, b);
    return typeof a === 'number' || typeof b === 'number' ? ofOperands(a, b, dtype) : ofTensors(a, b);
  };
}

const any = (name: Any, op?: string): BinaryOp => define(name, kernelNamed(name), op);

function float(name: Float): BinaryOp {
  const kernelOf = floatKernelNamed(name);
  return define(name, (dtype) => kernelOf(requireFloat(name, dtype)));
}

/**
 * One launch where the operands allow it; otherwise one for each index of the leading axes. `y` is
 * contiguous, or it is `a`.
 */
function launch(kernel: BinaryKernel, a: Tensor, b: Tensor, y: Tensor): void {
  const n = y._size;
  if (n === 0) return;
  if (layoutOf(a) === null && layoutOf(b) === null) {
    if (a._size === n && b._size === n)
      return kernel(address(a), n, 1, address(b), n, 1, address(y), n, 1, n);
    if (b._size === 1) return kernel(address(a), n, 1, address(b), 0, 0, address(y), n, 1, n);
    if (a._size === 1) return kernel(address(a), 0, 0, address(b), n, 1, address(y), n, 1, n);
    if (a._size === n && shapeOf(b).length === 1) {
      // A bias over a batch.
      const cols = b._size;
      return kernel(address(a), cols, 1, address(b), 0, 1, address(y), cols, n / cols, cols);
    }
  }
  launchStrided(kernel, innerUnit(a, shapeOf(y)), innerUnit(b, shapeOf(y)), y);
}

/** The operand, made contiguous unless its stride along the last axis is 1 or 0. */
function innerUnit(x: Tensor, shape: Shape): Tensor {
  const layout = layoutOf(x);
  if (layout === null) return x;
  const strides = broadcastStrides(shapeOf(x), layout, shape);
  let axis = shape.length - 1;
  while (shape[axis] === 1) axis--; // a strided tensor has an axis with more
  const inner = strides[axis]!;
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
  const cols = fromEnd(loop.shape, 1, 1);
  const rows = fromEnd(loop.shape, 2, 1);
  const [atA, atB, atY] = [address(a), address(b), address(y)];
  eachOffset(loop.shape, loop.strides, Math.max(0, rank - 2), ([oa, ob, oy]) => {
    kernel(
      atA + oa! * bytes,
      fromEnd(sa, 2, 0),
      fromEnd(sa, 1, 0),
      atB + ob! * bytes,
      fromEnd(sb, 2, 0),
      fromEnd(sb, 1, 0),
      atY + oy! * bytes,
      fromEnd(sy, 2, 0),
      rows,
      cols,
    );
  });
}

/**
 * `target += x` in place; x broadcasts. Only for a `target` that nothing else reads, such as a
 * tape's cotangent. Not recorded.
 */
export function addInto(target: Tensor, x: Tensor): void {
  const { dtype } = target._storage;
  const shape = shapeOf(target);
  const { add } = kernelsFor(dtype);
  // A copy, if elements along the last axis are not neighbors.
  const total = innerUnit(target, shape);
  launch(add, total, x, total);
  if (total !== target)
    copyStrided(dtype, shape, address(total), stridesOf(total), address(target), stridesOf(target));
}

/**
 * a + b. Shapes broadcast, and a number gets the other operand's dtype. int32 results wrap at 2³¹,
 * as in PyTorch.
 */
export const add: BinaryOp = any('add');
/** a − b. Operands as in `add`. */
export const sub: BinaryOp = any('sub');
/** a · b, element by element. Operands as in `add`. */
export const mul: BinaryOp = any('mul');
/** a / b; floats only. Operands as in `add`. */
export const div: BinaryOp = float('div');
const power = float('pow');
/** aᵇ; floats only. `pow(x, 0)` is the constant 1 for every x, with no gradient. */
export const pow: BinaryOp = (a, b) => (b === 0 ? withoutRecording(() => power(a, b)) : power(a, b));
/**
 * The larger of both; NaN if either is NaN. Where they are equal each gets half of the gradient,
 * and where one is NaN each gets all of it.
 */
export const maximum: BinaryOp = any('maximum');
/** The smaller of both. NaN and gradients as in `maximum`. */
export const minimum: BinaryOp = any('minimum');
/** 1 where a = b, else 0, in the operands' dtype; no gradient. */
export const equal: BinaryOp = any('equal');
/** 1 where a ≠ b, else 0; no gradient. */
export const notEqual: BinaryOp = any('notEqual');
/** 1 where a < b, else 0; no gradient. */
export const less: BinaryOp = any('less');
/** 1 where a ≤ b, else 0; no gradient. */
export const lessEqual: BinaryOp = any('lessEqual');
// b < a and b ≤ a, with the names of the ops that call them.
const [lessSwapped, lessEqualSwapped] = [any('less', 'greater'), any('lessEqual', 'greaterEqual')];
/** 1 where a > b, else 0; no gradient. */
export const greater: BinaryOp = (a, b) => lessSwapped(b, a);
/** 1 where a ≥ b, else 0; no gradient. */
export const greaterEqual: BinaryOp = (a, b) => lessEqualSwapped(b, a);
/** g · (1 − y²): the gradient of tanh, from its output y. */
export const tanhGrad: (g: Tensor, y: Tensor) => Tensor = float('tanhGrad');
/** g · y·(1 − y): the gradient of sigmoid, from its output y. */
export const sigmoidGrad: (g: Tensor, y: Tensor) => Tensor = float('sigmoidGrad');
