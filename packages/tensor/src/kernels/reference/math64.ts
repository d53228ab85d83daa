/**
 * Float64 elementary functions, the same bits on every engine: engines differ on `Math.exp` and its
 * sisters, so none is used, only sums, products, quotients and bit tricks, nothing fused, no
 * tables of values. Within 1 ulp of the exact value. The polynomials are near-minimax fits computed
 * with 50 digits; the comment beside each states its own error.
 */
export { cosTurn } from './cos64.ts';
export { erf64 } from './erf64.ts';
export { exp64, expm1_64, sigmoid64, tanh64 } from './exp64.ts';
export { log1p64, log64, pow64 } from './log64.ts';
export { cos64, sin64 } from './sin64.ts';
