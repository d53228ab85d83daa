/** Which arguments of a kernel are addresses. All memory that it reads or writes begins there. */
import type { FloatKernels } from './contract.ts';

const UNARY = [0, 1];
const BINARY = [0, 3, 6];

/** Positions among the arguments, in the order of `contract.ts`. */
const ADDRESSES: Readonly<Record<keyof FloatKernels, readonly number[]>> = {
  neg: UNARY,
  abs: UNARY,
  sign: UNARY,
  sqrt: UNARY,
  exp: UNARY,
  expm1: UNARY,
  log: UNARY,
  log1p: UNARY,
  tanh: UNARY,
  sigmoid: UNARY,
  sin: UNARY,
  cos: UNARY,
  erf: UNARY,
  relu: UNARY,
  toFloat32: UNARY,
  toFloat64: UNARY,
  toInt32: UNARY,
  add: BINARY,
  sub: BINARY,
  mul: BINARY,
  div: BINARY,
  pow: BINARY,
  maximum: BINARY,
  minimum: BINARY,
  equal: BINARY,
  notEqual: BINARY,
  less: BINARY,
  lessEqual: BINARY,
  tanhGrad: BINARY,
  sigmoidGrad: BINARY,
  where: [0, 1, 2, 3],
  sum: [0, 1],
  max: [0, 1],
  min: [0, 1],
  argmax: [0, 1],
  argsort: [0, 1],
  fill: [0],
  copy: [0, 3],
  gather: [0, 1, 2],
  scatterAdd: [0, 1, 2],
  matmul: [0, 3, 5],
  transpose: [0, 2],
  crossEntropy: [0, 1, 2, 3],
  crossEntropyGrad: [0, 1, 2, 4],
  maxAbs: [0],
  sumSquares: [0],
  clip: [0, 1],
  sgd: [0, 1],
  adagrad: [0, 1, 2],
  adam: [0, 1, 2, 3],
};

/** Positions of the addresses among a kernel's arguments. */
export const addressesOf = (kernel: string): readonly number[] => ADDRESSES[kernel as keyof FloatKernels];
