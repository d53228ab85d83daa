/** Samples of reductions. */
import { type Axes, argmax, argsort, type Tensor } from '@chronograd/tensor';
import fc from 'fast-check';
import { at, build, type Plain, reduceWith, total } from '../plain.ts';
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

/** For each element of a sorted axis, where it was. */
export const sortedAlong = (x: Plain, axis: number, descending: boolean): Plain => {
  const direction = descending ? -1 : 1;
  return build(x.shape, (index) => {
    const value = (k: number): number => at(x, index.with(axis, k));
    const order = [...Array(x.shape[axis]).keys()].sort((a, b) => direction * (value(a) - value(b)));
    return order[index[axis]!]!;
  });
};

const argsortRow: Row = fullAxedShapes
  .chain((shape) => fc.tuple(distinct(shape), axisOf(shape.length), fc.boolean()))
  .map(
    ([x, axis, descending]) =>
      new Sample(
        `argsort along ${axis}${descending ? ', descending' : ''}`,
        [x],
        (a) => argsort(a!, axis, descending).cast(a!.dtype),
        (a) => sortedAlong(a!, fromFront(axis, a!.shape.length), descending),
      ),
  );

export const reduceRows: Readonly<Record<'sum' | 'max' | 'min' | 'argmax' | 'argsort', Row>> = {
  argsort: argsortRow,
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
