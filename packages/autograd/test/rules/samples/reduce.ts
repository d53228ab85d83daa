/** Samples of reductions. */
import { type Axes, argmax, type Tensor } from '@chronograd/tensor';
import fc from 'fast-check';
import { type Plain, reduceWith, total } from '../plain.ts';
import {
  axisOf,
  distinct,
  filled,
  fromFront,
  fullAxedShapes,
  fullShapes,
  meant,
  type Row,
  reducedAxesOf,
  Sample,
  shapes,
} from './sample.ts';

/** A reduction over all sets of axes, which may stay as size 1. */
export function reduction(
  name: string,
  call: (x: Tensor, axes: Axes, keepDims: boolean) => Tensor,
  formula: (values: readonly number[]) => number,
  over: fc.Arbitrary<number[]>,
  fill: (shape: readonly number[]) => fc.Arbitrary<Plain>,
): Row {
  return fc
    .tuple(over, fc.boolean())
    .chain(([shape, keepDims]) => fc.tuple(fill(shape), reducedAxesOf(shape.length), fc.constant(keepDims)))
    .map(
      ([x, axes, keepDims]) =>
        new Sample(
          `${name} over ${axes ?? 'all'}${keepDims ? ', kept' : ''}`,
          [x],
          (a) => call(a!, axes, keepDims),
          (a) => reduceWith(a!, meant(axes, a!.shape.length), keepDims, formula),
        ),
    );
}

const argmaxRow: Row = fullAxedShapes
  .chain((shape) => fc.tuple(distinct(shape), fc.option(axisOf(shape.length), { nil: undefined })))
  .map(
    ([x, axis]) =>
      new Sample(
        `argmax along ${axis ?? 'all'}`,
        [x],
        (a) => argmax(a!, axis).cast(a!.dtype),
        (a) => {
          const axes = axis === undefined ? undefined : [fromFront(axis, a!.shape.length)];
          return reduceWith(a!, meant(axes, a!.shape.length), false, (values) =>
            values.indexOf(Math.max(...values)),
          );
        },
      ),
  );

export const reduceRows: Readonly<Record<'sum' | 'max' | 'min' | 'argmax', Row>> = {
  sum: reduction('sum', (x, axes, keep) => x.sum(axes, keep), total, shapes, filled),
  max: reduction(
    'max',
    (x, axes, keep) => x.max(axes, keep),
    (v) => Math.max(...v),
    fullShapes,
    distinct,
  ),
  min: reduction(
    'min',
    (x, axes, keep) => x.min(axes, keep),
    (v) => Math.min(...v),
    fullShapes,
    distinct,
  ),
  argmax: argmaxRow,
};
