/** The quantile loss. */
import { ShapeError, type Tensor, tensor, ValueError, where } from '@chronograd/tensor';
import { requireTensor, sameShape, showShape, showValue } from '@chronograd/tensor/engine';
import { requireFloat } from '../internal/require.ts';
import { fitMask, LOSS_OPTIONS, type LossOptions, lossOptions, reduced } from './reduction.ts';
import { requireDtypeOf, requireEqualShapes } from './shapes.ts';

/**
 * The quantile loss, or pinball loss: q·d for d ≥ 0, else (q − 1)·d, where d is target − output.
 * Its minimum is the output that a share q of targets is below. The gradient at d = 0 is 0. With q
 * = 0.5 it is half the absolute error. Koenker and Bassett, 1978.
 * @param output float of any shape, or with several quantiles [..., Q].
 * @param target of the output's dtype and shape, or with several quantiles [...].
 * @param quantiles q, above 0 and below 1: one, or one for each element of the output's last axis.
 * @returns shape [], or that of the output with reduction 'none'. The mean is over quantiles too.
 * @throws ValueError for other quantiles. ShapeError or DtypeError for tensors that do not fit.
 * @example
 * // Outputs [T, B, 3]: the bounds of an 80 % interval, and the median. Targets [T, B].
 * quantileLoss(outputs, targets, [0.1, 0.5, 0.9]);
 */
export function quantileLoss(
  output: Tensor,
  target: Tensor,
  quantiles: number | readonly number[],
  options: LossOptions = {},
): Tensor {
  const op = 'quantileLoss';
  const { reduction, mask } = lossOptions(op, options, LOSS_OPTIONS);
  const single = typeof quantiles === 'number';
  const list: readonly unknown[] = Array.isArray(quantiles) ? quantiles : [quantiles];
  if (list.length === 0 || !list.every(isQuantile)) {
    throw new ValueError(
      `${op}: expected numbers above 0 and below 1 for quantiles, got ${showValue(quantiles)}`,
    );
  }
  if (single) requireEqualShapes(op, ['output', output], ['target', target]);
  else requireColumns(op, output, target, list.length);
  const { dtype, shape } = requireFloat(`${op}: output`, output);
  const differences = (single ? target : target.unsqueeze(-1)).sub(output);
  const counts = mask === undefined ? undefined : fitMask(op, mask, shape);
  const d = counts === undefined ? differences : where(counts, differences, 0);
  const q = single ? quantiles : tensor(quantiles, { dtype });
  const rest = single
    ? 1 - quantiles
    : tensor(
        quantiles.map((each) => 1 - each),
        { dtype },
      );
  return reduced(d.relu().mul(q).add(d.neg().relu().mul(rest)), reduction, counts);
}

const isQuantile = (q: unknown): boolean => typeof q === 'number' && q > 0 && q < 1;

/** @throws unless the output has a column for each quantile of the targets. */
function requireColumns(op: string, output: Tensor, target: Tensor, Q: number): void {
  requireTensor(`${op}: output`, output);
  requireTensor(`${op}: target`, target);
  requireDtypeOf(op, ['output', output], ['target', target]);
  if (sameShape(output.shape, [...target.shape, Q])) return;
  throw new ShapeError(
    `${op}: expected an output [..., ${Q}] for ${Q} quantiles and a target [...], got ${showShape(output.shape)} and ${showShape(target.shape)}`,
  );
}
