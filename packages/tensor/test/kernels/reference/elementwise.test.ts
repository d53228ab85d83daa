import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { CommonKernels, FloatKernels } from '../../../src/kernels/contract.ts';
import { value, values } from './values.ts';
import {
  BLANK,
  bench,
  type Dtype,
  dtypes,
  type Float,
  floatKernelsOf,
  floats,
  kernelsOf,
  rounding,
} from './workbench.ts';

const runs = { seed: 1, numRuns: 60 };
const isMinusZero = (x: number): boolean => x === 0 && 1 / x < 0;

/** The larger, written without Math.max: NaN wins, then +0 above −0. */
function larger(a: number, b: number): number {
  if (Number.isNaN(a) || Number.isNaN(b)) return Number.NaN;
  if (a === b) return isMinusZero(a) ? b : a;
  return [a, b].sort((x, y) => x - y)[1]!;
}

const unaryOracles: Partial<Record<keyof CommonKernels, (x: number) => number>> = {
  neg: (x) => (x === 0 && !isMinusZero(x) ? -0 : 0 - x),
  abs: (x) => (x < 0 || isMinusZero(x) ? 0 - x : x),
  sign: (x) => (x > 0 ? 1 : x < 0 ? -1 : x),
};

const binaryOracles: Partial<Record<keyof CommonKernels, (a: number, b: number) => number>> = {
  add: (a, b) => a + b,
  sub: (a, b) => a - b,
  maximum: larger,
  minimum: (a, b) => -larger(-a, -b),
  equal: (a, b) => Number(a === b),
  notEqual: (a, b) => Number(!(a === b)),
  less: (a, b) => Number(a < b),
  lessEqual: (a, b) => Number(a < b || a === b),
};

const floatBinaryOracles: Partial<
  Record<keyof FloatKernels, (round: (x: number) => number) => (a: number, b: number) => number>
> = {
  mul: () => (a, b) => a * b,
  div: () => (a, b) => a / b,
  tanhGrad: (round) => (g, a) => g * round(1 - round(a * a)),
  sigmoidGrad: (round) => (g, a) => g * round(a * round(1 - a)),
};

function checkUnary(
  dtype: Dtype,
  kernel: (x: number, y: number, n: number) => void,
  oracle: (x: number) => number,
): void {
  fc.assert(
    fc.property(fc.array(value(dtype), { maxLength: 20 }), fc.boolean(), (xs, inPlace) => {
      bench.clear();
      const x = bench.put(dtype, xs);
      const y = inPlace ? x : bench.room(dtype, xs.length);
      kernel(x, y, xs.length);
      expect(bench.take(dtype, y, xs.length)).toEqual(xs.map((v) => rounding[dtype](oracle(v))));
      if (!inPlace) expect(bench.take(dtype, x, xs.length)).toEqual(xs);
    }),
    runs,
  );
}

/**
 * A matrix operand in a layout that broadcasting produces: rows with or without gaps, one row, one
 * column, one number.
 */
const layout = fc.record({
  row: fc.constantFrom(0, 1, 2),
  col: fc.constantFrom(0, 1),
  gap: fc.nat({ max: 3 }),
});

function checkBinary(dtype: Dtype, name: keyof FloatKernels, oracle: (a: number, b: number) => number): void {
  const kernel = (kernelsOf(dtype) as FloatKernels)[name] as CommonKernels['add'];
  const shape = fc.record({ rows: fc.nat({ max: 4 }), cols: fc.nat({ max: 9 }), gap: fc.nat({ max: 2 }) });
  fc.assert(
    fc.property(
      shape,
      layout,
      layout,
      values(value(dtype), 60),
      values(value(dtype), 60),
      (s, la, lb, as, bs) => {
        const rowStride = (l: { row: number; gap: number }): number =>
          l.row === 0 ? 0 : l.row === 1 ? 1 : s.cols + l.gap;
        const yRow = s.cols + s.gap;
        bench.clear();
        const a = bench.put(dtype, as);
        const b = bench.put(dtype, bs);
        const y = bench.room(dtype, s.rows * yRow);
        kernel(a, rowStride(la), la.col, b, rowStride(lb), lb.col, y, yRow, s.rows, s.cols);
        // Between the rows nothing is written.
        const expected = new Array<number>(s.rows * yRow).fill(BLANK);
        for (let r = 0; r < s.rows; r++) {
          for (let c = 0; c < s.cols; c++) {
            const left = as[r * rowStride(la) + c * la.col]!;
            const right = bs[r * rowStride(lb) + c * lb.col]!;
            expected[r * yRow + c] = rounding[dtype](oracle(left, right));
          }
        }
        expect(bench.take(dtype, y, s.rows * yRow)).toEqual(expected);
      },
    ),
    runs,
  );
}

