/** The negative log-likelihood of a normal distribution. */
import { type Tensor, ValueError, where } from '@chronograd/tensor';
import type { OptionKeys } from '@chronograd/tensor/engine';
import { requireAboveZero, requireBoolean, requireFloat } from '../internal/require.ts';
import { fitMask, LOSS_OPTIONS, type LossOptions, lossOptions, reduced } from './reduction.ts';
import { requireBroadcast, requireEqualShapes } from './shapes.ts';

interface GaussianOptions extends LossOptions {
  /** The smallest variance: smaller ones count as ε. Their gradient is that at ε. Default: 1e-6. */
  readonly eps?: number;
  /** Whether the loss includes the constant ½·log 2π. Default: false. */
  readonly full?: boolean;
}

/** Options of `gaussianNLL`: `logVariance` or `variance`, and more. */
export type GaussianNLLOptions = GaussianOptions &
  (
    | {
        /**
         * log σ². Any number is valid, so a linear layer can predict it. It broadcasts to the
         * mean's shape: [..., 1] is one for all features.
         */
        readonly logVariance: Tensor;
        readonly variance?: undefined;
      }
    | {
        /** σ², from 0 on. It broadcasts to the mean's shape. A negative one gives NaN. */
        readonly variance: Tensor;
        readonly logVariance?: undefined;
      }
  );

/** All options in one object. */
interface AnyOptions extends GaussianOptions {
  readonly variance?: Tensor;
  readonly logVariance?: Tensor;
}

const GAUSSIAN: OptionKeys<AnyOptions> = {
  ...LOSS_OPTIONS,
  logVariance: true,
  variance: true,
  eps: true,
  full: true,
};

/**
 * The negative log-likelihood of a target under a normal distribution: ½·(log σ² + (target −
 * mean)²/σ²). A network that predicts mean and log σ² learns how far to trust itself: 95 % of
 * targets are within mean ± 1.96·σ. Nix and Weigend, 1994; PyTorch's `gaussian_nll_loss`, which
 * takes σ² only, and throws if it is negative.
 * @param mean float of any shape. @param target of the same shape and dtype.
 * @returns shape [], or that of the mean with reduction 'none'.
 * @throws ValueError unless there is either `logVariance` or `variance`, and ε is above 0.
 * @throws ShapeError or DtypeError for tensors that do not fit.
 * @example
 * const [mean, logVariance] = decoder.forward(outputs).chunk(2, -1);
 * gaussianNLL(mean, target, { logVariance });
 */
export function gaussianNLL(mean: Tensor, target: Tensor, options: GaussianNLLOptions): Tensor {
  const op = 'gaussianNLL';
  const given: AnyOptions = options ?? {};
  const { reduction, mask } = lossOptions(op, given, GAUSSIAN);
  const { eps = 1e-6, full = false, logVariance, variance } = given;
  requireAboveZero(op, 'eps', eps);
  requireBoolean(op, 'full', full);
  requireEqualShapes(op, ['mean', mean], ['target', target]);
  requireFloat(`${op}: mean`, mean);
  const spread = variance ?? logVariance;
  if (spread === undefined || (variance !== undefined && logVariance !== undefined)) {
    throw new ValueError(
      `${op}: expected logVariance or variance, got ${spread === undefined ? 'neither' : 'both'}; a network's output can be any number: pass it as { logVariance }`,
    );
  }
  const name = variance === undefined ? 'logVariance' : 'variance';
  requireBroadcast(op, [name, spread], ["the mean's", mean]);
  const counts = mask === undefined ? undefined : fitMask(op, mask, mean.shape);
  // Masked before: NaN in masked elements must not reach a factor of their gradient.
  const keep = (x: Tensor, other: number): Tensor => (counts === undefined ? x : where(counts, x, other));
  const squares = keep(target.sub(mean), 0).square();
  const losses =
    variance === undefined
      ? ofLogVariance(squares, keep(spread, 0), Math.log(eps))
      : ofVariance(squares, keep(spread, 1), eps);
  const shifted = full ? losses.add(0.5 * Math.log(2 * Math.PI)) : losses;
  return reduced(counts === undefined ? shifted : where(counts, shifted, 0), reduction, counts);
}

/** ½·(s + d²·e^−s), with log ε for a smaller s. */
function ofLogVariance(squares: Tensor, s: Tensor, low: number): Tensor {
  const raised = raise(s, s.less(low), low);
  return raised.add(squares.mul(raised.neg().exp())).div(2);
}

/** ½·(log v + d²/v), with ε for a smaller v. */
function ofVariance(squares: Tensor, v: Tensor, eps: number): Tensor {
  const raised = raise(v, v.less(eps).mul(v.greaterEqual(0)), eps);
  return raised.log().add(squares.div(raised)).div(2);
}

/**
 * `low` where `isLow`, with the gradient of x, so that a variance which became too small can grow
 * again. PyTorch does the same.
 */
const raise = (x: Tensor, isLow: Tensor, low: number): Tensor => where(isLow, x.sub(x.detach()).add(low), x);
