/** Losses of outputs and targets with equal shapes. */
import { type Tensor, where } from '@chronograd/tensor';
import type { OptionKeys } from '@chronograd/tensor/engine';
import { requireFloat } from '../internal/require.ts';
import { fitMask, LOSS_OPTIONS, type LossOptions, lossOptions, reduced } from './reduction.ts';
import { requireBroadcast, requireEqualShapes } from './shapes.ts';

/** Options of `binaryCrossEntropy`. */
export interface BinaryCrossEntropyOptions extends LossOptions {
  /**
   * p: the factor of positive targets' losses, −p·t·log σ(z). Its shape broadcasts to that of the
   * logits. Default: 1.
   */
  readonly posWeight?: Tensor;
}

const BINARY_CROSS_ENTROPY: OptionKeys<BinaryCrossEntropyOptions> = { ...LOSS_OPTIONS, posWeight: true };

/** Mean (or sum, or none) of squared differences; shapes must be equal. */
export function mse(output: Tensor, target: Tensor, options: LossOptions = {}): Tensor {
  const { reduction, mask } = lossOptions('mse', options, LOSS_OPTIONS);
  requireEqualShapes('mse', ['output', output], ['target', target]);
  const differences = output.sub(target);
  if (mask === undefined) return reduced(differences.square(), reduction);
  const counts = fitMask('mse', mask, output.shape);
  return reduced(where(counts, differences, 0).square(), reduction, counts);
}

/**
 * Binary cross-entropy −t·log σ(z) − (1 − t)·log(1 − σ(z)), in natural units. It does not overflow
 * for finite logits and is accurate for large ones. PyTorch's `binary_cross_entropy_with_logits`.
 * @param logits z, float of any shape; not probabilities. @param targets t, of the same shape and
 * dtype, each in 0 … 1.
 */
export function binaryCrossEntropy(
  logits: Tensor,
  targets: Tensor,
  options: BinaryCrossEntropyOptions = {},
): Tensor {
  const op = 'binaryCrossEntropy';
  const { reduction, mask } = lossOptions(op, options, BINARY_CROSS_ENTROPY);
  const { posWeight } = options;
  requireEqualShapes(op, ['logits', logits], ['targets', targets]);
  requireFloat(`${op}: logits`, logits);
  if (posWeight !== undefined) requireBroadcast(op, ['posWeight', posWeight], ["the logits'", logits]);
  if (mask === undefined) return reduced(binaryLosses(logits, targets, posWeight), reduction);
  const counts = fitMask(op, mask, logits.shape);
  // Masked before and after: NaN in masked elements must not reach a factor of their gradient.
  const losses = binaryLosses(where(counts, logits, 0), where(counts, targets, 0), posWeight);
  return reduced(where(counts, losses, 0), reduction, counts);
}

/**
 * log(1 + e^−|z|) + (1 − t)·z for z ≥ 0, and − t·z below: t·softplus(−z) + (1 − t)·softplus(z)
 * without cancellation. With a weight p of positive targets, p·t replaces t: (p·t + 1 −
 * t)·log(1 + e^−|z|) + (1 − t)·z, or − p·t·z.
 */
function binaryLosses(z: Tensor, t: Tensor, posWeight?: Tensor): Tensor {
  const positive = z.greaterEqual(0);
  // |z| with a sign of 1 at 0, where the gradient is σ(0) − t and not 0.
  const size = z.mul(positive.mul(2).sub(1));
  const log = size.neg().exp().log1p();
  if (posWeight === undefined) return log.add(z.mul(positive.sub(t)));
  const yes = t.mul(posWeight);
  const no = t.neg().add(1);
  return log.mul(yes.add(no)).add(z.mul(where(positive, no, yes.neg())));
}
