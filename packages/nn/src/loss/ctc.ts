/** Connectionist temporal classification. */
import { customGradient } from '@chronograd/autograd';
import { DtypeError, oneHot, ShapeError, stack, Tensor, tensor, ValueError, where } from '@chronograd/tensor';
import {
  checkOptions,
  hostCall,
  type OptionKeys,
  requireTensor,
  sameShape,
  shapeOf,
  showShape,
} from '@chronograd/tensor/engine';
import { requireBoolean, requireFloat, requireLengths, requireSize } from '../internal/require.ts';
import { backwardLogs, forwardLogs, type Lattice, latticeOf, logProbability, NEVER } from './ctc-lattice.ts';
import { lossOptions, type Reduction } from './reduction.ts';

/** Options of `ctcLoss`. */
export interface CTCLossOptions {
  /** The number of steps of each sequence, 1 … T: B numbers, or int32 [B]. Default: T. */
  readonly inputLengths?: readonly number[] | Tensor;
  /** The number of labels of each sequence, 0 … L: B numbers, or int32 [B]. Default: L. */
  readonly targetLengths?: readonly number[] | Tensor;
  /** The class that means no label. Default: 0. */
  readonly blank?: number;
  /**
   * 'mean' divides each loss by its number of labels (at least 1), and is the mean of the batch.
   * With 'none' the result is [B]. Default: 'mean'.
   */
  readonly reduction?: Reduction;
  /**
   * Whether a sequence with fewer steps than its labels need has loss 0 and no gradient. Default:
   * false. Its loss is then Infinity, and its gradient NaN.
   */
  readonly zeroInfinity?: boolean;
}

const OPTIONS: OptionKeys<CTCLossOptions> = {
  inputLengths: true,
  targetLengths: true,
  blank: true,
  reduction: true,
  zeroInfinity: true,
};

/**
 * Connectionist temporal classification: −log of the probability that T steps, without repetitions
 * and blanks, spell the labels. Graves and others, 2006. PyTorch's `ctc_loss`, except that it takes
 * logits, as `crossEntropy` does: do not apply `logSoftmax` before.
 * @param logits float [T, B, V].
 * @param targets int32 [B, L]: classes 0 … V − 1 but the blank. Values after a sequence's
 * `targetLengths` are not used.
 * @returns shape [], or [B] with reduction 'none'.
 * @throws ShapeError, DtypeError or ValueError for arguments that do not fit.
 * @example
 * const { outputs } = recurrent.forward(inputs, undefined, { lengths });
 * ctcLoss(decoder.forward(outputs), labels, { inputLengths: lengths, targetLengths });
 */
export function ctcLoss(logits: Tensor, targets: Tensor, options: CTCLossOptions = {}): Tensor {
  const op = 'ctcLoss';
  checkOptions(op, options, OPTIONS);
  const { blank = 0, zeroInfinity = false } = options;
  const { reduction } = lossOptions(op, { reduction: options.reduction ?? 'mean' }, { reduction: true });
  requireSize(op, 'blank', blank);
  requireBoolean(op, 'zeroInfinity', zeroInfinity);
  const shape = shapeOf(requireFloat(`${op}: logits`, logits));
  const [T, B, V] = shape as [number, number, number];
  const given = shapeOf(requireTensor(`${op}: targets`, targets));
  if (shape.length !== 3 || T === 0 || given.length !== 2 || given[0] !== B) {
    throw new ShapeError(
      `${op}: expected logits [T, B, V] with T ≥ 1 and targets [B, L], got ${showShape(shape)} and ${showShape(given)}`,
    );
  }
  if (targets.dtype !== 'int32')
    throw new DtypeError(`${op}: expected int32 targets, got ${targets.dtype}; cast them: x.cast('int32')`);
  if (blank >= V) throw new ValueError(`${op}: expected a blank from 0 to ${V - 1}, got ${blank}`);
  const steps = lengthsOf('inputLengths', options.inputLengths, [1, T], B);
  const labels = lengthsOf('targetLengths', options.targetLengths, [0, given[1]!], B);
  checkLabels(targets, labels, blank, V);
  const losses = lossesOf(latticeOf(targets, labels, steps, blank), zeroInfinity)(logits);
  if (reduction === 'none') return losses;
  if (reduction === 'sum') return losses.sum();
  const counts = labels?.squeeze(1).maximum(1).cast(losses.dtype) ?? Math.max(given[1]!, 1);
  return losses.div(counts).sum().div(Math.max(B, 1));
}

