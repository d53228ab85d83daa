/** Losses. */
import {
  DtypeError,
  isFloat,
  ShapeError,
  softmaxCrossEntropy,
  type Tensor,
  ValueError,
  where,
} from '@chronograd/tensor';
import {
  checkOptions,
  inNameOf,
  type OptionKeys,
  requireTensor,
  sameShape,
  showShape,
  showValue,
} from '@chronograd/tensor/engine';

/** The mean over all that counts, or the sum. */
export type Reduction = 'mean' | 'sum';

/** What every loss can be told. */
export interface LossOptions {
  /** Mean over what counts, unless named. */
  readonly reduction?: Reduction;
  /**
   * What counts: everything, unless given; else what is not 0 here, in any dtype. Its shape is that of the leading axes of what it masks: [T, B] for
   * outputs [T, B, F]. The rest adds nothing to value or gradient, whatever stands there, NaN included. Where nothing counts the loss is 0.
   */
  readonly mask?: Tensor;
}

/** What `crossEntropy` can be told. */
export interface CrossEntropyOptions extends LossOptions {
  /** Targets of this value count for nothing: no loss, no gradient. PyTorch's −100 unless named. */
  readonly ignoreIndex?: number;
}

const LOSS: OptionKeys<LossOptions> = { reduction: true, mask: true };
const CROSS_ENTROPY: OptionKeys<CrossEntropyOptions> = { ...LOSS, ignoreIndex: true };

/**
 * Softmax cross-entropy −log softmax(logits)[target], in natural units (divide by log 2 for bits). No overflow for any finite logits.
 * @param logits shape [..., V]. @param targets int32 of shape [...], each in 0 … V − 1, or anything where the mask is 0; a mask has their leading axes.
 * @returns shape []; 0 where all targets are ignored.
 */
export function crossEntropy(logits: Tensor, targets: Tensor, options: CrossEntropyOptions = {}): Tensor {
  checkOptions('crossEntropy', options, CROSS_ENTROPY);
  const { reduction = 'mean', ignoreIndex = -100, mask } = options;
  checkReduction('crossEntropy', reduction);
  requireTensor('crossEntropy: logits', logits);
  requireTensor('crossEntropy: targets', targets);
  if (logits.rank === 0 || !sameShape(logits.shape.slice(0, -1), targets.shape)) {
    throw new ShapeError(
      `crossEntropy: logits ${showShape(logits.shape)} and targets ${showShape(targets.shape)} came, [..., V] and [...] were expected`,
    );
  }
  const counts = mask && fitMask('crossEntropy', mask, targets);
  const counted = counts === undefined ? targets : where(counts, targets, ignoreIndex);
  // Derivatives of ignored rows are 0 whatever stands there: the op sees to that.
  const [losses] = inNameOf('crossEntropy', () =>
    softmaxCrossEntropy(
      logits.reshape([counted.size, logits.shape.at(-1)!]),
      counted.reshape([counted.size]),
      ignoreIndex,
    ),
  );
  if (reduction === 'sum') return losses.sum();
  // Counted by ops, not by looking: a plan could not repeat that.
  return losses.sum().div(counted.notEqual(ignoreIndex).sum().maximum(1).cast(losses.dtype));
}

/** Mean (or sum) of squared differences; shapes must be equal. */
export function mse(output: Tensor, target: Tensor, options: LossOptions = {}): Tensor {
  checkOptions('mse', options, LOSS);
  const { reduction = 'mean', mask } = options;
  checkReduction('mse', reduction);
  requireEqualShapes('mse', 'output', output, target);
  const differences = output.sub(target);
  if (mask === undefined) return reduced(differences.square(), reduction);
  const counts = fitMask('mse', mask, output);
  return reduced(where(counts, differences, 0).square(), reduction, counts);
}

/**
 * Binary cross-entropy of independent yes-or-no questions, −t·log σ(z) − (1 − t)·log(1 − σ(z)), in natural units. No overflow for any finite logits,
 * and exact to the last digits for very sure answers too. PyTorch's `binary_cross_entropy_with_logits`.
 * @param logits z, float of any shape; not probabilities. @param targets t, of the same shape and dtype, each in 0 … 1.
 */
export function binaryCrossEntropy(logits: Tensor, targets: Tensor, options: LossOptions = {}): Tensor {
  const op = 'binaryCrossEntropy';
  checkOptions(op, options, LOSS);
  const { reduction = 'mean', mask } = options;
  checkReduction(op, reduction);
  requireEqualShapes(op, 'logits', logits, targets);
  if (!isFloat(logits.dtype))
    throw new DtypeError(`${op}: logits of ${logits.dtype} came, a float was expected: x.cast('float32')`);
  if (mask === undefined) return reduced(binaryLosses(logits, targets), reduction);
  const counts = fitMask(op, mask, logits);
  // Before and after: NaN in what does not count must not reach what its gradient is multiplied by.
  const losses = binaryLosses(where(counts, logits, 0), where(counts, targets, 0));
  return reduced(where(counts, losses, 0), reduction, counts);
}

/** log(1 + e^−|z|) + (1 − t)·z for z ≥ 0, and − t·z below: t·softplus(−z) + (1 − t)·softplus(z) without cancellation. */
function binaryLosses(z: Tensor, t: Tensor): Tensor {
  const positive = z.greaterEqual(0);
  // |z| by a sign that is 1 at 0, where the gradient is σ(0) − t and not 0.
  const size = z.mul(positive.mul(2).sub(1));
  return size
    .neg()
    .exp()
    .log1p()
    .add(z.mul(positive.sub(t)));
}

/** The mean over what counts (0 of nothing), or the sum. */
function reduced(losses: Tensor, reduction: Reduction, counts?: Tensor): Tensor {
  if (reduction === 'sum') return losses.sum();
  if (counts === undefined) return losses.mean();
  const counted = counts.cast('int32').sum().maximum(1);
  return losses.sum().div(counted.cast(losses.dtype));
}

/** A mask as 1 and 0 in the shape of what it masks. */
function fitMask(op: string, mask: Tensor, x: Tensor): Tensor {
  const { rank, shape } = requireTensor(`${op}: mask`, mask);
  if (rank > x.rank || !sameShape(shape, x.shape.slice(0, rank))) {
    throw new ShapeError(
      `${op}: mask ${showShape(shape)} came for ${showShape(x.shape)}, that shape or its leading axes were expected`,
    );
  }
  return mask
    .notEqual(0)
    .reshape([...shape, ...new Array<number>(x.rank - rank).fill(1)])
    .expand(x.shape);
}

function requireEqualShapes(op: string, what: string, x: Tensor, target: Tensor): void {
  requireTensor(`${op}: ${what}`, x);
  requireTensor(`${op}: ${what === 'logits' ? 'targets' : 'target'}`, target);
  if (x.dtype !== target.dtype) {
    throw new DtypeError(
      `${op}: ${what} of ${x.dtype} and ${what === 'logits' ? 'targets' : 'target'} of ${target.dtype} came, one dtype was expected; cast one: x.cast('${x.dtype}')`,
    );
  }
  if (sameShape(x.shape, target.shape)) return;
  throw new ShapeError(
    `${op}: ${what} ${showShape(x.shape)} and ${what === 'logits' ? 'targets' : 'target'} ${showShape(target.shape)} came, equal shapes were expected`,
  );
}

function checkReduction(op: string, reduction: Reduction): void {
  if (reduction === 'mean' || reduction === 'sum') return;
  throw new ValueError(`${op}: reduction ${showValue(reduction)} came, "mean" or "sum" was expected`);
}
