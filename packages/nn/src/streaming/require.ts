/** Checks of what a stream is given. */
import { DtypeError, ShapeError, Tensor, type TypedArray, tensor, ValueError } from '@chronograd/tensor';
import { describeValue, nameOf, runtime, shapeOf, showShape, unsupported } from '@chronograd/tensor/engine';
import { dtypeOfArray } from './buffers.ts';

/** @throws ValueError under a tape, which would see no gradient, and PlanError in a plan. */
export function refuseTape(op: string): void {
  unsupported(`${op} of a stream was called`, 'use the stream after the planned function has returned');
  if (!runtime.recording) return;
  throw new ValueError(
    `${op}: expected a stream outside of gradients, got one in a differentiated function, where no gradient would reach the model; call forward there`,
  );
}

/** @throws DtypeError or ShapeError unless the output fits into the array. */
export function requireFits(y: Tensor, dtype: string, out: TypedArray): void {
  if (y.dtype !== dtype)
    throw new DtypeError(`pushInto: expected an array of ${y.dtype} for out, got one of ${dtype}`);
  if (y.size === out.length) return;
  throw new ShapeError(
    `pushInto: expected ${y.size} elements for out, as the output ${showShape(shapeOf(y))} has, got ${out.length}`,
  );
}

/** A typed array as an input: indices [B], or floats [B, F]. */
export function tensorOf(op: string, x: TypedArray, batch: number): Tensor {
  const dtype = dtypeOfArray(x);
  if (dtype === null) {
    throw new ValueError(
      `${op}: expected a tensor [B, …] or a typed array, got ${describeValue(x)}; write tensor([[…]]) or Float32Array.of(…)`,
    );
  }
  if (dtype === 'int32') return tensor(x);
  if (x.length % batch !== 0)
    throw new ShapeError(`${op}: expected ${batch}·F floats for a batch of ${batch}, got ${x.length}`);
  return tensor(x, { shape: [batch, x.length / batch] });
}

/** @throws ValueError unless a model returned the outputs of one step. */
export function requireOutputs(model: object, run: { readonly outputs: Tensor }, axis: number): void {
  const outputs: unknown = run?.outputs;
  if (outputs instanceof Tensor && outputs.shape[axis] === 1) return;
  const got = outputs instanceof Tensor ? `outputs ${showShape(outputs.shape)}` : describeValue(outputs);
  throw new ValueError(
    `stream: expected { outputs, state } with outputs ${axis === 0 ? '[1, B, …]' : '[B, 1, …]'} from forward of ${nameOf(model)}, got ${got}`,
  );
}
