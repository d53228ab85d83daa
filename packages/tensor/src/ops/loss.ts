/** Softmax cross-entropy on integer targets, in one pass. */

import { requireFloat, requireInt32 } from '../dtype.ts';
import { hostCall } from '../effects.ts';
import { DtypeError, ShapeError, showShape } from '../errors.ts';
import { floatKernelsFor } from '../kernels/active.ts';
import { elementsOf } from '../memory/storage.ts';
import { record } from '../recorder.ts';
import { runtime } from '../runtime.ts';
import { layoutOf, shapeOf, type Tensor } from '../tensor.ts';
import { contiguous } from './copy.ts';
import { address, allAtTopLevel, atTopLevel, output, requireTensor } from './launch.ts';

/** What kernels get where nothing is ignored: no target has this value then. */
export const IGNORE_NOTHING = -1;

/**
 * Per row of logits, −log softmax(logits)[target], and the probabilities themselves. Neither overflows for any finite logits.
 * @param logits shape [N, V], float. @param targets shape [N], int32, each in 0 … V − 1, or equal to `ignore`.
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
  const op = 'softmaxCrossEntropy';
  if (ignore !== undefined) requireInt32(op, ignore, 'ignore');
  requireTensor(op, logits);
  requireTensor(op, targets);
  const dtype = requireFloat(op, logits._storage.dtype);
  if (logits.rank !== 2 || targets.rank !== 1 || shapeOf(logits)[0] !== targets._size) {
    throw new ShapeError(
      `${op}: logits ${showShape(shapeOf(logits))} and targets ${showShape(shapeOf(targets))} came, [N, V] and [N] were expected`,
    );
  }
  if (shapeOf(logits)[1] === 0)
    throw new ShapeError(`${op}: logits ${showShape(shapeOf(logits))} have no classes`);
  checkTargets(targets, shapeOf(logits)[1]!, ignore);
  const marked = ignore ?? IGNORE_NOTHING;
  const run = (): readonly [Tensor, Tensor] => {
    const source = contiguous(logits);
    const which = contiguous(targets);
    const loss = output(op, dtype, shapeOf(targets));
    const probabilities = output(op, dtype, shapeOf(logits));
    const [rows, v] = shapeOf(logits) as [number, number];
    floatKernelsFor(dtype).crossEntropy(
      address(source),
      address(which),
      address(loss),
      address(probabilities),
      rows,
      v,
      marked,
    );
    if (runtime.recording)
      record('crossEntropy', [logits, targets], { ignore: marked }, loss, [probabilities]);
    return [loss, probabilities];
  };
  return runtime.scope === null ? allAtTopLevel(run) : run();
}

/**
 * What cross-entropy sends back to its logits: `g · (p − onehot(target))` row by row, 0 in ignored rows.
 * @param g shape [N]. @param probabilities shape [N, V]. @param targets shape [N], int32, checked before.
 */
export function crossEntropyGrad(g: Tensor, probabilities: Tensor, targets: Tensor, ignore: number): Tensor {
  const op = 'crossEntropyGrad';
  const dtype = requireFloat(op, g._storage.dtype);
  const run = (): Tensor => {
    const broadcast = layoutOf(g)?.[0] === 0;
    const upstream = broadcast ? g : contiguous(g);
    const p = contiguous(probabilities);
    const which = contiguous(targets);
    const y = output(op, dtype, shapeOf(probabilities));
    const [rows, v] = shapeOf(probabilities) as [number, number];
    floatKernelsFor(dtype).crossEntropyGrad(
      address(p),
      address(which),
      address(upstream),
      broadcast ? 0 : 1,
      address(y),
      rows,
      v,
      ignore,
    );
    if (runtime.recording) record(op, [g, probabilities, targets], { ignore }, y);
    return y;
  };
  return runtime.scope === null ? atTopLevel(run) : run();
}

function checkTargets(targets: Tensor, classes: number, ignore: number | undefined): void {
  if (targets._storage.dtype !== 'int32') {
    throw new DtypeError(
      `softmaxCrossEntropy: targets of ${targets._storage.dtype} came, int32 was expected; make them with tensor([…], { dtype: 'int32' })`,
    );
  }
  hostCall(() => checkRange(targets, classes, ignore));
}

function checkRange(targets: Tensor, classes: number, ignore: number | undefined): void {
  const elements = layoutOf(targets) === null ? elementsOf(targets._storage) : targets.toTypedArray();
  const start = layoutOf(targets) === null ? targets._offset : 0;
  for (let i = start; i < start + targets._size; i++) {
    const target = elements[i]!;
    if ((target < 0 || target >= classes) && target !== ignore) {
      throw new ShapeError(
        `softmaxCrossEntropy: target ${target} came in row ${i - start}, but there are ${classes} classes: 0 to ${classes - 1}`,
      );
    }
  }
}
