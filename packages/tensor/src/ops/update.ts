/**
 * Kernels of optimizers and clipping: they measure gradients and write parameters in place. Not
 * recorded.
 */
import { isFloat, requireFloat } from '../dtype.ts';
import { ShapeError, showShape } from '../errors.ts';
import { floatKernelsFor } from '../kernels/active.ts';
import { withScope } from '../memory/scope.ts';
import { type Parameter, writePersistent } from '../parameter.ts';
import { sameShape } from '../shape.ts';
import { requireTensor, shapeOf, type Tensor } from '../tensor.ts';
import { scoped } from './define.ts';
import { address, commonDtype, output } from './launch.ts';
import { contiguous } from './views.ts';

const unchanged = <R>(result: R): R => result;

/** Runs `body`, which returns no tensor, in the current scope or in a new one. */
function inScope<R>(body: () => R): R {
  return withScope(body, unchanged, false);
}

/**
 * The largest |x|; NaN if any element is NaN, 0 of nothing, 0 for int32. A finite result means that
 * all elements are finite.
 */
export function largestMagnitude(x: Tensor): number {
  const { dtype } = requireTensor('largestMagnitude', x);
  if (!isFloat(dtype)) return 0;
  return inScope(() => floatKernelsFor(dtype).maxAbs(address(contiguous(x)), x.size));
}

/** Σ (x·scale)², in float64. */
export function sumOfSquares(x: Tensor, scale = 1): number {
  const dtype = requireFloat('sumOfSquares', requireTensor('sumOfSquares', x).dtype);
  return inScope(() => floatKernelsFor(dtype).sumSquares(address(contiguous(x)), x.size, scale));
}

/** Limited to `low … high` in one launch: `clamp` without recording. */
export const clipped: (x: Tensor, low: number, high: number) => Tensor = scoped(
  (x: Tensor, low: number, high: number): Tensor => {
    const source = contiguous(x);
    const y = output('clamp', x.dtype, shapeOf(x));
    floatKernelsFor(requireFloat('clamp', x.dtype)).clip(address(source), address(y), x.size, low, high);
    return y;
  },
);

/** `parameter −= lr · gradient`. */
export function sgdUpdate(parameter: Parameter, gradient: Tensor, lr: number): void {
  update('SGD', parameter, gradient, (p, g) => {
    floatKernelsFor(requireFloat('SGD', parameter.dtype)).sgd(p, g, parameter.size, lr);
  });
}

/**
 * `accumulator += gradient²`, then `parameter −= lr · gradient / d`, where d is √(accumulator +
 * eps) with `epsInside`, √accumulator + eps without. Duchi, Hazan and Singer, 2011.
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

/** Numbers of one step of Adam. */
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
 * `mean ← β₁·mean + (1 − β₁)·g`, `square ← β₂·square + (1 − β₂)·g²`, then
 * `parameter −= rate · mean / (√square / root + eps)`. Kingma and Ba, 2015.
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

/** Writes a parameter: `write` gets the addresses of the parameter and of its gradient. */
function update(
  op: string,
  parameter: Parameter,
  gradient: Tensor,
  write: (parameter: number, gradient: number) => void,
): void {
  requireFit(op, parameter, gradient, 'gradient');
  inScope(() => {
    const g = address(contiguous(gradient));
    writePersistent(parameter.storage, op, (p) => write(p, g));
  });
}

/** Kernels do not check sizes: a tensor of another size would be written beyond its block. */
function requireFit(op: string, parameter: Parameter, other: Tensor, what: string): void {
  commonDtype(op, parameter, requireTensor(op, other));
  if (sameShape(shapeOf(parameter), shapeOf(other))) return;
  throw new ShapeError(
    `${op}: expected the parameter's shape ${showShape(shapeOf(parameter))} for the ${what}, got ${showShape(shapeOf(other))}`,
  );
}
