import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { concat, type Dtype, scope, split, stack, tensor } from '../../src/index.ts';
import { decimal, dtypes, type Operand, operands, shapes, size } from '../arbitraries.ts';
import { expectSame } from '../compare.ts';
import { at, plain } from '../model.ts';

/** Parts that differ in one axis only, which comes with them. */
const parts = fc
  .tuple(
    dtypes,
    shapes(4).filter((shape) => shape.length > 0),
    fc.nat(),
    fc.array(size, { minLength: 1, maxLength: 4 }),
  )
  .chain(([dtype, shape, choice, sizes]) => {
    const axis = choice % shape.length;
    const own = sizes.map((each) => operands(shape.with(axis, each), dtype));
    return fc.tuple(fc.constant(axis), fc.tuple(...own));
  });

test('Joined parts follow one another along the axis, and splitting returns them', () => {
  fc.assert(
    fc.property(parts, fc.boolean(), ([axis, list], fromEnd) => {
      const sizes = list.map(({ model }) => model.shape[axis]!);
      const total = sizes.reduce((sum, each) => sum + each, 0);
      const [first] = list as [Operand, ...Operand[]];
      const expected = plain(first.model.shape.with(axis, total), (index) => {
        let position = index[axis]!;
        let part = 0;
        while (position >= sizes[part]!) position -= sizes[part++]!;
        return at(list[part]!.model, index.with(axis, position));
      });
      const along = fromEnd ? axis - first.model.shape.length : axis;
      const whole = concat(
        list.map((each) => each.tensor),
        along,
      );
      expectSame(whole, expected);
      split(whole, sizes, along).forEach((part, i) => {
        expectSame(part, list[i]!.model);
      });
    }),
    { seed: 1, numRuns: 400 },
  );
});

test('Stacked tensors are found again at their position on the new axis', () => {
  const cases = fc
    .tuple(dtypes, shapes(3), fc.integer({ min: 1, max: 4 }), fc.nat())
    .chain(([dtype, shape, count, choice]) =>
      fc.tuple(
        fc.constant(choice % (shape.length + 1)),
        fc.array(operands(shape, dtype), { minLength: count, maxLength: count }),
      ),
    );
  fc.assert(
    fc.property(cases, fc.boolean(), ([axis, list], fromEnd) => {
      const shape = list[0]!.model.shape;
      const along = fromEnd ? axis - shape.length - 1 : axis;
      const whole = stack(
        list.map((each) => each.tensor),
        along,
      );
      expect(whole.shape).toEqual(shape.toSpliced(axis, 0, list.length));
      list.forEach((each, i) => {
        expectSame(whole.select(i, along), each.model);
      });
    }),
    { seed: 1, numRuns: 200 },
  );
});

test('Padding adds a value around, and slicing removes it', () => {
  const width = fc.integer({ min: 0, max: 2 });
  const cases = dtypes.chain((dtype) =>
    shapes(3).chain((shape) =>
      fc.tuple(
        operands(shape, dtype),
        fc.array(fc.tuple(width, width), { maxLength: shape.length }),
        dtype === 'int32' ? fc.integer({ min: -5, max: 5 }) : decimal,
      ),
    ),
  );
  fc.assert(
    fc.property(cases, ([{ model, tensor: x }, widths, value]) => {
      const before = (axis: number) => widths[axis]?.[0] ?? 0;
      const shape = model.shape.map((each, axis) => each + before(axis) + (widths[axis]?.[1] ?? 0));
      const expected = plain(shape, (index) => {
        const inner = index.map((i, axis) => i - before(axis));
        return inner.every((i, axis) => i >= 0 && i < model.shape[axis]!) ? at(model, inner) : value;
      });
      const padded = x.pad(widths, value);
      expectSame(padded, expected);
      const ranges = model.shape.map((each, axis) => [before(axis), before(axis) + each] as const);
      expectSame(padded.slice(...ranges), model);
    }),
    { seed: 1, numRuns: 300 },
  );
});

const converted: Record<Dtype, (x: number) => number> = {
  float32: Math.fround,
  float64: (x) => x,
  int32: (x) => (Number.isNaN(x) ? 0 : Math.max(-(2 ** 31), Math.min(2 ** 31 - 1, Math.trunc(x) + 0))),
};

test('A cast rounds to float32, and truncates to int32, where NaN is 0 and the ends are the limits', () => {
  const number = fc.oneof(
    decimal,
    fc.double(),
    fc.constantFrom(Number.NaN, 2 ** 31, -(2 ** 31) - 1, Number.POSITIVE_INFINITY, -0.5, 1e-50, 1e300),
  );
  const cases = fc
    .tuple(dtypes, dtypes, shapes(3))
    .chain(([from, to, shape]) =>
      fc.tuple(
        fc.constant(to),
        operands(shape, from, from === 'int32' ? fc.integer() : number.map(converted[from])),
      ),
    );
  fc.assert(
    fc.property(cases, ([to, { model, tensor: x }]) => {
      const y = x.cast(to);
      expect(y.dtype).toBe(to);
      expectSame(y, { ...model, data: model.data.map(converted[to]) });
    }),
    { seed: 1, numRuns: 400 },
  );
});

test('What pad, concat and stack check is what they use, also where a list answers differently each time', () => {
  const wavering = <T>(list: T[], at: number, later: T): T[] => {
    let reads = 0;
    return Object.defineProperty(list, at, { get: () => (reads++ === 0 ? list[at + 1] : later) });
  };
  scope(() => {
    const x = tensor([7, 8]);
    expect(x.pad([wavering([0, 0], 0, 4) as [number, number]]).toArray()).toEqual([7, 8]);
    const long = tensor(new Float32Array(3));
    expect(concat(wavering([x, x], 0, long)).toArray()).toEqual([7, 8, 7, 8]);
    expect(stack(wavering([x, x], 0, long)).toArray()).toEqual([
      [7, 8],
      [7, 8],
    ]);
  });
});
