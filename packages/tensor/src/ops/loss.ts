/** Softmax cross-entropy on integer targets, in one pass. */
import { requireFloat, requireInt32 } from '../dtype.ts';
import { hostCall } from '../effects.ts';
import { ShapeError, showShape } from '../errors.ts';
import { floatKernelsFor } from '../kernels/active.ts';
import { layoutOf, requireTensor, shapeOf, type Tensor } from '../tensor.ts';
import { primitive } from './define.ts';
import { address, output } from './launch.ts';
import { checkInt32, eachValue } from './rows.ts';
import { contiguous } from './views.ts';

/** What kernels get where no target is ignored: no target has this value then. */
export const IGNORE_NOTHING = -1;

const op = 'softmaxCrossEntropy';

const crossEntropy = primitive('crossEntropy', 2, (logits, targets, { ignore }) => {
  const dtype = requireFloat(op, logits._storage.dtype);
  const source = contiguous(logits);
  const which = contiguous(targets);
  const loss = output(op, dtype, shapeOf(targets));
  const probs = output(op, dtype, shapeOf(logits));
  const [rows, v] = shapeOf(logits) as [number, number];
  const kernel = floatKernelsFor(dtype).crossEntropy;
  kernel(address(source), address(which), address(loss), address(probs), rows, v, ignore);
  return [loss, probs];
});

/**
 * Per row of logits, −log softmax(logits)[target], and the probabilities themselves. Neither
 * overflows for finite logits.
 * @param logits shape [N, V], float.
 * @param targets shape [N], int32, each in 0 … V − 1, or equal to `ignore`.
 * @param ignore rows with this target have loss 0 and no gradient. Default: none.
 * @returns losses [N] and probabilities [N, V]; both are differentiable.
 * @throws ShapeError naming the first target that is out of range.
 * @throws ValueError unless `ignore` is a whole number of 32 bits.
 */
export function softmaxCrossEntropy(
  logits: Tensor,
  targets: Tensor,
  ignore?: number,
): readonly [loss: Tensor, probabilities: Tensor] {
  if (ignore !== undefined) requireInt32(op, ignore, 'ignore');
  const shape = shapeOf(requireTensor(op, logits));
  requireTensor(op, targets);
  requireFloat(op, logits._storage.dtype);
  if (shape.length !== 2 || shapeOf(targets).length !== 1 || shape[0] !== targets._size) {
    throw new ShapeError(
      `${op}: expected logits [N, V] and targets [N], got ${showShape(shape)} and ${showShape(shapeOf(targets))}`,
    );
  }
  const classes = shape[1]!;
  if (classes === 0)
    throw new ShapeError(`${op}: expected at least one class, got logits ${showShape(shape)}`);
  checkInt32(op, 'targets', targets);
  hostCall(
    () =>
      eachValue(targets, (target, row) => {
        if ((target < 0 || target >= classes) && target !== ignore) {
          throw new ShapeError(
            `${op}: expected targets from 0 to ${classes - 1}, got ${target} in row ${row}`,
          );
        }
      }),
    [targets._storage],
  );
  return crossEntropy(logits, targets, { ignore: ignore ?? IGNORE_NOTHING });
}

/**
 * The gradient of cross-entropy by its logits: `g · (p − onehot(target))` row by row, 0 in ignored
 * rows.
 * @param g shape [N].
 * @param probabilities shape [N, V].
 * @param targets shape [N], int32, checked before.
 */
export function crossEntropyGrad(g: Tensor, probabilities: Tensor, targets: Tensor, ignore: number): Tensor {
  return gradient(g, probabilities, targets, { ignore });
}

const gradient = primitive('crossEntropyGrad', 3, (g, probabilities, targets, { ignore }) => {
  const dtype = requireFloat('crossEntropyGrad', g._storage.dtype);
  const broadcast = layoutOf(g)?.[0] === 0;
  const upstream = broadcast ? g : contiguous(g);
  const p = contiguous(probabilities);
  const which = contiguous(targets);
  const y = output('crossEntropyGrad', dtype, shapeOf(probabilities));
  const [rows, v] = shapeOf(probabilities) as [number, number];
  const kernel = floatKernelsFor(dtype).crossEntropyGrad;
  const stride = broadcast ? 0 : 1;
  kernel(address(p), address(which), address(upstream), stride, address(y), rows, v, ignore);
  return y;
});
