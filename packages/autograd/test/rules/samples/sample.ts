/** A row of samples: the inputs, the call of the op, and the values that plain numbers give. */
import type { Tensor } from '@chronograd/tensor';
import fc from 'fast-check';
import { count, type Plain } from '../plain.ts';

/**
 * One case for an op. It runs in float64 and float32, through views, and at points beside the
 * inputs.
 */
export class Sample {
  /** The name in a counterexample. */
  readonly label: string;
  /** Float inputs; none near a kink or a pole. Integer inputs belong to the call. */
  readonly inputs: readonly Plain[];
  readonly call: (...inputs: Tensor[]) => Tensor;
  readonly oracle: (...inputs: Plain[]) => Plain;

  constructor(
    label: string,
    inputs: readonly Plain[],
    call: (...inputs: Tensor[]) => Tensor,
    oracle: (...inputs: Plain[]) => Plain,
  ) {
    this.label = label;
    this.inputs = inputs;
    this.call = call;
    this.oracle = oracle;
  }

  [fc.toStringMethod](): string {
    const shown = this.inputs.map((x) => `[${x.shape.join(', ')}]: ${x.values.join(' ')}`);
    return `${this.label} of ${shown.join(' and ')}`;
  }
}

/** The row of an op. */
export type Row = fc.Arbitrary<Sample>;

/** Short decimals, exact in float32 and float64, also a step of the differences away. */
const grid = (low: number, high: number): fc.Arbitrary<number> =>
  fc.integer({ min: low * 1024, max: high * 1024 }).map((i) => i / 1024);

/** Any short decimal. */
export const anyNumber: fc.Arbitrary<number> = grid(-2, 2);
/** Away from 0, on both sides. */
export const nonzero: fc.Arbitrary<number> = fc
  .tuple(fc.boolean(), grid(1 / 64, 2))
  .map(([negative, size]) => (negative ? -size : size));
/** Far enough from 0 to divide by. */
export const divisor: fc.Arbitrary<number> = fc
  .tuple(fc.boolean(), grid(0.75, 2))
  .map(([negative, size]) => (negative ? -size : size));
export const positive: fc.Arbitrary<number> = grid(0.5, 2);
/** Odd and even multiples of 1/64 never meet: operands of a kinked op are drawn from one each. */
export const odd: fc.Arbitrary<number> = fc.integer({ min: -64, max: 63 }).map((i) => (2 * i + 1) / 64);
export const even: fc.Arbitrary<number> = fc.integer({ min: -64, max: 64 }).map((i) => (2 * i) / 64);

const size: fc.Arbitrary<number> = fc.oneof(
  { weight: 1, arbitrary: fc.constant(0) },
  { weight: 9, arbitrary: fc.integer({ min: 1, max: 4 }) },
);
const fullSize: fc.Arbitrary<number> = fc.integer({ min: 1, max: 4 });

/** Up to three axes, sizes 0 and 1 included. */
export const shapes: fc.Arbitrary<number[]> = fc.array(size, { maxLength: 3 });
/** The same with an element at least. */
export const fullShapes: fc.Arbitrary<number[]> = fc.array(fullSize, { maxLength: 3 });
/** At least one axis. */
export const axedShapes: fc.Arbitrary<number[]> = fc.array(size, { minLength: 1, maxLength: 3 });
export const fullAxedShapes: fc.Arbitrary<number[]> = fc.array(fullSize, { minLength: 1, maxLength: 3 });
export { fullSize, size };

/** A tensor of a shape whose elements are drawn from `element`. */
export function filled(
  shape: readonly number[],
  element: fc.Arbitrary<number> = anyNumber,
): fc.Arbitrary<Plain> {
  const length = count(shape);
  return fc.array(element, { minLength: length, maxLength: length }).map((values) => ({ shape, values }));
}

/** The same with no two elements closer than 1/64: no ties, and none a step away. */
export function distinct(shape: readonly number[]): fc.Arbitrary<Plain> {
  const length = count(shape);
  return fc
    .uniqueArray(fc.integer({ min: -128, max: 128 }), { minLength: length, maxLength: length })
    .map((values) => ({ shape, values: values.map((i) => i / 64) }));
}

/** A shape that broadcasts to `to`: leading axes dropped, some sizes 1. */
export function broadcastable(to: readonly number[]): fc.Arbitrary<number[]> {
  return fc
    .tuple(fc.nat({ max: to.length }), fc.array(fc.boolean(), { minLength: to.length, maxLength: to.length }))
    .map(([dropped, ones]) => to.map((n, axis) => (ones[axis] ? 1 : n)).slice(dropped));
}

/** Shapes that broadcast together. */
export function shapesTogether(operands: number): fc.Arbitrary<number[][]> {
  return shapes.chain((to) =>
    fc.tuple(...Array.from({ length: operands }, () => fc.oneof(fc.constant(to), broadcastable(to)))),
  );
}

/** An axis of a rank, counted from either end. */
export const axisOf = (rank: number): fc.Arbitrary<number> => fc.integer({ min: -rank, max: rank - 1 });

/** The same axis counted from the front. */
export const fromFront = (axis: number, rank: number): number => (axis < 0 ? axis + rank : axis);

/** Some axes of a rank, possibly none. */
export const axesOf = (rank: number): fc.Arbitrary<number[]> =>
  fc.subarray(Array.from({ length: rank }, (_, axis) => axis));

/** Some or all axes of a rank, at least one if there are any; or undefined, which means all. */
export const reducedAxesOf = (rank: number): fc.Arbitrary<number[] | undefined> =>
  fc.option(fc.subarray([...Array(rank).keys()], { minLength: Math.min(1, rank) }), { nil: undefined });

/** The axes that are meant. */
export const meant = (axes: readonly number[] | undefined, rank: number): readonly number[] =>
  axes ?? Array.from({ length: rank }, (_, axis) => axis);
