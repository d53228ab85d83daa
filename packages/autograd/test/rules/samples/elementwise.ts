/** Samples of elementwise primitives of one operand. */
import type { Tensor } from '@chronograd/tensor';
import type fc from 'fast-check';
import { elementwise } from '../plain.ts';
import { anyNumber, filled, nonzero, positive, type Row, Sample, shapes } from './sample.ts';

type UnaryName =
  | 'neg'
  | 'abs'
  | 'sign'
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
  | 'relu';

/** A method without parameters, and the same by `Math`. */
export function unary(
  name: keyof Tensor & string,
  call: (x: Tensor) => Tensor,
  formula: (x: number) => number,
  element: fc.Arbitrary<number> = anyNumber,
): Row {
  return shapes
    .chain((shape) => filled(shape, element))
    .map((x) => new Sample(name, [x], call, (a) => elementwise(formula, a)));
}

/** erf x for |x| ≤ 2 by its power series. */
export function series(x: number): number {
  let [sum, term] = [0, x];
  for (let n = 0; n < 60; n++) {
    sum += term / (2 * n + 1);
    term *= -(x * x) / (n + 1);
  }
  return (sum * 2) / Math.sqrt(Math.PI);
}

export const unaryRows: Readonly<Record<UnaryName, Row>> = {
  neg: unary(
    'neg',
    (x) => x.neg(),
    (x) => -x,
  ),
  abs: unary('abs', (x) => x.abs(), Math.abs, nonzero),
  sign: unary('sign', (x) => x.sign(), Math.sign, nonzero),
  sqrt: unary('sqrt', (x) => x.sqrt(), Math.sqrt, positive),
  exp: unary('exp', (x) => x.exp(), Math.exp),
  expm1: unary('expm1', (x) => x.expm1(), Math.expm1),
  log: unary('log', (x) => x.log(), Math.log, positive),
  log1p: unary(
    'log1p',
    (x) => x.log1p(),
    Math.log1p,
    anyNumber.map((x) => x / 4),
  ),
  tanh: unary('tanh', (x) => x.tanh(), Math.tanh),
  sigmoid: unary(
    'sigmoid',
    (x) => x.sigmoid(),
    (x) => 1 / (1 + Math.exp(-x)),
  ),
  sin: unary('sin', (x) => x.sin(), Math.sin),
  cos: unary('cos', (x) => x.cos(), Math.cos),
  erf: unary('erf', (x) => x.erf(), series),
  relu: unary(
    'relu',
    (x) => x.relu(),
    (x) => Math.max(x, 0),
    nonzero,
  ),
};
