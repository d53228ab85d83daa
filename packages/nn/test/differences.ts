import { leavesOf, valueAndGrad } from '@chronograd/autograd';
import { type Tensor, tensor } from '@chronograd/tensor';
import type { Module } from '../src/index.ts';

/**
 * Largest difference between two lists, relative to the largest expected number. If all of those
 * are 0, the others must be 0 too.
 */
export function relativeError(actual: Iterable<number>, wanted: Iterable<number>, tiny = 0): number {
  const [a, b] = [[...actual], [...wanted]];
  if (a.length !== b.length) return Number.POSITIVE_INFINITY;
  const largest = Math.max(...b.map(Math.abs));
  const difference = Math.max(...a.map((x, i) => Math.abs(x - b[i]!)));
  return difference <= tiny ? 0 : difference / largest;
}

/**
 * How far autograd's gradients of `loss` are from five-point differences: the largest relative
 * error of any parameter of `model`, all of them float64. The formula's own error is of order step⁴
 * and rounding adds about 1e-16 / step: some 1e-11 together where numbers are of the order of 1.
 */
export function errorAgainstDifferences(model: Module, loss: () => Tensor): number {
  const step = 1e-3;
  const { grads } = valueAndGrad(model, loss)();
  const gradients = new Map(leavesOf('differences', grads).map(({ path, leaf }) => [path, leaf]));
  const errors = model.namedParameters().map(([name, parameter]) => {
    const { shape, dtype } = parameter;
    const values = parameter.toTypedArray();
    const at = (i: number, change: number): number => {
      parameter.assign(tensor(values.with(i, values[i]! + change), { shape, dtype }));
      return loss().item();
    };
    const slopes = Array.from(
      values,
      (_, i) => (8 * (at(i, step) - at(i, -step)) - (at(i, 2 * step) - at(i, -2 * step))) / (12 * step),
    );
    parameter.assign(tensor(values, { shape, dtype }));
    return relativeError(gradients.get(name)!.toTypedArray(), slopes);
  });
  return Math.max(...errors);
}
