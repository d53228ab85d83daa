import fc from 'fast-check';
import { expect, test } from 'vitest';
import { value, values } from './values.ts';
import { BLANK, bench, floatKernelsOf, floats, rounding } from './workbench.ts';

const runs = { seed: 1, numRuns: 100 };
const sizes = fc.record({ m: fc.nat({ max: 5 }), n: fc.nat({ max: 9 }), k: fc.nat({ max: 9 }) });
const gaps = fc.record({ a: fc.nat({ max: 3 }), b: fc.nat({ max: 3 }), c: fc.nat({ max: 3 }) });

for (const dtype of floats) {
  const round = rounding[dtype];
  const kernels = floatKernelsOf(dtype);

  test(`matmul of ${dtype} is the naive triple loop with k ascending, for any strides, transposed or accumulating`, () => {
    const operands = fc.tuple(values(value(dtype), 120), values(value(dtype), 120), values(value(dtype), 60));
    fc.assert(
      fc.property(
        sizes,
        gaps,
        fc.boolean(),
        fc.boolean(),
        operands,
        (s, gap, transposed, accumulate, [as, bs, cs]) => {
          const [aRow, aCol] = transposed ? [1, s.m + gap.a] : [s.k + gap.a, 1];
          const bRow = s.n + gap.b;
          const cRow = s.n + gap.c;
          bench.clear();
          const a = bench.put(dtype, as);
          const b = bench.put(dtype, bs);
          const c = bench.put(dtype, cs);
          kernels.matmul(a, aRow, aCol, b, bRow, c, cRow, s.m, s.n, s.k, accumulate ? 1 : 0);

          const expected = [...cs];
          for (let i = 0; i < s.m; i++) {
            for (let j = 0; j < s.n; j++) {
              let sum = accumulate ? cs[i * cRow + j]! : 0;
              for (let p = 0; p < s.k; p++)
                sum = round(sum + round(as[i * aRow + p * aCol]! * bs[p * bRow + j]!));
              expected[i * cRow + j] = sum;
            }
          }
          expect(bench.take(dtype, c, cs.length)).toEqual(expected);
        },
      ),
      runs,
    );
  });

  test(`a row of a ${dtype} product does not depend on the rows around it`, () => {
    fc.assert(
      fc.property(values(value(dtype), 4 * 7), values(value(dtype), 7 * 5), (as, bs) => {
        bench.clear();
        const a = bench.put(dtype, as);
        const b = bench.put(dtype, bs);
        const all = bench.room(dtype, 4 * 5);
        const one = bench.room(dtype, 5);
        const size = dtype === 'float64' ? 8 : 4;
        kernels.matmul(a, 7, 1, b, 5, all, 5, 4, 5, 7, 0);
        kernels.matmul(a + 2 * 7 * size, 7, 1, b, 5, one, 5, 1, 5, 7, 0);
        expect(bench.take(dtype, one, 5)).toEqual(bench.take(dtype, all, 20).slice(10, 15));
      }),
      runs,
    );
  });

  test(`transpose of ${dtype} swaps rows and columns of a matrix that may have gaps between its rows`, () => {
    fc.assert(
      fc.property(sizes, gaps, values(value(dtype), 120), ({ m, n }, gap, xs) => {
        const xRow = n + gap.a;
        bench.clear();
        const x = bench.put(dtype, xs);
        const y = bench.room(dtype, m * n);
        kernels.transpose(x, xRow, y, m, n);
        const expected = new Array<number>(m * n).fill(BLANK);
        for (let r = 0; r < m; r++) for (let c = 0; c < n; c++) expected[c * m + r] = xs[r * xRow + c]!;
        expect(bench.take(dtype, y, m * n)).toEqual(expected);
      }),
      runs,
    );
  });
}
