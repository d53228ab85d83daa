/** Softmax cross-entropy, of class indices or of probabilities. */
import {
  DtypeError,
  full,
  isFloat,
  logSoftmax,
  ShapeError,
  softmaxCrossEntropy,
  type Tensor,
  ValueError,
  where,
} from '@chronograd/tensor';
import {
  inNameOf,
  type OptionKeys,
  requireInt32,
  requireTensor,
  sameShape,
  shapeOf,
  showShape,
} from '@chronograd/tensor/engine';
import { requireProbability } from '../internal/require.ts';
import {
  fitMask,
  LOSS_OPTIONS,
  type LossOptions,
  lossOptions,
  type Reduction,
  reduced,
} from './reduction.ts';

/** Options of `crossEntropy`. */
export interface CrossEntropyOptions extends LossOptions {
  /** Targets of this value are ignored: no loss, no gradient. Default: −100. */
  readonly ignoreIndex?: number;
  /** w: the factor of each class's loss. Shape [V], in the logits' dtype. Default: 1. */
  readonly weight?: Tensor;
  /** ε from 0 to 1: targets become (1 − ε)·target + ε/V. Szegedy and others, 2016. Default: 0. */
  readonly labelSmoothing?: number;
}

const OPTIONS: OptionKeys<CrossEntropyOptions> = {
  ...LOSS_OPTIONS,
  ignoreIndex: true,
  weight: true,
  labelSmoothing: true,
};

/** The options with their defaults. */
interface Complete {
  readonly reduction: Reduction;
  readonly mask: Tensor | undefined;
  readonly ignoreIndex: number;
  readonly weight: Tensor | undefined;
  readonly labelSmoothing: number;
}

/**
 * Softmax cross-entropy −log softmax(logits)[target], or −Σ target·log softmax(logits), in natural
 * units (divide by log 2 for bits). It does not overflow for finite logits. PyTorch's
 * `cross_entropy`, except that the classes are the last axis, and that a mean over nothing is 0
 * (PyTorch: NaN). With class weights the mean for class indices divides by Σ w[target], the mean
 * for probabilities by the number of rows.
 * @param logits shape [..., V].
 * @param targets int32 class indices [...], each in 0 … V − 1, or anything where the mask is 0. Or
 * probabilities [..., V] in the logits' dtype, which may carry gradients. A mask has the leading
 * axes of [...].
 * @returns shape [], or [...] with reduction 'none'.
 * @throws ShapeError, DtypeError or ValueError for arguments that do not fit.
 */
export function crossEntropy(logits: Tensor, targets: Tensor, options: CrossEntropyOptions = {}): Tensor {
  const op = 'crossEntropy';
  const { reduction, mask } = lossOptions(op, options, OPTIONS);
  const { ignoreIndex = -100, labelSmoothing = 0, weight } = options;
  requireInt32(op, ignoreIndex, 'ignoreIndex');
  requireTensor(`${op}: logits`, logits);
  requireTensor(`${op}: targets`, targets);
  requireProbability(op, 'labelSmoothing', labelSmoothing);
  if (weight !== undefined) requireClassWeights(op, weight, logits);
  const complete = { reduction, mask, ignoreIndex, weight, labelSmoothing };
  return isFloat(targets.dtype) && logits.rank > 0 && sameShape(shapeOf(targets), shapeOf(logits))
    ? ofProbabilities(op, logits, targets, complete)
    : ofIndices(op, logits, targets, complete);
}

