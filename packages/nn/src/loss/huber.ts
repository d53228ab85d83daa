/** The Huber loss. */
import { type Tensor, where } from '@chronograd/tensor';
import type { OptionKeys } from '@chronograd/tensor/engine';
import { requireAboveZero, requireFloat } from '../internal/require.ts';
import { fitMask, LOSS_OPTIONS, type LossOptions, lossOptions, reduced } from './reduction.ts';
import { requireEqualShapes } from './shapes.ts';

/** Options of `huber`. */
export interface HuberOptions extends LossOptions {
  /** δ: differences up to δ are squared, larger ones count in proportion. Default: 1. */
  readonly delta?: number;
}

const HUBER: OptionKeys<HuberOptions> = { ...LOSS_OPTIONS, delta: true };

/**
 * The Huber loss, for targets with outliers: d²/2 for |d| ≤ δ, else δ·(|d| − δ/2), where d is
 * output − target. The gradient is d limited to ±δ. At d = ±∞ the loss is ∞ and the gradient ±δ.
 * Huber, 1964; PyTorch's `huber_loss`. With δ = 1 it is also PyTorch's `smooth_l1_loss`.
 * @param output float of any shape. @param target of the same shape and dtype.
 * @returns shape [], or that of the output with reduction 'none'.
 * @throws ValueError unless δ is above 0. ShapeError or DtypeError for tensors that do not fit.
 */
export function huber(output: Tensor, target: Tensor, options: HuberOptions = {}): Tensor {
  const op = 'huber';
  const { reduction, mask } = lossOptions(op, options, HUBER);
  const { delta = 1 } = options;
  requireAboveZero(op, 'delta', delta);
  requireEqualShapes(op, ['output', output], ['target', target]);
  requireFloat(`${op}: output`, output);
  const counts = mask === undefined ? undefined : fitMask(op, mask, output.shape);
  const differences = output.sub(target);
  const d = counts === undefined ? differences : where(counts, differences, 0);
  // c·(d − c/2) with c = d limited to ±δ: both branches, and no product of 0 and ∞ in the gradient.
  const limited = d.clamp(-delta, delta);
  return reduced(limited.mul(d.sub(limited.div(2))), reduction, counts);
}
