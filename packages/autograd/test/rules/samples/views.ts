/** Samples of views. */
import type { Range, Tensor } from '@chronograd/tensor';
import fc from 'fast-check';
import { newHandle } from '../../../src/custom.ts';
import { at, build, count, type Plain } from '../plain.ts';
import {
  axedShapes,
  axesOf,
  axisOf,
  broadcastable,
  filled,
  fromFront,
  type Row,
  Sample,
  shapes,
  size,
} from './sample.ts';

/** One input, some way to see it, and the same way by plain numbers. */
export const seen = (
  label: string,
  x: Plain,
  call: (x: Tensor) => Tensor,
  oracle: (x: Plain) => Plain,
): Sample =>
  new Sample(
    label,
    [x],
    (a) => call(a!),
    (a) => oracle(a!),
  );

/** Neighboring sizes multiplied, and 1s put in. */
const reshaped = (shape: readonly number[]): fc.Arbitrary<number[]> =>
  fc
    .tuple(
      fc.array(fc.boolean(), { minLength: shape.length, maxLength: shape.length }),
      fc.array(fc.nat({ max: 3 }), { maxLength: 2 }),
    )
    .map(([merge, ones]) => {
      const merged: number[] = [];
      shape.forEach((n, axis) => {
        if (merge[axis] && merged.length > 0) merged[merged.length - 1]! *= n;
        else merged.push(n);
      });
      return ones.reduce((to, position) => to.toSpliced(Math.min(position, to.length), 0, 1), merged);
    });

const reshape: Row = shapes
  .chain((shape) => fc.tuple(filled(shape), reshaped(shape), reshaped(shape), fc.boolean()))
  .map(([x, from, to, open]) => {
    // Splits as well as merges, by starting from either; one size may be left open.
    const target = open && to.length > 0 && count(to) > 0 ? to.with(0, -1) : to;
    return seen(
      `reshape to [${target}]`,
      { shape: from, values: x.values },
      (a) => a.reshape(target),
      (a) => ({ shape: to, values: a.values }),
    );
  });

const permutedBy = (x: Plain, order: readonly number[]): Plain =>
  build(
    order.map((axis) => x.shape[axis]!),
    (index) =>
      at(
        x,
        x.shape.map((_, axis) => index[order.indexOf(axis)]!),
      ),
  );

const permute: Row = shapes
  .chain((shape) =>
    fc.tuple(filled(shape), fc.shuffledSubarray([...shape.keys()], { minLength: shape.length })),
  )
  .map(([x, order]) =>
    seen(
      `permute [${order}]`,
      x,
      (a) => a.permute(order.map((axis, i) => (i % 2 === 0 ? axis : axis - order.length))),
      (a) => permutedBy(a, order),
    ),
  );

const expand: Row = shapes
  .chain((to) => broadcastable(to).chain((shape) => fc.tuple(filled(shape), fc.constant(to))))
  .map(([x, to]) =>
    seen(
      `expand to [${to}]`,
      x,
      (a) => a.expand(to),
      (a) => build(to, (index) => at(a, index)),
    ),
  );

/**
 * One range per axis: everything, an index, or a slice with a step. Negative indices count from the
 * end.
 */
const rangeOf = (n: number): fc.Arbitrary<Range> =>
  fc.oneof(
    fc.constant(null),
    ...(n > 0 ? [fc.integer({ min: -n, max: n - 1 })] : []),
    fc.tuple(
      fc.integer({ min: -n, max: n }),
      fc.integer({ min: -n, max: n + 2 }),
      fc.integer({ min: 1, max: 3 }),
    ),
    fc.tuple(fc.integer({ min: -n, max: n })),
  );

/** The positions that a range names along an axis. */
function positionsOf(range: Range | undefined, n: number): number[] {
  const all = Array.from({ length: n }, (_, i) => i);
  if (range === null || range === undefined) return all;
  if (typeof range === 'number') return all.slice(range).slice(0, 1);
  const [start, end = n, step = 1] = range;
  return all.slice(start, end).filter((_, i) => i % step === 0);
}

const slice: Row = axedShapes
  .chain((shape) => fc.tuple(filled(shape), fc.tuple(...shape.map(rangeOf)), fc.nat({ max: shape.length })))
  .map(([x, all, named]) => {
    const ranges = all.slice(0, named);
    return seen(
      `slice ${JSON.stringify(ranges)}`,
      x,
      (a) => a.slice(...ranges),
      (a) => {
        const positions = a.shape.map((n, axis) => positionsOf(ranges[axis], n));
        const whole = build(
          positions.map((each) => each.length),
          (index) =>
            at(
              a,
              index.map((i, axis) => positions[axis]![i]!),
            ),
        );
        return {
          shape: whole.shape.filter((_, axis) => typeof ranges[axis] !== 'number'),
          values: whole.values,
        };
      },
    );
  });

const select: Row = axedShapes
  .filter((shape) => shape.some((n) => n > 0))
  .chain((shape) =>
    fc
      .constantFrom(...[...shape.keys()].filter((axis) => shape[axis]! > 0))
      .chain((axis) =>
        fc.tuple(filled(shape), fc.constant(axis), fc.integer({ min: -shape[axis]!, max: shape[axis]! - 1 })),
      ),
  )
  .map(([x, axis, index]) =>
    seen(
      `select ${index} along ${axis}`,
      x,
      (a) => a.select(index, axis),
      (a) =>
        build(a.shape.toSpliced(axis, 1), (rest) =>
          at(a, rest.toSpliced(axis, 0, fromFront(index, a.shape[axis]!))),
        ),
    ),
  );

export const flippedBy = (x: Plain, axes: readonly number[]): Plain =>
  build(x.shape, (index) =>
    at(
      x,
      index.map((i, axis) => (axes.includes(axis) ? x.shape[axis]! - 1 - i : i)),
    ),
  );

const flip: Row = shapes
  .chain((shape) => fc.tuple(filled(shape), axesOf(shape.length)))
  .map(([x, axes]) =>
    seen(
      `flip [${axes}]`,
      x,
      (a) => a.flip(axes),
      (a) => flippedBy(a, axes),
    ),
  );

const alias: Row = shapes.chain(filled).map((x) => seen('another handle', x, newHandle, (a) => a));

export const viewRows: Readonly<
  Record<'alias' | 'reshape' | 'permute' | 'expand' | 'slice' | 'select' | 'flip', Row>
> = { alias, reshape, permute, expand, slice, select, flip };

/** Two axes exchanged, for the composed ops. */
export const transposeRow: Row = fc
  .array(size, { minLength: 2, maxLength: 3 })
  .chain((shape) => fc.tuple(filled(shape), axisOf(shape.length), axisOf(shape.length)))
  .map(([x, a, b]) => {
    const rank = x.shape.length;
    const [p, q] = [fromFront(a, rank), fromFront(b, rank)];
    const order = x.shape.map((_, axis) => (axis === p ? q : axis === q ? p : axis));
    return seen(
      `transpose ${a}, ${b}`,
      x,
      (t) => t.transpose(a, b),
      (t) => permutedBy(t, order),
    );
  });
