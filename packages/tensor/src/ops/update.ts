/** What optimizers and clipping need of kernels: measuring gradients, and writing parameters in place. None of it is recorded. */

import { isFloat, requireFloat } from '../dtype.ts';
import { ShapeError, showShape } from '../errors.ts';
import { floatKernelsFor } from '../kernels/active.ts';
import { withScope } from '../memory/scope.ts';
import { type Parameter, writePersistent } from '../parameter.ts';
import { runtime } from '../runtime.ts';
import { sameShape } from '../shape.ts';
import { shapeOf, type Tensor } from '../tensor.ts';
import { contiguous } from './copy.ts';
import { address, atTopLevel, commonDtype, output, requireTensor } from './launch.ts';

const asIs = <R>(result: R): R => result;

/** The largest |x|: NaN if any element is, 0 of nothing. A finite answer says that every element is finite. int32 gives 0. */
export function largestMagnitude(x: Tensor): number {
  const { dtype } = requireTensor('largestMagnitude', x);
  if (!isFloat(dtype)) return 0;
  return withScope(() => floatKernelsFor(dtype).maxAbs(address(contiguous(x)), x.size), asIs, false);
}

/** Σ (x·scale)², in float64. */
export function sumOfSquares(x: Tensor, scale = 1): number {
  const dtype = requireFloat('sumOfSquares', requireTensor('sumOfSquares', x).dtype);
  return withScope(
    () => floatKernelsFor(dtype).sumSquares(address(contiguous(x)), x.size, scale),
    asIs,
    false,
  );
}

/** Limited to `low … high` in one launch: `clamp` where nobody records. */
export function clipped(x: Tensor, low: number, high: number): Tensor {
  const run = (): Tensor => {
    const source = contiguous(x);
    const y = output('clamp', x.dtype, shapeOf(x));
    floatKernelsFor(requireFloat('clamp', x.dtype)).clip(address(source), address(y), x.size, low, high);
    return y;
  };
  return runtime.scope === null ? atTopLevel(run) : run();
}

/** `parameter −= lr · gradient`. */
export function sgdUpdate(parameter: Parameter, gradient: Tensor, lr: number): void {
  update('SGD', parameter, gradient, (p, g) => {
    floatKernelsFor(requireFloat('SGD', parameter.dtype)).sgd(p, g, parameter.size, lr);
  });
}

/**
 * `accumulator += gradient²`, then `parameter −= lr · gradient / d`, where d is √(accumulator + eps) with `epsInside`, √accumulator + eps
 * without. Duchi, Hazan and Singer, 2011.
 */
export function adagradUpdate(
  parameter: Parameter,
  gradient: Tensor,
  accumulator: Parameter,
  { lr, eps, epsInside }: { readonly lr: number; readonly eps: number; readonly epsInside: boolean },
): void {
  requireFit('Adagrad', parameter, accumulator, 'accumulator');
  update('Adagrad', parameter, gradient, (p, g) => {
    writePersistent(accumulator.storage, 'Adagrad', (s) => {
      floatKernelsFor(requireFloat('Adagrad', parameter.dtype)).adagrad(
        p,
        g,
        s,
        parameter.size,
        lr,
        eps,
        epsInside ? 1 : 0,
      );
    });
  });
}

/** What one step of Adam depends on, beside the tensors. */
export interface AdamStep {
  /** lr / (1 − β₁ᵗ). */
  readonly rate: number;
  readonly beta1: number;
  readonly beta2: number;
  /** √(1 − β₂ᵗ). */
  readonly root: number;
  readonly eps: number;
}

/**
 * `mean ← β₁·mean + (1 − β₁)·g`, `square ← β₂·square + (1 − β₂)·g²`, then `parameter −= rate · mean / (√square / root + eps)`.
 * Kingma and Ba, 2015.
 */
export function adamUpdate(
  parameter: Parameter,
  gradient: Tensor,
  mean: Parameter,
  square: Parameter,
  { rate, beta1, beta2, root, eps }: AdamStep,
): void {
  requireFit('Adam', parameter, mean, 'mean');
  requireFit('Adam', parameter, square, 'square');
  update('Adam', parameter, gradient, (p, g) => {
    writePersistent(mean.storage, 'Adam', (m) => {
      writePersistent(square.storage, 'Adam', (v) => {
        const { adam } = floatKernelsFor(requireFloat('Adam', parameter.dtype));
        adam(p, g, m, v, parameter.size, rate, beta1, 1 - beta1, beta2, 1 - beta2, root, eps);
      });
    });
  });
}

/** Writes a parameter with its gradient at hand, both as addresses. */
function update(
  op: string,
  parameter: Parameter,
  gradient: Tensor,
  write: (parameter: number, gradient: number) => void,
): void {
  requireFit(op, parameter, gradient, 'gradient');
  withScope(
    () => {
      const g = address(contiguous(gradient));
      writePersistent(parameter.storage, op, (p) => write(p, g));
    },
    asIs,
    false,
  );
}

/** Kernels trust sizes: what does not fit would be written beyond its block. */
function requireFit(op: string, parameter: Parameter, other: Tensor, what: string): void {
  commonDtype(op, parameter, requireTensor(op, other));
  if (sameShape(shapeOf(parameter), shapeOf(other))) return;
  throw new ShapeError(
    `${op}: ${what} ${showShape(shapeOf(other))} came, the parameter's shape ${showShape(shapeOf(parameter))} was expected`,
  );
}
