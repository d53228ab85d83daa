import fc from 'fast-check';
import { expect, test } from 'vitest';
import { value, values } from './values.ts';
import { BLANK, bench, type Dtype, dtypes, kernelsOf, rounding } from './workbench.ts';

const runs = { seed: 1, numRuns: 80 };
const bytes = (dtype: Dtype): number => (dtype === 'float64' ? 8 : 4);

for (const dtype of dtypes) {
  const kernels = kernelsOf(dtype);

  test(`fill of ${dtype} writes one value, rounded to the type, everywhere and nowhere else`, () => {
    const given = dtype === 'int32' ? fc.integer() : fc.double();
    fc.assert(
      fc.property(given, fc.nat({ max: 20 }), (v, n) => {
        bench.clear();
        const y = bench.room(dtype, n);
        kernels.fill(y, n, v);
        expect(bench.take(dtype, y, n)).toEqual(new Array<number>(n).fill(rounding[dtype](v)));
      }),
      runs,
    );
  });

  test(`copy of ${dtype} takes any strides, zero and negative included`, () => {
    const stride = fc.integer({ min: -12, max: 12 });
    const shape = fc.record({ rows: fc.nat({ max: 4 }), cols: fc.nat({ max: 5 }), gap: fc.nat({ max: 2 }) });
    fc.assert(
      fc.property(
        shape,
        stride,
        stride,
        fc.boolean(),
        values(value(dtype), 250),
        (s, row, col, flipped, xs) => {
          // Both walks start in the middle of their block. The output's elements never overlap: it
          // is a matrix with gaps, or its mirror image.
          const dstCol = flipped ? -1 : 1;
          const dstRow = dstCol * (s.cols + s.gap);
          bench.clear();
          const src = bench.put(dtype, xs);
          const dst = bench.room(dtype, 80);
          kernels.copy(
            src + 125 * bytes(dtype),
            row,
            col,
            dst + 40 * bytes(dtype),
            dstRow,
            dstCol,
            s.rows,
            s.cols,
          );
          const expected = new Array<number>(80).fill(BLANK);
          for (let r = 0; r < s.rows; r++) {
            for (let c = 0; c < s.cols; c++)
              expected[40 + r * dstRow + c * dstCol] = xs[125 + r * row + c * col]!;
          }
          expect(bench.take(dtype, dst, 80)).toEqual(expected);
        },
      ),
      runs,
    );
  });

  const tableAndIndices = fc.record({
    width: fc.nat({ max: 5 }),
    indices: fc.array(fc.nat({ max: 5 }), { maxLength: 9 }),
    table: values(value(dtype), 30),
    g: values(value(dtype), 45),
  });

  test(`gather of ${dtype} copies the row of each index`, () => {
    fc.assert(
      fc.property(tableAndIndices, ({ width, indices, table, g: _ }) => {
        bench.clear();
        const y = bench.room(dtype, indices.length * width);
        kernels.gather(bench.put(dtype, table), bench.put('int32', indices), y, indices.length, width);
        expect(bench.take(dtype, y, indices.length * width)).toEqual(
          indices.flatMap((i) => table.slice(i * width, (i + 1) * width)),
        );
      }),
      runs,
    );
  });

  test(`scatterAdd of ${dtype} adds rows in the order of their indices, repeated ones as often as they come`, () => {
    fc.assert(
      fc.property(tableAndIndices, ({ width, indices, table, g }) => {
        bench.clear();
        const address = bench.put(dtype, table);
        kernels.scatterAdd(address, bench.put('int32', indices), bench.put(dtype, g), indices.length, width);
        const expected = [...table];
        indices.forEach((row, i) => {
          for (let j = 0; j < width; j++) {
            expected[row * width + j] = rounding[dtype](expected[row * width + j]! + g[i * width + j]!);
          }
        });
        expect(bench.take(dtype, address, table.length)).toEqual(expected);
      }),
      runs,
    );
  });

  test(`casts of ${dtype} round to the nearest float, truncate to int32, saturate, and turn NaN into 0`, () => {
    const toInt32 = (x: number): number => {
      if (Number.isNaN(x)) return 0;
      if (x >= 2147483647) return 2147483647;
      if (x <= -2147483648) return -2147483648;
      return Number.parseInt(x.toFixed(20), 10) + 0;
    };
    const edges = [2147483647, -2147483648, 2147483520, -0.99, 0.99, 1.5, -1.5, 4e9, -4e9].map((x) =>
      dtype === 'int32' ? toInt32(x) : rounding[dtype](x),
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(value(dtype), fc.constantFrom(...edges)), { maxLength: 12 }), (xs) => {
        for (const [name, target, oracle] of [
          ['toFloat32', 'float32', Math.fround],
          ['toFloat64', 'float64', (x: number) => x],
          ['toInt32', 'int32', toInt32],
        ] as const) {
          bench.clear();
          const x = bench.put(dtype, xs);
          const y = bench.room(target, xs.length);
          kernels[name](x, y, xs.length);
          expect(bench.take(target, y, xs.length)).toEqual(xs.map(oracle));
        }
      }),
      runs,
    );
  });
}
