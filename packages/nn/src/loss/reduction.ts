/** Reductions and masks of losses. */
import { type Shape, ShapeError, type Tensor } from '@chronograd/tensor';
import {
  checkOptions,
  type OptionKeys,
  requireTensor,
  sameShape,
  showShape,
} from '@chronograd/tensor/engine';
import { requireOneOf } from '../internal/require.ts';

/** The mean over all that count, the sum, or one loss for each row or element. */
export type Reduction = 'mean' | 'sum' | 'none';

/** Options of every loss. */
export interface LossOptions {
  /**
   * With 'none' the result has a loss for each row or element, 0 where the mask is 0.
   * Default: 'mean'.
   */
  readonly reduction?: Reduction;
  /**
   * 0 where nothing counts, in any dtype. Its shape is that of the leading axes of the outputs:
   * [T, B] for outputs [T, B, F]. Masked elements do not affect value or gradient, even if they are
   * NaN. If all are masked, the loss is 0. Default: everything counts.
   */
  readonly mask?: Tensor;
}

const requireReduction = requireOneOf('mean', 'sum', 'none');

/** The options of every loss, for `checkOptions`. */
export const LOSS_OPTIONS: OptionKeys<LossOptions> = { reduction: true, mask: true };

/**
 * Checks the options of a loss. @param keys the names of its options.
 * @returns the reduction and the mask, not a copy of the options: spreads are slow.
 */
export function lossOptions<O extends LossOptions>(
  op: string,
  options: O,
  keys: OptionKeys<O>,
): { readonly reduction: Reduction; readonly mask: Tensor | undefined } {
  checkOptions<O>(op, options, keys);
  const { reduction = 'mean', mask } = options;
  requireReduction(op, 'reduction', reduction);
  return { reduction, mask };
}

/** The losses, their sum, or their mean over those that count (0 if none does). */
export function reduced(losses: Tensor, reduction: Reduction, counts?: Tensor): Tensor {
  if (reduction === 'none') return losses;
  if (reduction === 'sum') return losses.sum();
  if (counts === undefined) return losses.size === 0 ? losses.sum() : losses.mean();
  const counted = counts.cast('int32').sum().maximum(1);
  return losses.sum().div(counted.cast(losses.dtype));
}

/** A mask as 1 and 0, expanded to the shape that it masks. */
export function fitMask(op: string, mask: Tensor, masked: Shape): Tensor {
  const { rank, shape } = requireTensor(`${op}: mask`, mask);
  if (!sameShape(shape, masked.slice(0, rank))) {
    throw new ShapeError(
      `${op}: expected a mask ${showShape(masked)} or with its leading axes, got ${showShape(shape)}`,
    );
  }
  return mask
    .notEqual(0)
    .reshape([...shape, ...new Array<number>(masked.length - rank).fill(1)])
    .expand(masked);
}
