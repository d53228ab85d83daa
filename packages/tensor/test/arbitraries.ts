/**
 * Arbitraries of the property tests: shapes, numbers, operands that broadcast, and memory layouts.
 */
import * as fc from 'fast-check';
import { type Dtype, Parameter, type Tensor, tensor } from '../src/index.ts';
import { type Plain, permuted, plain } from './model.ts';

/** Sizes with 0 and 1 among them, of course. */
export const size: fc.Arbitrary<number> = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: 1, max: 4 }) },
  { weight: 1, arbitrary: fc.constantFrom(0, 5, 9) },
);

export const shapes = (maxRank = 4): fc.Arbitrary<number[]> => fc.array(size, { maxLength: maxRank });

/** Short decimals: exact in float32, and so are their sums and products where there are few. */
export const decimal: fc.Arbitrary<number> = fc.integer({ min: -512, max: 512 }).map((i) => i / 64);

/** Numbers for a dtype, with the odd ones now and then. */
export function numbers(dtype: Dtype): fc.Arbitrary<number> {
  if (dtype === 'int32') return fc.integer({ min: -1000, max: 1000 });
  const odd = fc.constantFrom(Number.NaN, 0, -0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 1e-40);
  const rounded = odd.map((x) => (dtype === 'float32' ? Math.fround(x) : x));
  return fc.oneof({ weight: 8, arbitrary: decimal }, { weight: 1, arbitrary: rounded });
}

export const dtypes: fc.Arbitrary<Dtype> = fc.constantFrom('float32', 'float64', 'int32');
export const floats: fc.Arbitrary<'float32' | 'float64'> = fc.constantFrom('float32', 'float64');

/** A plain tensor of a shape. */
export function plains(
  shape: readonly number[],
  number: fc.Arbitrary<number> = decimal,
): fc.Arbitrary<Plain> {
  const length = shape.reduce((product, each) => product * each, 1);
  return fc.array(number, { minLength: length, maxLength: length }).map((data) => ({ shape, data }));
}

/** Shapes that broadcast together: one target with leading axes removed and sizes replaced by 1. */
export function broadcasting(count: number, maxRank = 4): fc.Arbitrary<number[][]> {
  return shapes(maxRank).chain((target) =>
    fc.tuple(
      ...Array.from({ length: count }, () =>
        fc
          .tuple(
            fc.integer({ min: 0, max: target.length }),
            fc.array(fc.boolean(), { minLength: target.length, maxLength: target.length }),
          )
          .map(([dropped, ones]) => target.map((each, axis) => (ones[axis] ? 1 : each)).slice(dropped)),
      ),
    ),
  );
}

/** A tensor's memory layout: the order of its axes, reversed axes, gaps, and leading elements. */
export interface Layout {
  readonly ranks: readonly number[];
  readonly flips: readonly boolean[];
  readonly steps: readonly number[];
  readonly before: readonly number[];
  readonly home: 'host' | 'persistent';
}

const perAxis = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T[]> =>
  fc.array(arbitrary, { minLength: 5, maxLength: 5 });

/** In half of the cases contiguous. */
export const layouts: fc.Arbitrary<Layout> = fc.record({
  ranks: fc.oneof(fc.constant([0, 1, 2, 3, 4]), perAxis(fc.nat(9))),
  flips: fc.oneof(fc.constant(new Array<boolean>(5).fill(false)), perAxis(fc.boolean())),
  steps: fc.oneof(fc.constant(new Array<number>(5).fill(1)), perAxis(fc.constantFrom(1, 2))),
  before: fc.oneof(fc.constant(new Array<number>(5).fill(0)), perAxis(fc.constantFrom(0, 1))),
  home: fc.constantFrom('host', 'persistent'),
});

/**
 * A tensor equal to `x` with the memory layout `layout`: a view of a larger block, unless it is
 * plain.
 */
export function laid(x: Plain, dtype: Dtype, layout: Layout): Tensor {
  const order = x.shape.map((_, axis) => axis).sort((a, b) => layout.ranks[a]! - layout.ranks[b]!);
  const inner = permuted(x, order);
  const place = (i: number, axis: number): number => {
    const forward = layout.flips[axis] ? inner.shape[axis]! - 1 - i : i;
    return layout.before[axis]! + forward * layout.steps[axis]!;
  };
  const block = inner.shape.map((count, axis) => layout.before[axis]! + count * layout.steps[axis]!);
  const values = new Map<string, number>();
  plain(inner.shape, (index, position) => {
    values.set(index.map(place).join(), inner.data[position]!);
    return 0;
  });
  // No op may read the values around the elements.
  const around = plain(block, (index) => values.get(index.join()) ?? 7);
  const base = tensor(
    dtype === 'float64'
      ? Float64Array.from(around.data)
      : dtype === 'float32'
        ? Float32Array.from(around.data)
        : Int32Array.from(around.data),
    { shape: block },
  );
  const home = layout.home === 'host' ? base : new Parameter(base);
  const ranges = inner.shape.map(
    (count, axis) =>
      [
        layout.before[axis]!,
        layout.before[axis]! + count * layout.steps[axis]!,
        layout.steps[axis]!,
      ] as const,
  );
  const flipped = inner.shape.map((_, axis) => axis).filter((axis) => layout.flips[axis]);
  return home
    .slice(...ranges)
    .flip(flipped)
    .permute(x.shape.map((_, axis) => order.indexOf(axis)));
}

/** An operand: what it is, and a tensor that equals it. */
export interface Operand {
  readonly model: Plain;
  readonly tensor: Tensor;
}

/** An operand of a shape and dtype, lying in memory somehow. */
export function operands(
  shape: readonly number[],
  dtype: Dtype,
  number: fc.Arbitrary<number> = decimal,
): fc.Arbitrary<Operand> {
  const value = dtype === 'int32' ? number.map((x) => Math.trunc(x) + 0) : number;
  return fc
    .tuple(plains(shape, value), layouts)
    .map(([model, layout]) => ({ model, tensor: laid(model, dtype, layout) }));
}
