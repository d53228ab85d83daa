/**
 * Kernels that treat every element alike. A store rounds to the dtype, so most of them are the
 * plain formula.
 */
import type { BinaryKernel, CommonKernels, FloatKernels, UnaryKernel } from '../contract.ts';
import type { Element, FloatElement } from './element.ts';

function unary({ view, index }: Element, f: (x: number) => number): UnaryKernel {
  return (x, y, n) => {
    const values = view();
    const from = index(x);
    const to = index(y);
    for (let i = 0; i < n; i++) values[to + i] = f(values[from + i]!);
  };
}

function binary({ view, index }: Element, f: (a: number, b: number) => number): BinaryKernel {
  return (a, aRow, aCol, b, bRow, bCol, y, yRow, rows, cols) => {
    const values = view();
    for (let r = 0; r < rows; r++) {
      const left = index(a) + r * aRow;
      const right = index(b) + r * bRow;
      const to = index(y) + r * yRow;
      for (let c = 0; c < cols; c++) {
        values[to + c] = f(values[left + c * aCol]!, values[right + c * bCol]!);
      }
    }
  };
}

function where({ view, index }: Element): CommonKernels['where'] {
  return (c, a, b, y, n) => {
    const values = view();
    const condition = index(c);
    const left = index(a);
    const right = index(b);
    const to = index(y);
    for (let i = 0; i < n; i++) {
      values[to + i] = values[condition + i] !== 0 ? values[left + i]! : values[right + i]!;
    }
  };
}

type CommonElementwise = Pick<
  CommonKernels,
  | 'neg'
  | 'abs'
  | 'sign'
  | 'add'
  | 'sub'
  | 'mul'
  | 'maximum'
  | 'minimum'
  | 'equal'
  | 'notEqual'
  | 'less'
  | 'lessEqual'
  | 'where'
>;

/** The elementwise kernels that every dtype has. */
export function commonElementwise(element: Element): CommonElementwise {
  return {
    neg: unary(element, (x) => -x),
    abs: unary(element, Math.abs),
    sign: unary(element, Math.sign),
    add: binary(element, (a, b) => a + b),
    sub: binary(element, (a, b) => a - b),
    mul: binary(element, element.multiply),
    maximum: binary(element, (a, b) => Math.max(a, b)),
    minimum: binary(element, (a, b) => Math.min(a, b)),
    equal: binary(element, (a, b) => (a === b ? 1 : 0)),
    notEqual: binary(element, (a, b) => (a !== b ? 1 : 0)),
    less: binary(element, (a, b) => (a < b ? 1 : 0)),
    lessEqual: binary(element, (a, b) => (a <= b ? 1 : 0)),
    where: where(element),
  };
}

type FloatElementwise = Pick<
  FloatKernels,
  | 'sqrt'
  | 'exp'
  | 'expm1'
  | 'log'
  | 'log1p'
  | 'tanh'
  | 'sigmoid'
  | 'sin'
  | 'cos'
  | 'erf'
  | 'relu'
  | 'div'
  | 'pow'
  | 'tanhGrad'
  | 'sigmoidGrad'
>;

/** The elementwise kernels that only floats have. */
export function floatElementwise(element: FloatElement): FloatElementwise {
  const { round } = element;
  return {
    sqrt: unary(element, Math.sqrt),
    exp: unary(element, element.exp),
    expm1: unary(element, element.expm1),
    log: unary(element, element.log),
    log1p: unary(element, element.log1p),
    tanh: unary(element, element.tanh),
    sigmoid: unary(element, element.sigmoid),
    sin: unary(element, element.sin),
    cos: unary(element, element.cos),
    erf: unary(element, element.erf),
    relu: unary(element, (x) => Math.max(x, 0)),
    div: binary(element, (a, b) => a / b),
    pow: binary(element, element.pow),
    tanhGrad: binary(element, (g, a) => g * round(1 - round(a * a))),
    sigmoidGrad: binary(element, (g, a) => g * round(a * round(1 - a))),
  };
}
