/**
 * The kernels that a fused one can contain, as WebAssembly over vectors. Their order of arithmetic
 * is that of `kernels/`, so the bits are the same. Kernels with long formulas, such as tanh, are
 * not here: their time is arithmetic.
 */

/** An unsigned number in LEB128. */
export const unsigned = (n: number): number[] => (n < 128 ? [n] : [(n & 127) | 128, ...unsigned(n >>> 7)]);

/** An instruction on vectors. */
export const simd = (code: number): number[] => [0xfd, ...unsigned(code)];

/** Code that pushes a vector. */
type Code = readonly number[];
/** Code of a kernel, from those of its inputs. `wide` is whether elements are float64. */
type Formula = (wide: boolean, a: Code, b: Code, c: Code) => number[];

const constant = (bytes: readonly number[]): number[] => [
  ...simd(12),
  ...Array.from({ length: 16 / bytes.length }, () => bytes).flat(),
];
const ZERO = constant([0]);
const one = (wide: boolean): number[] => constant(wide ? [0, 0, 0, 0, 0, 0, 0xf0, 0x3f] : [0, 0, 0x80, 0x3f]);

/** Instructions of f32x4; those of f64x2 are 12 further, or 6 for comparisons. */
const arithmetic = (wide: boolean, code: number): number[] => simd(code + (wide ? 12 : 0));
const comparison = (wide: boolean, code: number): number[] => simd(code + (wide ? 6 : 0));

const unary =
  (code: number): Formula =>
  (wide, a) => [...a, ...arithmetic(wide, code)];
const binary =
  (code: number): Formula =>
  (wide, a, b) => [...a, ...b, ...arithmetic(wide, code)];
/** 1 or 0: the mask of a comparison, and the bits of 1. */
const compare =
  (code: number): Formula =>
  (wide, a, b) => [...a, ...b, ...comparison(wide, code), ...one(wide), ...simd(0x4e)];

const sub = binary(0xe5);
const mul = binary(0xe6);

/** By name in `kernels/contract.ts`. */
export const FORMULAS: Readonly<Record<string, Formula>> = {
  abs: unary(0xe0),
  neg: unary(0xe1),
  sqrt: unary(0xe3),
  add: binary(0xe4),
  sub,
  mul,
  div: binary(0xe7),
  minimum: binary(0xe8),
  maximum: binary(0xe9),
  equal: compare(0x41),
  notEqual: compare(0x42),
  less: compare(0x43),
  lessEqual: compare(0x45),
  // x without its bits where x ≤ 0
  relu: (wide, a) => [...a, ...a, ...ZERO, ...comparison(wide, 0x45), ...simd(0x4f)],
  // b where the condition equals 0, otherwise a
  where: (wide, c, a, b) => [...b, ...a, ...c, ...ZERO, ...comparison(wide, 0x41), ...simd(0x52)],
  // g · (1 − a · a)
  tanhGrad: (wide, g, a) => mul(wide, g, sub(wide, one(wide), mul(wide, a, a, []), []), []),
  // g · (a · (1 − a))
  sigmoidGrad: (wide, g, a) => mul(wide, g, mul(wide, a, sub(wide, one(wide), a, []), []), []),
  copy: (_, a) => [...a],
};
