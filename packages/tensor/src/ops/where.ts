/** Choosing between two tensors, element by element. */

import { kernelsFor } from '../kernels/active.ts';
import { record } from '../recorder.ts';
import { runtime } from '../runtime.ts';
import { broadcastShapes } from '../shape.ts';
import { shapeOf, type Tensor } from '../tensor.ts';
import { notEqual } from './binary.ts';
import { broadcastView, contiguous } from './copy.ts';
import { address, asTensor, atTopLevel, commonDtype, type Operand, output, requireTensor } from './launch.ts';
import { cast } from './moves.ts';

/** `a` where the condition is not 0, else `b`; all three broadcast. The condition may have any dtype and gets no gradient. */
export function where(condition: Tensor, a: Operand, b: Operand): Tensor {
  requireTensor('where', condition);
  const dtype = commonDtype('where', a, b);
  const run = (): Tensor => {
    const x = asTensor('where', a, dtype);
    const y = asTensor('where', b, dtype);
    const shape = broadcastShapes(
      'where',
      shapeOf(condition),
      broadcastShapes('where', shapeOf(x), shapeOf(y)),
    );
    const mask = condition.dtype === dtype ? condition : cast(notEqual(condition, 0), dtype);
    const parts = [mask, x, y].map((part) => contiguous(broadcastView(part, shape))) as [
      Tensor,
      Tensor,
      Tensor,
    ];
    const result = output('where', dtype, shape);
    const [c, p, q] = parts;
    kernelsFor(dtype).where(address(c), address(p), address(q), address(result), result.size);
    if (runtime.recording) record('where', [condition, x, y], null, result);
    return result;
  };
  return runtime.scope === null ? atTopLevel(run) : run();
}
