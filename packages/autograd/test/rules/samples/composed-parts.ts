/** Samples of composed ops that take apart and put together. */
import { chunk, concat, split, stack } from '@chronograd/tensor';
import fc from 'fast-check';
import { type Plain, total } from '../plain.ts';
import { joined } from './moves.ts';
import { axedShapes, axisOf, filled, fromFront, type Row, Sample, shapes, size } from './sample.ts';
import { seen, transposeRow } from './views.ts';

const stackRow: Row = shapes
  .chain((shape) =>
    fc.tuple(fc.array(filled(shape), { minLength: 1, maxLength: 3 }), axisOf(shape.length + 1)),
  )
  .map(([parts, axis]) => {
    const at = fromFront(axis, parts[0]!.shape.length + 1);
    const thick = (part: Plain): Plain => ({ ...part, shape: part.shape.toSpliced(at, 0, 1) });
    return new Sample(
      `stack along ${axis}`,
      parts,
      (...all) => stack(all, axis),
      (...all) => joined(all.map(thick), at),
    );
  });

/** The parts of `x` from one position to the next along an axis, in reverse order. */
function reversed(x: Plain, sizes: readonly number[], axis: number): Plain {
  const step = x.shape.slice(axis + 1).reduce((product, n) => product * n, 1);
  const n = x.shape[axis]!;
  let start = 0;
  const parts = sizes.map((width) => {
    const from = start;
    start += width;
    return {
      shape: x.shape.with(axis, width),
      values: x.values.filter((_, i) => {
        const position = Math.floor(i / step) % n;
        return position >= from && position < from + width;
      }),
    };
  });
  return joined(parts.toReversed(), axis);
}

const splitRow: Row = fc
  .tuple(axedShapes, fc.array(size, { minLength: 1, maxLength: 3 }))
  .chain(([shape, sizes]) => fc.tuple(fc.constant(shape), fc.constant(sizes), axisOf(shape.length)))
  .chain(([shape, sizes, axis]) => {
    const front = fromFront(axis, shape.length);
    return filled(shape.with(front, total(sizes))).map((x) =>
      seen(
        `split ${sizes} along ${axis}`,
        x,
        (a) => concat(split(a, sizes, axis).toReversed(), axis),
        (a) => reversed(a, sizes, front),
      ),
    );
  });

const chunkRow: Row = fc
  .tuple(axedShapes, fc.integer({ min: 1, max: 3 }), size)
  .chain(([shape, parts, width]) =>
    fc.tuple(fc.constant(shape), fc.constant([parts, width]), axisOf(shape.length)),
  )
  .chain(([shape, [parts, width], axis]) => {
    const front = fromFront(axis, shape.length);
    return filled(shape.with(front, parts! * width!)).map((x) =>
      seen(
        `chunk ${parts} along ${axis}`,
        x,
        (a) => concat(chunk(a, parts!, axis).toReversed(), axis),
        (a) => reversed(a, new Array<number>(parts!).fill(width!), front),
      ),
    );
  });

const unsqueezeRow: Row = shapes
  .chain((shape) => fc.tuple(filled(shape), axisOf(shape.length + 1)))
  .map(([x, axis]) =>
    seen(
      `unsqueeze ${axis}`,
      x,
      (a) => a.unsqueeze(axis),
      (a) => ({ ...a, shape: a.shape.toSpliced(fromFront(axis, a.shape.length + 1), 0, 1) }),
    ),
  );

/** All axes of size 1, or one that was put in. */
const squeezeRow: Row = fc.oneof(
  shapes
    .chain((shape) => filled(shape))
    .map((x) =>
      seen(
        'squeeze',
        x,
        (a) => a.squeeze(),
        (a) => ({ ...a, shape: a.shape.filter((n) => n !== 1) }),
      ),
    ),
  shapes
    .chain((shape) => fc.tuple(filled(shape), fc.nat({ max: shape.length })))
    .map(([x, axis]) =>
      seen(
        `squeeze ${axis}`,
        { ...x, shape: x.shape.toSpliced(axis, 0, 1) },
        (a) => a.squeeze(axis),
        (a) => ({ ...a, shape: a.shape.toSpliced(axis, 1) }),
      ),
    ),
);

export const partRows: Readonly<Record<string, Row>> = {
  stack: stackRow,
  split: splitRow,
  chunk: chunkRow,
  squeeze: squeezeRow,
  unsqueeze: unsqueezeRow,
  transpose: transposeRow,
};
