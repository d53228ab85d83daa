/** Samples of moves: what is laid elsewhere, gathered, scattered, or cast. */
import { concat, scatterRows, tensor } from '@chronograd/tensor';
import { padBy } from '@chronograd/tensor/engine';
import fc from 'fast-check';
import { at, build, count, indicesOf, type Plain } from '../plain.ts';
import {
  anyNumber,
  axedShapes,
  axisOf,
  filled,
  fromFront,
  type Row,
  Sample,
  shapes,
  size,
} from './sample.ts';
import { seen } from './views.ts';

/** A block of one value with `x` laid into it. */
function laid(
  x: Plain,
  starts: readonly number[],
  steps: readonly number[],
  shape: readonly number[],
  value: number,
): Plain {
  const values = new Array<number>(count(shape)).fill(value);
  indicesOf(x.shape).forEach((index, i) => {
    const to = index.reduce((sum, each, axis) => sum * shape[axis]! + starts[axis]! + each * steps[axis]!, 0);
    values[to] = x.values[i]!;
  });
  return { shape, values };
}

const margins = fc.tuple(fc.nat({ max: 2 }), fc.nat({ max: 2 }));

const padAround: Row = shapes
  .chain((shape) => fc.tuple(filled(shape), fc.array(margins, { maxLength: shape.length }), anyNumber))
  .map(([x, widths, value]) => {
    const around = x.shape.map((_, axis) => widths[axis] ?? [0, 0]);
    const shape = x.shape.map((n, axis) => n + around[axis]![0]! + around[axis]![1]!);
    return seen(
      `pad ${JSON.stringify(widths)} with ${value}`,
      x,
      (a) => a.pad(widths, value),
      (a) =>
        laid(
          a,
          around.map(([before]) => before!),
          shape.map(() => 1),
          shape,
          value,
        ),
    );
  });

/** The primitive in full: elements several steps apart. */
const padApart: Row = shapes
  .chain((shape) =>
    fc.tuple(
      filled(shape),
      fc.tuple(...shape.map(() => fc.tuple(fc.nat({ max: 2 }), fc.integer({ min: 1, max: 3 })))),
    ),
  )
  .map(([x, places]) => {
    const starts = places.map(([start]) => start);
    const steps = places.map(([, step]) => step);
    const shape = x.shape.map((n, axis) => starts[axis]! + Math.max(0, n - 1) * steps[axis]! + 1);
    return seen(
      `padBy ${starts} by ${steps}`,
      x,
      (a) => padBy(a, starts, steps, shape),
      (a) => laid(a, starts, steps, shape, 0),
    );
  });

/** Parts joined along an axis; which part an index falls into. */
export function joined(parts: readonly Plain[], axis: number): Plain {
  const sizes = parts.map((part) => part.shape[axis]!);
  const shape = parts[0]!.shape.with(
    axis,
    sizes.reduce((sum, n) => sum + n, 0),
  );
  return build(shape, (index) => {
    let position = index[axis]!;
    let part = 0;
    while (position >= sizes[part]!) position -= sizes[part++]!;
    return at(parts[part]!, index.with(axis, position));
  });
}

const concatRow: Row = axedShapes
  .chain((shape) =>
    fc.tuple(fc.constant(shape), axisOf(shape.length), fc.array(size, { minLength: 1, maxLength: 3 })),
  )
  .chain(([shape, axis, sizes]) => {
    const front = fromFront(axis, shape.length);
    return fc.tuple(...sizes.map((n) => filled(shape.with(front, n)))).map(
      (parts) =>
        new Sample(
          `concat along ${axis}`,
          parts,
          (...all) => concat(all, axis),
          (...all) => joined(all, front),
        ),
    );
  });

/** Indices of any shape into so many rows. */
const indicesInto = (rows: number): fc.Arbitrary<Plain> =>
  (rows === 0 ? fc.constant([0]) : fc.array(size, { maxLength: 2 })).chain((shape) =>
    filled(shape, fc.integer({ min: 0, max: Math.max(0, rows - 1) })),
  );

const asIndices = (indices: Plain) => tensor(new Int32Array(indices.values), { shape: indices.shape });

const gather: Row = axedShapes
  .chain((shape) => fc.tuple(filled(shape), indicesInto(shape[0]!)))
  .map(([table, indices]) =>
    seen(
      `gather [${indices.shape}] ${indices.values}`,
      table,
      (a) => a.gather(asIndices(indices)),
      (a) => {
        const rank = indices.shape.length;
        return build([...indices.shape, ...a.shape.slice(1)], (index) =>
          at(a, [at(indices, index.slice(0, rank)), ...index.slice(rank)]),
        );
      },
    ),
  );

const scatter: Row = fc
  .tuple(fc.integer({ min: 1, max: 4 }), fc.array(size, { maxLength: 2 }))
  .chain(([rows, width]) =>
    indicesInto(rows).chain((indices) =>
      filled([...indices.shape, ...width]).map((g) =>
        seen(
          `scatterRows [${indices.shape}] ${indices.values} to ${rows}`,
          g,
          (a) => scatterRows(a, asIndices(indices), rows),
          (a) => {
            const values = new Array<number>(rows * count(width)).fill(0);
            indices.values.forEach((row, i) => {
              for (let k = 0; k < count(width); k++)
                values[row * count(width) + k]! += a.values[i * count(width) + k]!;
            });
            return { shape: [rows, ...width], values };
          },
        ),
      ),
    ),
  );

/**
 * Converted, doubled, and converted back. All samples and the points beside them are exact in
 * float32, and factors of the product must have its dtype. A conversion to int32 and back is
 * piecewise constant.
 */
const cast: Row = fc.oneof(
  shapes
    .chain((shape) => filled(shape))
    .map((x) =>
      seen(
        'cast to the other float, doubled, and back',
        x,
        (a) =>
          a
            .cast(a.dtype === 'float64' ? 'float32' : 'float64')
            .mul(2)
            .cast(a.dtype),
        (a) => ({ shape: a.shape, values: a.values.map((each) => 2 * each) }),
      ),
    ),
  shapes
    .chain((shape) =>
      filled(
        shape,
        fc.tuple(fc.integer({ min: -3, max: 3 }), fc.constantFrom(0.25, 0.5, 0.75)).map(([i, f]) => i + f),
      ),
    )
    .map((x) =>
      seen(
        'cast to int32 and back',
        x,
        (a) => a.cast('int32').cast(a.dtype),
        (a) => ({ shape: a.shape, values: a.values.map((each) => Math.trunc(each) + 0) }),
      ),
    ),
);

export const moveRows: Readonly<Record<'pad' | 'concat' | 'gather' | 'scatterRows' | 'cast', Row>> = {
  pad: fc.oneof(padAround, padApart),
  concat: concatRow,
  gather,
  scatterRows: scatter,
  cast,
};
