/** What losses have in common: reductions and masks. */
import { type Shape, ShapeError, type Tensor, ValueError } from '@chronograd/tensor';
import { describeValue, requireTensor, sameShape, showShape } from '@chronograd/tensor/engine';

/** The mean over all that counts, the sum, or each loss by itself. */
export type Reduction = 'mean' | 'sum' | 'none';

/** Options of every loss. */
export interface LossOptions {
  /**
   * Mean over what counts, sum, or none: then the result has a loss for each row or element, 0
   * where it does not count. Default: 'mean'.
   */
  readonly reduction?: Reduction;
  /**
   * What counts: what is not 0 here, in any dtype. Default: everything. Its shape is that of the
   * leading axes of what it masks: [T, B] for outputs [T, B, F]. The rest adds nothing to value or
   * gradient, whatever stands there, NaN included. Where nothing counts the loss is 0.
   */
  readonly mask?: Tensor;
}

/** @throws ValueError unless the reduction is one of the three. */
export function checkReduction(op: string, reduction: Reduction): void {
  if (reduction === 'mean' || reduction === 'sum' || reduction === 'none') return;
  throw new ValueError(`${op}: expected reduction 'mean', 'sum' or 'none', got ${describeValue(reduction)}`);
}

/** The losses themselves, their sum, or their mean over what counts (0 of nothing). */
export function reduced(losses: Tensor, reduction: Reduction, counts?: Tensor): Tensor {
  if (reduction === 'none') return losses;
  if (reduction === 'sum') return losses.sum();
  if (counts === undefined) return losses.size === 0 ? losses.sum() : losses.mean();
  const counted = counts.cast('int32').sum().maximum(1);
  return losses.sum().div(counted.cast(losses.dtype));
}

/** A mask as 1 and 0 in the shape of what it masks. */
export function fitMask(op: string, mask: Tensor, masked: Shape): Tensor {
  const { rank, shape } = requireTensor(`${op}: mask`, mask);
  if (rank > masked.length || !sameShape(shape, masked.slice(0, rank))) {
    throw new ShapeError(
      `${op}: mask ${showShape(shape)} came for ${showShape(masked)}, that shape or its leading axes were expected`,
    );
  }
  return mask
    .notEqual(0)
    .reshape([...shape, ...new Array<number>(masked.length - rank).fill(1)])
    .expand(masked);
}
