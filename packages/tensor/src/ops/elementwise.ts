/** Elementwise primitives of one operand. */

import { requireFloat } from '../dtype.ts';
import { floatKernelsFor, kernelsFor } from '../kernels/active.ts';
import type { UnaryKernel } from '../kernels/contract.ts';
import { record } from '../recorder.ts';
import { runtime } from '../runtime.ts';
import { shapeOf, type Tensor } from '../tensor.ts';
import { contiguous } from './copy.ts';
import { address, atTopLevel, extend, output, requireTensor } from './launch.ts';

type Any = 'neg' | 'abs' | 'sign';
type Float = 'sqrt' | 'exp' | 'expm1' | 'log' | 'log1p' | 'tanh' | 'sigmoid' | 'relu';

function define(name: Any | Float, kernelOf: (x: Tensor) => UnaryKernel): (x: Tensor) => Tensor {
  const run = (x: Tensor): Tensor => {
    const kernel = kernelOf(x);
    const source = contiguous(x);
    const y = output(name, x._storage.dtype, shapeOf(x));
    kernel(address(source), address(y), x._size);
    if (runtime.recording) record(name, [x], null, y);
    return y;
  };
  return (x) => {
    requireTensor(name, x);
    return runtime.scope === null ? atTopLevel(() => run(x)) : run(x);
  };
}

const any = (name: Any): ((x: Tensor) => Tensor) => define(name, (x) => kernelsFor(x._storage.dtype)[name]);
const float = (name: Float): ((x: Tensor) => Tensor) =>
  define(name, (x) => floatKernelsFor(requireFloat(name, x._storage.dtype))[name]);

/** −x. */
export const neg: (x: Tensor) => Tensor = any('neg');
/** |x|. Its gradient is 0 at 0 and at NaN. */
export const abs: (x: Tensor) => Tensor = any('abs');
/** −1, 0 or 1 by sign; no gradient. */
export const sign: (x: Tensor) => Tensor = any('sign');
/** √x; NaN below 0. */
export const sqrt: (x: Tensor) => Tensor = float('sqrt');
/** eˣ. */
export const exp: (x: Tensor) => Tensor = float('exp');
/** eˣ − 1, accurate near 0. */
export const expm1: (x: Tensor) => Tensor = float('expm1');
/** Natural logarithm; −Infinity at 0, NaN below. */
export const log: (x: Tensor) => Tensor = float('log');
/** log(1 + x), accurate near 0. */
export const log1p: (x: Tensor) => Tensor = float('log1p');
/** Hyperbolic tangent. */
export const tanh: (x: Tensor) => Tensor = float('tanh');
/** Logistic function 1 / (1 + e⁻ˣ). */
export const sigmoid: (x: Tensor) => Tensor = float('sigmoid');
/** max(x, 0). Its gradient is 0 at 0, and 1 at NaN. */
export const relu: (x: Tensor) => Tensor = float('relu');

declare module '../tensor.ts' {
  interface Tensor {
    /** −x. */
    neg(): Tensor;
    /** |x|. Its gradient is 0 at 0 and at NaN. */
    abs(): Tensor;
    /** −1, 0 or 1 by sign; no gradient. */
    sign(): Tensor;
    /** √x; NaN below 0. */
    sqrt(): Tensor;
    /** eˣ. */
    exp(): Tensor;
    /** eˣ − 1, accurate near 0. */
    expm1(): Tensor;
    /** Natural logarithm; −Infinity at 0, NaN below. */
    log(): Tensor;
    /** log(1 + x), accurate near 0. */
    log1p(): Tensor;
    /** Hyperbolic tangent. */
    tanh(): Tensor;
    /** Logistic function 1 / (1 + e⁻ˣ). */
    sigmoid(): Tensor;
    /** max(x, 0). Its gradient is 0 at 0, and 1 at NaN. */
    relu(): Tensor;
  }
}

extend({
  neg() {
    return neg(this);
  },
  abs() {
    return abs(this);
  },
  sign() {
    return sign(this);
  },
  sqrt() {
    return sqrt(this);
  },
  exp() {
    return exp(this);
  },
  expm1() {
    return expm1(this);
  },
  log() {
    return log(this);
  },
  log1p() {
    return log1p(this);
  },
  tanh() {
    return tanh(this);
  },
  sigmoid() {
    return sigmoid(this);
  },
  relu() {
    return relu(this);
  },
});
