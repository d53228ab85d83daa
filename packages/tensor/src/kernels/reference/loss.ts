/** Softmax cross-entropy on integer targets, and its gradient. */
import type { Heap } from '../../memory/heap.ts';
import type { FloatKernels } from '../contract.ts';
import type { FloatElement } from './element.ts';
import { pairwiseSum } from './pairwise.ts';

function crossEntropy(
  heap: Heap,
  { view, index, round, exp, log }: FloatElement,
): FloatKernels['crossEntropy'] {
  return (logits, targets, loss, probs, rows, v, ignore) => {
    const values = view();
    for (let r = 0; r < rows; r++) {
      const x = index(logits) + r * v;
      const p = index(probs) + r * v;
      const target = heap.int32[(targets >>> 2) + r]!;
      let max = Number.NEGATIVE_INFINITY;
      for (let j = 0; j < v; j++) max = Math.max(max, values[x + j]!);
      for (let j = 0; j < v; j++) values[p + j] = exp(round(values[x + j]! - max));
      const sum = pairwiseSum((j) => values[p + j]!, round, 0, v);
      for (let j = 0; j < v; j++) values[p + j] = values[p + j]! / sum;
      values[index(loss) + r] = target === ignore ? 0 : log(sum) - round(values[x + target]! - max);
    }
  };
}

function crossEntropyGrad(
  heap: Heap,
  { view, index, round }: FloatElement,
): FloatKernels['crossEntropyGrad'] {
  return (probs, targets, g, gRow, y, rows, v, ignore) => {
    const values = view();
    for (let r = 0; r < rows; r++) {
      const p = index(probs) + r * v;
      const to = index(y) + r * v;
      const target = heap.int32[(targets >>> 2) + r]!;
      const scale = values[index(g) + r * gRow]!;
      for (let j = 0; j < v; j++) {
        values[to + j] = target === ignore ? 0 : scale * round(values[p + j]! - (j === target ? 1 : 0));
      }
    }
  };
}

/** The loss kernels of one float dtype. */
export function losses(
  heap: Heap,
  element: FloatElement,
): Pick<FloatKernels, 'crossEntropy' | 'crossEntropyGrad'> {
  return { crossEntropy: crossEntropy(heap, element), crossEntropyGrad: crossEntropyGrad(heap, element) };
}