/** −(1 − ε)·w[t]·log p[t] − ε/V·Σ w·log p, for rows whose target t is not ignored. */
function ofIndices(op: string, logits: Tensor, targets: Tensor, options: Complete): Tensor {
  const { reduction, ignoreIndex, labelSmoothing, weight, mask } = options;
  const shape = shapeOf(logits);
  const classes = shape.at(-1);
  if (classes === undefined || !sameShape(shape.slice(0, -1), shapeOf(targets))) {
    throw new ShapeError(
      `${op}: expected logits [..., V] and targets [...] or [..., V], got ${showShape(shape)} and ${showShape(targets.shape)}; the classes V are the last axis`,
    );
  }
  const counts = mask === undefined ? undefined : fitMask(op, mask, shapeOf(targets));
  const counted = (counts === undefined ? targets : where(counts, targets, ignoreIndex)).reshape([-1]);
  const rows = logits.reshape([counted.size, classes]);
  // The op makes the derivatives of ignored rows 0, whatever their values.
  let [losses] = inNameOf(op, () => softmaxCrossEntropy(rows, counted, ignoreIndex));
  let weights: Tensor | null = null;
  if (weight !== undefined) {
    // The targets of ignored rows may be out of range: they use class 0 with weight 0.
    const ignored = counted.equal(ignoreIndex);
    weights = where(ignored, 0, weight.gather(where(ignored, 0, counted)));
    losses = losses.mul(weights);
  }
  if (labelSmoothing > 0) {
    const kept = counted.notEqual(ignoreIndex);
    const all = expectation(where(kept.unsqueeze(1), rows, 0), evenly(rows, labelSmoothing, weight));
    losses = losses.mul(1 - labelSmoothing).add(where(kept, all, 0));
  }
  if (reduction === 'none') return losses.reshape(targets.shape);
  if (reduction === 'sum') return losses.sum();
  // Counted by ops, since a plan cannot repeat a read of the values.
  if (weights === null)
    return losses.sum().div(counted.notEqual(ignoreIndex).sum().maximum(1).cast(losses.dtype));
  const total = weights.sum();
  return losses.sum().div(where(total.equal(0), 1, total));
}

/** −Σ w·((1 − ε)·t + ε/V)·log p, for rows that count. */
function ofProbabilities(op: string, logits: Tensor, targets: Tensor, options: Complete): Tensor {
  const { reduction, ignoreIndex, labelSmoothing, weight, mask } = options;
  if (ignoreIndex >= 0) {
    throw new ValueError(
      `${op}: expected no ignoreIndex beside targets that are probabilities, got ${ignoreIndex}; use mask`,
    );
  }
  if (targets.dtype !== logits.dtype) {
    throw new DtypeError(
      `${op}: expected logits and probabilities of one float dtype, got ${logits.dtype} and ${targets.dtype}; cast one`,
    );
  }
  const counts = mask === undefined ? undefined : fitMask(op, mask, logits.shape.slice(0, -1));
  const keep = (x: Tensor): Tensor => (counts === undefined ? x : where(counts.unsqueeze(-1), x, 0));
  let shares = keep(targets);
  if (weight !== undefined) shares = shares.mul(weight);
  if (labelSmoothing > 0) shares = shares.mul(1 - labelSmoothing).add(evenly(logits, labelSmoothing, weight));
  const losses = expectation(keep(logits), shares);
  return reduced(counts === undefined ? losses : where(counts, losses, 0), reduction, counts);
}

/** ε/V·w for each class: one number without w. */
function evenly({ dtype, shape }: Tensor, smoothing: number, weight?: Tensor): Tensor {
  const classes = shape.at(-1)!;
  return weight?.mul(smoothing / classes) ?? full([], smoothing / classes, { dtype });
}

/** −Σ q·log softmax(logits) over the last axis; 0·log 0 is 0, so that a logit may be −∞. */
function expectation(logits: Tensor, q: Tensor): Tensor {
  const logs = logSoftmax(logits);
  const none = q.equal(0).mul(logs.equal(Number.NEGATIVE_INFINITY));
  return where(none, 0, logs).mul(q).sum(-1).neg();
}

function requireClassWeights(op: string, weight: Tensor, { dtype, shape }: Tensor): void {
  requireTensor(`${op}: weight`, weight);
  if (weight.dtype !== dtype)
    throw new DtypeError(`${op}: expected a weight of ${dtype}, got ${weight.dtype}; cast it first`);
  if (weight.rank === 1 && weight.size === shape.at(-1)) return;
  throw new ShapeError(
    `${op}: expected a weight [V] for logits ${showShape(shape)}, got ${showShape(weight.shape)}`,
  );
}
