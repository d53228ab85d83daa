/** All ops, by family. */
export * from './binary.ts';
export * from './compose.ts';
export { alias, broadcastView, contiguous } from './copy.ts';
export * from './elementwise.ts';
export * from './fill.ts';
export { address, atTopLevel, type Operand, output, requireTensor } from './launch.ts';
export { linear } from './linear.ts';
export { crossEntropyGrad, IGNORE_NOTHING, softmaxCrossEntropy } from './loss.ts';
export { matmul, multiply } from './matmul.ts';
export { cast, concat, pad, padBy, stack } from './moves.ts';
export { type Axes, argmax, max, min, sum } from './reduce.ts';
export { addRowsInto, gather, scatterRows } from './rows.ts';
export { chunk, type Parts, type Range, select, slice, sliceBy, split } from './slice.ts';
export {
  type AdamStep,
  adagradUpdate,
  adamUpdate,
  largestMagnitude,
  sgdUpdate,
  sumOfSquares,
} from './update.ts';
export { expand, flip, permute, reshape, squeeze, transpose, unsqueeze } from './views.ts';
export { where } from './where.ts';
