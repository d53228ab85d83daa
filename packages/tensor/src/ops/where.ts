/** Element by element choice between two tensors. */
import type { Dtype } from '../dtype.ts';
import { kernelsFor } from '../kernels/active.ts';
import { broadcastShapes } from '../shape.ts';
import { requireTensor, shapeOf, type Tensor } from '../tensor.ts';
import { notEqual } from './binary.ts';
import { broadcastView } from './copy.ts';
import { primitive, scoped } from './define.ts';
import { address, asTensor, commonDtype, type Operand, output } from './launch.ts';
import { cast } from './moves.ts';
import { contiguous } from './views.ts';

const ofTensors = primitive('where', 3, (condition, a, b) => {
  const { dtype } = a._storage;
  const shape = broadcastShapes(
    'where',
    shapeOf(condition),
    broadcastShapes('where', shapeOf(a), shapeOf(b)),
  );
  const mask = condition._storage.dtype === dtype ? condition : cast(notEqual(condition, 0), dtype);
  const c = contiguous(broadcastView(mask, shape));
  const p = contiguous(broadcastView(a, shape));
  const q = contiguous(broadcastView(b, shape));
  const y = output('where', dtype, shape);
  kernelsFor(dtype).where(address(c), address(p), address(q), address(y), y._size);
  return y;
});

const ofOperands = scoped((condition: Tensor, a: Operand, b: Operand, dtype: Dtype) =>
  ofTensors(condition, asTensor('where', a, dtype), asTensor('where', b, dtype)),
);

/**
 * `a` where the condition is not 0, else `b`. All three broadcast. The condition may have any dtype
 * and gets no gradient.
 */
export function where(condition: Tensor, a: Operand, b: Operand): Tensor {
  requireTensor('where', condition);
  return ofOperands(condition, a, b, commonDtype('where', a, b));
}
