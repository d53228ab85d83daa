import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { contiguous } from '../../src/engine.ts';
import type { Tensor } from '../../src/index.ts';
import { laid, layouts, plains, shapes } from '../arbitraries.ts';
import { expectSame } from '../compare.ts';
import { type Plain, permuted, plain, selected, strided } from '../model.ts';

/** One step of a program: two numbers to choose by, made fit by the shape they meet. */
interface Step {
  readonly kind:
    | 'reshape'
    | 'permute'
    | 'transpose'
    | 'slice'
    | 'select'
    | 'flip'
    | 'expand'
    | 'squeeze'
    | 'unsqueeze';
  readonly a: number;
  readonly b: number;
}

const step: fc.Arbitrary<Step> = fc.record({
  kind: fc.constantFrom(
    'reshape',
    'permute',
    'transpose',
    'slice',
    'select',
    'flip',
    'expand',
    'squeeze',
    'unsqueeze',
  ),
  a: fc.nat(1000),
  b: fc.nat(1000),
});

type Pair = readonly [tensor: Tensor, model: Plain];

/** The same step in the library and in the model. */
function take([x, m]: Pair, { kind, a, b }: Step): Pair {
  const rank = m.shape.length;
  const axis = rank === 0 ? 0 : a % rank;
  const fromEnd = b % 2 === 1 ? axis - rank : axis;
  const size = m.shape[axis] ?? 1;
  if (kind === 'unsqueeze') {
    const place = a % (rank + 1);
    return [
      x.unsqueeze(b % 2 === 1 ? place - rank - 1 : place),
      { ...m, shape: m.shape.toSpliced(place, 0, 1) },
    ];
  }
  if (kind === 'reshape') return reshape([x, m], a, b);
  if (rank === 0) return [x, m];
  if (kind === 'permute') {
    const order = m.shape.map((_, i) => (i + a) % rank);
    if (b % 2 === 1) order.reverse();
    return [x.permute(order.map((i) => (b % 3 === 0 ? i - rank : i))), permuted(m, order)];
  }
  if (kind === 'transpose') {
    const other = b % rank;
    const order = m.shape.map((_, i) => (i === axis ? other : i === other ? axis : i));
    return [x.transpose(fromEnd, other), permuted(m, order)];
  }
  if (kind === 'slice') {
    const start = size === 0 ? 0 : b % size;
    const by = 1 + (a % 3);
    const count = Math.ceil((size - start) / by);
    const ranges = m.shape.map((_, i) => (i === axis ? ([start - (b % 2) * size, size, by] as const) : null));
    return [x.slice(...ranges.slice(0, axis + 1)), strided(m, axis, start, by, count)];
  }
  if (kind === 'flip') return [x.flip(fromEnd), strided(m, axis, size - 1, -1, size)];
  if (kind === 'select') {
    if (size === 0) return [x, m];
    const position = b % size;
    return [x.select(a % 2 === 1 ? position - size : position, fromEnd), selected(m, axis, position)];
  }
  if (size !== 1) return [x, m];
  if (kind === 'squeeze') return [x.squeeze(fromEnd), { ...m, shape: m.shape.toSpliced(axis, 1) }];
  const count = b % 4;
  const wide = strided(m, axis, 0, 0, count);
  const lead = a % 2 === 1 ? [2] : [];
  return [
    x.expand([...lead, ...wide.shape]),
    plain([...lead, ...wide.shape], (_, i) => wide.data[i % Math.max(1, wide.data.length)]!),
  ];
}

/** Two neighboring axes are merged, or one is split by a divisor; sometimes with −1 for a size. */
function reshape([x, m]: Pair, a: number, b: number): Pair {
  const rank = m.shape.length;
  const axis = rank === 0 ? 0 : a % rank;
  let shape: number[];
  if (b % 2 === 0 && axis + 1 < rank) shape = m.shape.toSpliced(axis, 2, m.shape[axis]! * m.shape[axis + 1]!);
  else {
    const size = m.shape[axis] ?? 1;
    const divisor = [2, 3, 1].find((each) => size % each === 0)!;
    shape = m.shape.toSpliced(axis, 1, divisor, size / divisor);
  }
  const asked = b % 3 === 0 && !shape.includes(0) ? shape.with(axis, -1) : shape;
  return [x.reshape(asked), { ...m, shape }];
}

const start = shapes(4).chain((shape) => fc.tuple(plains(shape), layouts));

test('Views of views of views equal what the same steps do to nested arrays', () => {
  fc.assert(
    fc.property(start, fc.array(step, { maxLength: 8 }), ([model, layout], steps) => {
      let pair: Pair = [laid(model, 'float64', layout), model];
      for (const each of steps) {
        pair = take(pair, each);
        fc.pre(pair[1].data.length <= 512);
      }
      expectSame(...pair);
    }),
    { seed: 1, numRuns: 500 },
  );
});

test('A contiguous copy and the result of a kernel see the same elements as the view', () => {
  fc.assert(
    fc.property(start, fc.array(step, { maxLength: 6 }), ([model, layout], steps) => {
      let pair: Pair = [laid(model, 'float32', layout), model];
      for (const each of steps) {
        pair = take(pair, each);
        fc.pre(pair[1].data.length <= 512);
      }
      const [view, expected] = pair;
      const copy = contiguous(view);
      expect(copy.strides).toEqual(rowMajor(expected.shape));
      expectSame(copy, expected);
      expectSame(view.neg(), { ...expected, data: expected.data.map((each) => -each) });
    }),
    { seed: 1, numRuns: 300 },
  );
});

function rowMajor(shape: readonly number[]): number[] {
  return shape.map((_, axis) => shape.slice(axis + 1).reduce((product, size) => product * size, 1));
}
