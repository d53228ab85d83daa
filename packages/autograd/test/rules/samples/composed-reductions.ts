/** Samples of composed ops that look along axes: means, norms, and the softmax family. */
import { type Tensor, variance } from '@chronograd/tensor';
import fc from 'fast-check';
import { type Plain, reduceWith, total } from '../plain.ts';
import { reduction } from './reduce.ts';
import {
  axisOf,
  divisor,
  filled,
  fromFront,
  fullAxedShapes,
  fullShapes,
  meant,
  type Row,
  reducedAxesOf,
} from './sample.ts';
import { seen } from './views.ts';

const average = (values: readonly number[]): number => total(values) / values.length;

const varianceRow: Row = fc.tuple(fullShapes, fc.boolean(), fc.boolean()).chain(([shape, keep, unbiased]) =>
  fc.tuple(filled(shape), reducedAxesOf(shape.length)).map(([x, axes]) => {
    const over = meant(axes, shape.length);
    // One alone has no unbiased variance.
    const correction = unbiased && over.some((axis) => shape[axis]! > 1) ? 1 : 0;
    return seen(
      `variance over ${axes ?? 'all'} corrected by ${correction}`,
      x,
      (a) => variance(a, axes, keep, correction),
      (a) =>
        reduceWith(a, over, keep, (values) => {
          const middle = average(values);
          return total(values.map((value) => (value - middle) ** 2)) / (values.length - correction);
        }),
    );
  }),
);

/** An op along one axis that keeps the shape. `formula` gives an element from its neighbors. */
const along = (
  name: string,
  call: (x: Tensor, axis: number) => Tensor,
  formula: (value: number, all: readonly number[]) => number,
): Row =>
  fullAxedShapes
    .chain((shape) => fc.tuple(filled(shape), axisOf(shape.length)))
    .map(([x, axis]) =>
      seen(
        `${name} along ${axis}`,
        x,
        (a) => call(a, axis),
        (a) => alongAxis(a, fromFront(axis, a.shape.length), formula),
      ),
    );

function alongAxis(
  x: Plain,
  axis: number,
  formula: (value: number, all: readonly number[]) => number,
): Plain {
  const step = x.shape.slice(axis + 1).reduce((product, n) => product * n, 1);
  const n = x.shape[axis]!;
  return {
    shape: x.shape,
    values: x.values.map((value, i) => {
      const first = i - (Math.floor(i / step) % n) * step;
      return formula(
        value,
        Array.from({ length: n }, (_, k) => x.values[first + k * step]!),
      );
    }),
  };
}

const sumOfExp = (values: readonly number[]): number => total(values.map(Math.exp));

const logSumExpRow: Row = fullAxedShapes
  .chain((shape) => fc.tuple(filled(shape), axisOf(shape.length), fc.boolean()))
  .map(([x, axis, keep]) =>
    seen(
      `logSumExp along ${axis}`,
      x,
      (a) => a.logSumExp(axis, keep),
      (a) => reduceWith(a, [fromFront(axis, a.shape.length)], keep, (values) => Math.log(sumOfExp(values))),
    ),
  );

const euclid = (values: readonly number[]): number => Math.sqrt(total(values.map((value) => value * value)));

export const reductionRows: Readonly<Record<string, Row>> = {
  mean: reduction('mean', (x, axes, keep) => x.mean(axes, keep), average, fullShapes, filled),
  variance: varianceRow,
  norm: reduction(
    'norm',
    (x, axes, keep) => x.norm(axes, keep),
    euclid,
    fullShapes,
    (shape) => filled(shape, divisor),
  ),
  softmax: along(
    'softmax',
    (x, axis) => x.softmax(axis),
    (value, all) => Math.exp(value) / sumOfExp(all),
  ),
  logSoftmax: along(
    'logSoftmax',
    (x, axis) => x.logSoftmax(axis),
    (value, all) => value - Math.log(sumOfExp(all)),
  ),
  logSumExp: logSumExpRow,
};
