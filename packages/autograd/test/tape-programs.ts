/**
 * Random programs over 3 × 3 matrices, run by the library and, independently, on plain dual
 * numbers: values with their derivative along one direction (Clifford, 1873). Their tangents are
 * exact up to rounding.
 */
import { concat, linear, type Tensor, tensor } from '@chronograd/tensor';
import fc from 'fast-check';

/** Nine numbers, row by row, and how fast each changes. */
export interface Dual {
  readonly value: readonly number[];
  readonly tangent: readonly number[];
}

/** An op on two matrices that came before; some look at one only. */
interface Op {
  readonly run: (a: Tensor, b: Tensor) => Tensor;
  readonly dual: (a: Dual, b: Dual) => Dual;
}

const cells = Array.from({ length: 9 }, (_, i) => ({ row: Math.floor(i / 3), column: i % 3 }));

/** What is linear in one matrix acts on value and tangent alike. */
const linearly =
  (f: (x: readonly number[]) => number[]): Op['dual'] =>
  (a) => ({ value: f(a.value), tangent: f(a.tangent) });

/** What is linear in each of two: the product rule. */
const bilinearly =
  (f: (a: readonly number[], b: readonly number[]) => number[]): Op['dual'] =>
  (a, b) => {
    const right = f(a.value, b.tangent);
    return { value: f(a.value, b.value), tangent: f(a.tangent, b.value).map((each, i) => each + right[i]!) };
  };

const pointwise =
  (f: (x: number) => number, derivative: (y: number) => number): Op['dual'] =>
  (a) => {
    const value = a.value.map(f);
    return { value, tangent: value.map((y, i) => derivative(y) * a.tangent[i]!) };
  };

const plus =
  (sign: number): Op['dual'] =>
  (a, b) => ({
    value: a.value.map((each, i) => each + sign * b.value[i]!),
    tangent: a.tangent.map((each, i) => each + sign * b.tangent[i]!),
  });

/** The matrix whose cell is some cell of another. */
const moved = (from: (row: number, column: number) => [row: number, column: number]): Op['dual'] =>
  linearly((x) =>
    cells.map(({ row, column }) => {
      const [r, c] = from(row, column);
      return x[3 * r + c]!;
    }),
  );

const multiplied = (a: readonly number[], b: readonly number[]): number[] =>
  cells.map(
    ({ row, column }) =>
      a[3 * row]! * b[column]! + a[3 * row + 1]! * b[3 + column]! + a[3 * row + 2]! * b[6 + column]!,
  );

const turned = (x: readonly number[]): number[] => cells.map(({ row, column }) => x[3 * column + row]!);

const ROWS = [2, 0, 2];
const rows = tensor(ROWS, { dtype: 'int32' });

const ops: readonly Op[] = [
  { run: (a, b) => a.add(b), dual: plus(1) },
  { run: (a, b) => a.sub(b), dual: plus(-1) },
  { run: (a, b) => a.mul(b), dual: bilinearly((a, b) => a.map((each, i) => each * b[i]!)) },
  { run: (a) => a.mul(0.5).tanh(), dual: (a) => pointwise(Math.tanh, (y) => 1 - y * y)(scaled(a), a) },
  {
    run: (a) => a.mul(0.5).sigmoid(),
    dual: (a) =>
      pointwise(
        (x) => 1 / (1 + Math.exp(-x)),
        (y) => y * (1 - y),
      )(scaled(a), a),
  },
  // Products keep their scale: what has gone through tanh comes in.
  { run: (a, b) => a.matmul(b).mul(0.5), dual: (a, b) => scaled(bilinearly(multiplied)(a, b)) },
  {
    run: (a, b) => a.matmul(b.transpose()).mul(0.5),
    dual: (a, b) => scaled(bilinearly((x, y) => multiplied(x, turned(y)))(a, b)),
  },
  {
    run: (a, b) => linear(a, b, a).mul(0.5),
    dual: (a, b) => scaled(plus(1)(bilinearly((x, y) => multiplied(x, turned(y)))(a, b), a)),
  },
  { run: (a) => a.transpose(), dual: linearly(turned) },
  {
    run: (a) => concat([a.slice([1]), a.slice([0, 1])]),
    dual: moved((row, column) => [(row + 1) % 3, column]),
  },
  { run: (a) => a.gather(rows), dual: moved((row, column) => [ROWS[row]!, column]) },
  { run: (a) => a.transpose().gather(rows), dual: moved((row, column) => [column, ROWS[row]!]) },
  {
    run: (a, b) => a.select(1).add(b.select(2, 1).unsqueeze(1)),
    dual: (a, b) => plus(1)(moved((_, column) => [1, column])(a, b), moved((row) => [row, 2])(b, a)),
  },
  {
    run: (a) => a.sum(1, true).expand([3, 3]).mul(0.5),
    dual: (a) =>
      scaled(linearly((x) => cells.map(({ row }) => x[3 * row]! + x[3 * row + 1]! + x[3 * row + 2]!))(a, a)),
  },
  { run: (a) => a.flip(0), dual: moved((row, column) => [2 - row, column]) },
];

function scaled(a: Dual): Dual {
  return { value: a.value.map((each) => each / 2), tangent: a.tangent.map((each) => each / 2) };
}

/** One instruction: an op, and which two of the matrices so far it takes, counted from the last. */
interface Step {
  readonly op: number;
  readonly a: number;
  readonly b: number;
}

/**
 * A program over `inputs` matrices. Its result is the sum of the last two, so that many may be
 * unused.
 */
export class Program {
  readonly steps: readonly Step[];

  constructor(steps: readonly Step[]) {
    this.steps = steps;
  }

  run(inputs: readonly Tensor[]): Tensor {
    const all = [...inputs];
    for (const { op, a, b } of this.steps) all.push(ops[op]!.run(recent(all, a), recent(all, b)));
    return recent(all, 0).add(recent(all, 1));
  }

  dual(inputs: readonly Dual[]): Dual {
    const all = [...inputs];
    for (const { op, a, b } of this.steps) all.push(ops[op]!.dual(recent(all, a), recent(all, b)));
    return plus(1)(recent(all, 0), recent(all, 1));
  }
}

const recent = <T>(all: readonly T[], back: number): T => all[all.length - 1 - (back % all.length)]!;

const step: fc.Arbitrary<Step> = fc.record({
  op: fc.nat({ max: ops.length - 1 }),
  a: fc.nat({ max: 5 }),
  b: fc.nat({ max: 5 }),
});

export const programs: fc.Arbitrary<Program> = fc
  .array(step, { minLength: 1, maxLength: 12 })
  .map((steps) => new Program(steps));

/** Nine short decimals. */
export const matrices: fc.Arbitrary<number[]> = fc.array(
  fc.integer({ min: -1024, max: 1024 }).map((i) => i / 1024),
  { minLength: 9, maxLength: 9 },
);

export const toMatrix = (values: readonly number[]): Tensor =>
  tensor(new Float64Array(values), { shape: [3, 3] });