/** Lengths as int32 [B, 1], or null for the default. */
function lengthsOf(
  name: string,
  lengths: readonly number[] | Tensor | undefined,
  range: readonly [number, number],
  batch: number,
): Tensor | null {
  if (lengths === undefined) return null;
  const check = (values: readonly number[]): number[] =>
    requireLengths('ctcLoss', name, values, range, batch);
  if (!(lengths instanceof Tensor)) return tensor(check(lengths), { dtype: 'int32' }).reshape([batch, 1]);
  if (lengths.dtype !== 'int32' || !sameShape(shapeOf(lengths), [batch])) {
    throw new ShapeError(
      `ctcLoss: expected int32 [${batch}] for ${name}, got ${lengths.dtype} ${showShape(lengths.shape)}`,
    );
  }
  hostCall(() => void check([...lengths.toTypedArray()]), [lengths.storage]);
  return lengths.reshape([batch, 1]);
}

/** @throws ValueError for a label that is no class, or the blank. */
function checkLabels(targets: Tensor, lengths: Tensor | null, blank: number, classes: number): void {
  const [, L] = targets.shape as [number, number];
  const check = (): void => {
    const counts = lengths?.toTypedArray();
    for (const [at, label] of targets.toTypedArray().entries()) {
      const row = Math.floor(at / L);
      if (counts !== undefined && at - row * L >= counts[row]!) continue;
      if (label >= 0 && label < classes && label !== blank) continue;
      throw new ValueError(
        `ctcLoss: expected targets from 0 to ${classes - 1} other than the blank ${blank}, got ${label} at [${row}, ${at - row * L}]`,
      );
    }
  };
  hostCall(check, lengths === null ? [targets.storage] : [targets.storage, lengths.storage]);
}

/** The losses [B] of logits [T, B, V], with their gradient by the forward–backward algorithm. */
function lossesOf(lattice: Lattice, zeroInfinity: boolean): (logits: Tensor) => Tensor {
  const { classes, steps } = lattice;
  const emissionsOf = (logs: Tensor): Tensor[] => logs.takeAlong(classes.unsqueeze(0), -1).unstack();
  const isPossible = (logs: Tensor): Tensor => logs.greater(NEVER / 2);
  return customGradient(
    (logits) => {
      const alpha = forwardLogs(lattice, emissionsOf(logits.logSoftmax()));
      const total = logProbability(lattice, alpha.at(-1)!);
      return where(isPossible(total), total.neg(), zeroInfinity ? 0 : Number.POSITIVE_INFINITY);
    },
    // softmax − the expected share of each class among all alignments, at each step.
    (g, _, logits) => {
      const logs = logits.logSoftmax();
      const emissions = emissionsOf(logs);
      const alpha = forwardLogs(lattice, emissions);
      const beta = backwardLogs(lattice, emissions);
      const total = logProbability(lattice, alpha.at(-1)!);
      const possible = isPossible(total);
      const both = stack(alpha.map((each, t) => each.add(beta[t]!)));
      const occupancy = both.sub(where(possible, total, 0).unsqueeze(1)).exp();
      const [T, , V] = logits.shape as [number, number, number];
      const states = oneHot(classes, V, logits.dtype as 'float32');
      const shares = occupancy.transpose(0, 1).matmul(states).transpose(0, 1);
      const factor = where(possible, g, zeroInfinity ? 0 : Number.NaN).unsqueeze(1);
      const gradient = logs.exp().sub(shares).mul(factor);
      if (steps === null) return [gradient];
      const real = stack(Array.from({ length: T }, (_, t) => steps.greater(t)));
      return [where(real, gradient, 0)];
    },
    'ctcLoss',
  );
}
