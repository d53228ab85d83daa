/** Samples of composed ops. */
import { chunk, concat, dot, outer, split, stack, type Tensor, variance } from '@chronograd/tensor';
import fc from 'fast-check';
import { elementwise, inner, type Plain, reduceWith, total } from '../plain.ts';
import { unary } from './elementwise.ts';
import { joined } from './moves.ts';
import { reduction } from './reduce.ts';
import {
  axedShapes,
  axisOf,
  divisor,
  even,
  filled,
  fromFront,
  fullAxedShapes,
  fullShapes,
  meant,
  nonzero,
  odd,
  type Row,
  reducedAxesOf,
  Sample,
  shapes,
  shapesTogether,
  size,
} from './sample.ts';
import { seen, transposeRow } from './views.ts';

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

/** An op along one axis that keeps its shape; `formula` gives the element from its neighbors along the axis. */
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

const outerRow: Row = fc
  .tuple(size, size)
  .chain(([m, n]) => fc.tuple(filled([m]), filled([n])))
  .map(
    ([a, b]) =>
      new Sample(
        'outer',
        [a, b],
        (x, y) => outer(x!, y!),
        (x, y) => ({
          shape: [x!.values.length, y!.values.length],
          values: x!.values.flatMap((each) => y!.values.map((other) => each * other)),
        }),
      ),
  );

const dotRow: Row = shapes
  .chain((shape) => fc.tuple(filled(shape), filled(shape)))
  .map(
    ([a, b]) =>
      new Sample(
        'dot',
        [a, b],
        (x, y) => dot(x!, y!),
        (x, y) => ({ shape: [], values: [inner(x!.values, y!.values)] }),
      ),
  );

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

const comparison = (
  name: string,
  call: (a: Tensor, b: Tensor) => Tensor,
  holds: (a: number, b: number) => boolean,
): Row =>
  shapesTogether(2)
    .chain(([a, b]) => fc.tuple(filled(a!, odd), filled(b!, even)))
    .map(
      ([a, b]) =>
        new Sample(
          name,
          [a, b],
          (x, y) => call(x!, y!),
          (x, y) => elementwise((p, q) => (holds(p!, q!) ? 1 : 0), x!, y!),
        ),
    );

const euclid = (values: readonly number[]): number => Math.sqrt(total(values.map((value) => value * value)));

export const composed: Readonly<Record<string, Row>> = {
  square: unary(
    'square',
    (x) => x.square(),
    (x) => x * x,
  ),
  reciprocal: unary(
    'reciprocal',
    (x) => x.reciprocal(),
    (x) => 1 / x,
    divisor,
  ),
  silu: unary(
    'silu',
    (x) => x.silu(),
    (x) => x / (1 + Math.exp(-x)),
  ),
  softplus: unary(
    'softplus',
    (x) => x.softplus(),
    (x) => Math.log(1 + Math.exp(x)),
  ),
  clamp: unary(
    'clamp',
    (x) => x.clamp(-0.5, 0.75),
    (x) => Math.min(Math.max(x, -0.5), 0.75),
    odd,
  ),
  greater: comparison(
    'greater',
    (a, b) => a.greater(b),
    (a, b) => a > b,
  ),
  greaterEqual: comparison(
    'greaterEqual',
    (a, b) => a.greaterEqual(b),
    (a, b) => a >= b,
  ),
  mean: reduction('mean', (x, axes, keep) => x.mean(axes, keep), average, fullShapes, filled),
  variance: varianceRow,
  norm: reduction(
    'norm',
    (x, axes, keep) => x.norm(axes, keep),
    euclid,
    fullShapes,
    (shape) => filled(shape, fc.oneof(divisor, divisor, nonzero)),
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
  outer: outerRow,
  dot: dotRow,
  stack: stackRow,
  split: splitRow,
  chunk: chunkRow,
  squeeze: squeezeRow,
  unsqueeze: unsqueezeRow,
  transpose: transposeRow,
};
