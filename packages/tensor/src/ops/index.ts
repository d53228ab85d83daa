/**
 * Ops that programs use, by family. All are part of every bundle, since they become methods.
 * `einsum` is exported beside them, and only in the bundles that use it.
 */
export * from './along.ts';
export {
  add,
  div,
  equal,
  greater,
  greaterEqual,
  less,
  lessEqual,
  maximum,
  minimum,
  mul,
  notEqual,
  pow,
  sub,
} from './binary.ts';
export * from './compose.ts';
export * from './elementwise.ts';
export * from './fill.ts';
export * from './gates.ts';
export type { Operand } from './launch.ts';
export { linear } from './linear.ts';
export { softmaxCrossEntropy } from './loss.ts';
export { matmul, matvec } from './matmul.ts';
export * from './moments.ts';
export { cast, concat, pad, stack } from './moves.ts';
export { type Axes, argmax, max, min, sum } from './reduce.ts';
export { gather, scatterRows } from './rows.ts';
export {
  chunk,
  type PartOfEach,
  type Parts,
  type Range,
  select,
  slice,
  split,
  unstack,
} from './slice.ts';
export { argsort, type Sorted, sort, topk } from './sort.ts';
export { takeAlong } from './take.ts';
export { expand, flip, permute, reshape, squeeze, transpose, unsqueeze } from './views.ts';
export { where } from './where.ts';
export * from './whole.ts';
