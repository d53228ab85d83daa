/** All ops that programs use, by family. */
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
export type { Operand } from './launch.ts';
export { linear } from './linear.ts';
export { softmaxCrossEntropy } from './loss.ts';
export { matmul } from './matmul.ts';
export { cast, concat, pad, stack } from './moves.ts';
export { type Axes, argmax, max, min, sum } from './reduce.ts';
export { gather, scatterRows } from './rows.ts';
export { chunk, type Parts, type Range, select, slice, split } from './slice.ts';
export { expand, flip, permute, reshape, squeeze, transpose, unsqueeze } from './views.ts';
export { where } from './where.ts';
