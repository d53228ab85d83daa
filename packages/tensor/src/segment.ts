/**
 * Segments: parts of a scope whose memory is freed before the scope returns. Gradient checkpointing
 * uses them.
 */
import { elementBytes } from './dtype.ts';
import { arena, Scope } from './memory/arena.ts';
import { heap } from './memory/heap.ts';
import { refusePromise } from './memory/scope.ts';
import { copyRun } from './ops/copy.ts';
import { address, output } from './ops/launch.ts';
import { contiguous } from './ops/views.ts';
import { runtime } from './runtime.ts';
import { scope } from './scope.ts';
import { shapeOf, type Tensor } from './tensor.ts';
import { mapTensors } from './tree.ts';

/**
 * Runs `body` on top of the open scope's memory and frees that memory. Only the tensors that `body`
 * returns, also in arrays and plain objects, stay, in the outer scope. Outside of scopes this is
 * `scope(body)`. Under a tape, which keeps what it records, and in a plan, whose memory stays,
 * `body` only runs.
 * @throws ScopeError where `body` returns a promise, and where another tensor of `body` is used
 * afterwards.
 */
export function segment<R>(body: () => R): R {
  const outer = runtime.scope;
  if (outer === null) return scope(body);
  if (runtime.differentiating || outer.permanent) return refusePromise(body());
  const inner = new Scope(outer);
  const mark = arena.mark();
  /**
   * The returned tensors, copied together above all other memory, so that they can move down in
   * order.
   */
  const packed = new Map<Tensor, Tensor>();
  let result: R;
  runtime.scope = inner;
  try {
    result = refusePromise(body());
    mapTensors('segment', result, (x) => {
      if (x.storage.scope === inner && !packed.has(x)) packed.set(x, pack(x));
      return x;
    });
  } finally {
    runtime.scope = outer;
    arena.release(mark);
    inner.open = false;
  }
  const kept = new Map([...packed].map(([x, from]) => [x, moveDown(from)]));
  return mapTensors('segment', result, (x) => kept.get(x) ?? x) as R;
}

function pack(x: Tensor): Tensor {
  const source = contiguous(x);
  const y = output(x.storage.origin, x.dtype, shapeOf(x));
  copyRun(x.dtype, x.size, address(source), address(y));
  return y;
}

/**
 * Copies a packed tensor out of freed memory before other code can overwrite it. In the order of
 * packing, each goes to its own place or a lower one.
 */
function moveDown(from: Tensor): Tensor {
  const y = output(from.storage.origin, from.dtype, shapeOf(from));
  const [start, to] = [from.storage.address, y.storage.address];
  const bytes = from.size * elementBytes(from.dtype);
  heap.bytes.copyWithin(to, start, start + bytes);
  return y;
}