for (const dtype of dtypes) {
  for (const [name, oracle] of Object.entries(unaryOracles)) {
    test(`${name} of ${dtype} equals plain arithmetic on every kind of number, in place or not`, () => {
      checkUnary(dtype, kernelsOf(dtype)[name as 'neg'], oracle);
    });
  }

  for (const [name, oracle] of Object.entries(binaryOracles)) {
    test(`${name} of ${dtype} equals plain arithmetic under every broadcast layout`, () => {
      checkBinary(dtype, name as 'add', oracle);
    });
  }

  test(`where of ${dtype} selects by a condition that is not zero, NaN included`, () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(value(dtype), value(dtype), value(dtype)), { maxLength: 12 }), (rows) => {
        bench.clear();
        const [c, a, b] = [0, 1, 2].map((column) =>
          bench.put(
            dtype,
            rows.map((row) => row[column]!),
          ),
        );
        const y = bench.room(dtype, rows.length);
        kernelsOf(dtype).where(c!, a!, b!, y, rows.length);
        expect(bench.take(dtype, y, rows.length)).toEqual(
          rows.map(([condition, x, z]) => (condition === 0 ? z : x)),
        );
      }),
      runs,
    );
  });
}

test('mul of int32 wraps as two-complement integers do', () => {
  checkBinary('int32', 'mul', (a, b) => Number(BigInt.asIntN(32, BigInt(a) * BigInt(b))));
});

for (const dtype of floats) {
  for (const [name, oracle] of Object.entries(floatBinaryOracles)) {
    test(`${name} of ${dtype} equals plain arithmetic, each step rounded, under every broadcast layout`, () => {
      checkBinary(dtype, name as 'mul', oracle(rounding[dtype]));
    });
  }

  test(`sqrt of ${dtype} is the nearest number to the exact root`, () => {
    checkUnary(dtype, floatKernelsOf(dtype).sqrt, Math.sqrt);
  });

  test(`relu of ${dtype} lets positive numbers and NaN through and gives +0 otherwise`, () => {
    checkUnary(dtype, floatKernelsOf(dtype).relu, (x) => (x > 0 || Number.isNaN(x) ? x : 0));
  });

  test(`the elementary kernels of ${dtype} are near the functions they are named after`, () => {
    const kernels = floatKernelsOf(dtype);
    const epsilon = dtype === 'float32' ? 2 ** -23 : 2 ** -52;
    const functions: Partial<Record<keyof FloatKernels, (x: number) => number>> = {
      exp: Math.exp,
      expm1: Math.expm1,
      log: Math.log,
      log1p: Math.log1p,
      tanh: Math.tanh,
      sigmoid: (x) => 1 / (1 + Math.exp(-x)),
    };
    const xs = [-20, -3, -0.9, -0.25, 0, 0.001, 0.3, 0.7, 1, 2.5, 19].map(rounding[dtype]);
    for (const [name, f] of Object.entries(functions)) {
      bench.clear();
      const y = bench.room(dtype, xs.length);
      kernels[name as 'exp'](bench.put(dtype, xs), y, xs.length);
      for (const [i, got] of bench.take(dtype, y, xs.length).entries()) {
        const exact = f(xs[i]!);
        if (Number.isFinite(exact))
          expect(Math.abs(got - exact)).toBeLessThanOrEqual(3 * epsilon * Math.abs(exact));
        else expect(got).toBe(exact);
      }
    }
  });
}

test('pow raises element by element', () => {
  for (const dtype of floats as readonly Float[]) {
    bench.clear();
    const y = bench.room(dtype, 5);
    const a = bench.put(dtype, [2, 3, -2, 9, 0]);
    floatKernelsOf(dtype).pow(a, 5, 1, bench.put(dtype, [10, -1, 3, 0.5, 0]), 5, 1, y, 5, 1, 5);
    expect(bench.take(dtype, y, 5)).toEqual([1024, rounding[dtype](1 / 3), -8, 3, 1]);
  }
});
