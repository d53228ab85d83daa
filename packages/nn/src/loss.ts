/** Losses. */
import {
  ShapeError,
  sameShape,
  showShape,
  softmaxCrossEntropy,
  type Tensor,
  ValueError,
} from '@chronograd/tensor';

/** The mean over all that counts, or the sum. */
export type Reduction = 'mean' | 'sum';

export interface CrossEntropyOptions {
  /** Mean over the targets that are not ignored, unless named. */
  readonly reduction?: Reduction;
  /** Targets of this value count for nothing: no loss, no gradient. PyTorch's −100 unless named. */
  readonly ignoreIndex?: number;
}

/**
 * Softmax cross-entropy −log softmax(logits)[target], in natural units (divide by log 2 for bits). No overflow for any finite logits.
 * @param logits shape [..., V]. @param targets int32 of shape [...], each in 0 … V − 1. @returns shape []; 0 where all targets are ignored.
 */
export function crossEntropy(
  logits: Tensor,
  targets: Tensor,
  { reduction = 'mean', ignoreIndex = -100 }: CrossEntropyOptions = {},
): Tensor {
  checkReduction('crossEntropy', reduction);
  if (logits.rank === 0 || !sameShape(logits.shape.slice(0, -1), targets.shape)) {
    throw new ShapeError(
      `crossEntropy: logits ${showShape(logits.shape)} and targets ${showShape(targets.shape)} came, [..., V] and [...] were expected`,
    );
  }
  const [losses] = softmaxCrossEntropy(
    logits.reshape([targets.size, logits.shape.at(-1)!]),
    targets.reshape([targets.size]),
    ignoreIndex,
  );
  if (reduction === 'sum') return losses.sum();
  // Counted by ops, not by looking: a plan could not repeat that.
  return losses.sum().div(targets.notEqual(ignoreIndex).sum().maximum(1).cast(losses.dtype));
}

/** Mean (or sum) of squared differences; shapes must be equal. */
export function mse(
  output: Tensor,
  target: Tensor,
  { reduction = 'mean' }: { readonly reduction?: Reduction } = {},
): Tensor {
  checkReduction('mse', reduction);
  if (!sameShape(output.shape, target.shape)) {
    throw new ShapeError(
      `mse: output ${showShape(output.shape)} and target ${showShape(target.shape)} came, equal shapes were expected`,
    );
  }
  const squares = output.sub(target).square();
  return reduction === 'mean' ? squares.mean() : squares.sum();
}

function checkReduction(op: string, reduction: Reduction): void {
  if (reduction === 'mean' || reduction === 'sum') return;
  throw new ValueError(`${op}: reduction ${JSON.stringify(reduction)} came, "mean" or "sum" was expected`);
}
