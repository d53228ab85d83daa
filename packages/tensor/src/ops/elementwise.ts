/** Elementwise primitives of one operand. */
import { type Dtype, requireFloat } from '../dtype.ts';
import { floatKernelNamed, kernelNamed } from '../kernels/active.ts';
import type { UnaryKernel } from '../kernels/contract.ts';
import { requireTensor, shapeOf, type Tensor } from '../tensor.ts';
import { primitive } from './define.ts';
import { address, output } from './launch.ts';
import { contiguous } from './views.ts';

type Any = 'neg' | 'abs' | 'sign';
type Float = 'sqrt' | 'exp' | 'expm1' | 'log' | 'log1p' | 'tanh' | 'sigmoid' | 'sin' | 'cos' | 'erf' | 'relu';
type Unary = (x: Tensor) => Tensor;

function define(name: Any | Float, kernelOf: (dtype: Dtype) => UnaryKernel): Unary {
  const op = primitive(name, 1, (x) => {
    const { dtype } = x._storage;
    const kernel = kernelOf(dtype);
    const source = contiguous(x);
    const y = output(name, dtype, shapeOf(x));
    kernel(address(source), address(y), x._size);
    return y;
  });
  return (x) => op(requireTensor(name, x));
}

const any = (name: Any): Unary => define(name, kernelNamed(name));

function float(name: Float): Unary {
  const kernelOf = floatKernelNamed(name);
  return define(name, (dtype) => kernelOf(requireFloat(name, dtype)));
}

/** −x. */
export const neg: Unary = any('neg');
/** |x|. Its gradient is 0 at 0 and at NaN. */
export const abs: Unary = any('abs');
/** −1, 0 or 1 by sign; no gradient. */
export const sign: Unary = any('sign');
/** √x; NaN below 0. */
export const sqrt: Unary = float('sqrt');
/** eˣ. */
export const exp: Unary = float('exp');
/** eˣ − 1, accurate near 0. */
export const expm1: Unary = float('expm1');
/** Natural logarithm; −Infinity at 0, NaN below. */
export const log: Unary = float('log');
/** log(1 + x), accurate near 0. */
export const log1p: Unary = float('log1p');
/** Hyperbolic tangent. */
export const tanh: Unary = float('tanh');
/** Logistic function 1 / (1 + e⁻ˣ). */
export const sigmoid: Unary = float('sigmoid');
/** Sine of radians, also of huge ones; NaN at ±∞. */
export const sin: Unary = float('sin');
/** Cosine of radians, also of huge ones; NaN at ±∞. */
export const cos: Unary = float('cos');
/** The error function (2/√π)·∫₀ˣ e^(−t²) dt; ±1 at ±∞. */
export const erf: Unary = float('erf');
/** max(x, 0). Its gradient is 0 at 0, and 1 at NaN. */
export const relu: Unary = float('relu');
