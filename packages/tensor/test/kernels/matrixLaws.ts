/** The rows of the kernel law for kernels that see a matrix: moves, products, the loss. */
import fc from 'fast-check';
import type { FloatKernels } from '../../src/kernels/contract.ts';
import { type Law, law } from './law.ts';

const size = (max: number): fc.Arbitrary<number> => fc.integer({ min: 0, max });

/**
 * Strides, in elements, under which rows × cols do not overlap: dense, with a gap after each row,
 * by columns, with gaps everywhere.
 */
const order = fc.constantFrom('dense', 'rows', 'columns', 'gaps');

function strides(form: string, rows: number, cols: number): { row: number; col: number; n: number } {
  const forms: Record<string, readonly [row: number, col: number]> = {
    dense: [cols, 1],
    rows: [cols + 1, 1],
    columns: [1, Math.max(rows, 1)],
    gaps: [2 * cols + 3, 2],
    oneRow: [0, 1],
  };
  const [row, col] = forms[form]!;
  return { row, col, n: rows === 0 || cols === 0 ? 0 : (rows - 1) * row + (cols - 1) * col + 1 };
}

export const matrixLaws: Readonly<
  Pick<
    Record<keyof FloatKernels, Law>,
    'fill' | 'copy' | 'transpose' | 'gather' | 'scatterAdd' | 'matmul' | 'crossEntropy' | 'crossEntropyGrad'
  >
> = {
  fill: law(
    fc.record({ n: size(67), value: fc.constantFrom(0, -0, 0.1, Number.NaN, -7) }),
    (trial, { n, value }) => {
      const y = trial.output(n);
      return (kernels) => kernels.fill(y.address, n, value);
    },
  ),

  copy: law(
    fc.record({
      from: order,
      to: order,
      rows: size(13),
      cols: size(13),
      flip: fc.boolean(),
      repeat: fc.boolean(),
    }),
    (trial, { from, to, rows, cols, flip, repeat }) => {
      const source = strides(from, rows, cols);
      const target = strides(to, rows, cols);
      const x = trial.input(source.n);
      const y = trial.output(target.n);
      // Flipped: starts at the last row and walks back. Repeated: one row for all.
      const row = repeat ? 0 : flip ? -source.row : source.row;
      const start = flip && !repeat && rows > 0 ? (rows - 1) * source.row * trial.size : 0;
      return (kernels) =>
        kernels.copy(x.address + start, row, source.col, y.address, target.row, target.col, rows, cols);
    },
  ),

  transpose: law(
    fc.record({ rows: size(13), cols: size(13), gap: size(2) }),
    (trial, { rows, cols, gap }) => {
      const x = trial.input(rows === 0 ? 0 : (rows - 1) * (cols + gap) + cols);
      const y = trial.output(rows * cols);
      return (kernels) => kernels.transpose(x.address, cols + gap, y.address, rows, cols);
    },
  ),

  gather: law(
    fc.record({ n: size(9), width: fc.oneof(size(37), fc.integer({ min: 120, max: 300 })) }),
    (trial, { n, width }) => {
      const table = trial.input(5 * width);
      const indices = trial.input(n, () => trial.below(5), 'int32');
      const y = trial.output(n * width);
      return (kernels) => kernels.gather(table.address, indices.address, y.address, n, width);
    },
  ),

  scatterAdd: law(fc.record({ n: size(9), width: size(37) }), (trial, { n, width }) => {
    const table = trial.output(5 * width);
    const indices = trial.input(n, () => trial.below(5), 'int32');
    const g = trial.input(n * width);
    return (kernels) => kernels.scatterAdd(table.address, indices.address, g.address, n, width);
  }),

  matmul: law(
    fc.record({
      form: fc.oneof(order, fc.constant('oneRow')),
      // Now and then rows enough for panels of B to be packed.
      m: fc.oneof(
        { weight: 8, arbitrary: size(9) },
        { weight: 1, arbitrary: fc.integer({ min: 14, max: 80 }) },
      ),
      n: size(37),
      // Deep enough now and then for more than one block of k.
      k: fc.oneof(
        { weight: 8, arbitrary: size(9) },
        { weight: 1, arbitrary: fc.integer({ min: 126, max: 260 }) },
      ),
      // 1024 elements: rows that lie 4096 bytes apart or twice that.
      bGap: fc.constantFrom(0, 0, 3, 1024),
      cGap: fc.constantFrom(0, 2),
      accumulate: fc.constantFrom(0, 1),
    }),
    (trial, { form, m, n, k, bGap, cGap, accumulate }) => {
      const a = strides(form, m, k);
      const bRow = bGap === 1024 ? (k > 20 ? n : 1024) : n + bGap;
      const cRow = n + cGap;
      const left = trial.input(a.n);
      const right = trial.input(k === 0 ? 0 : (k - 1) * bRow + n);
      const out = trial.output(m === 0 ? 0 : (m - 1) * cRow + n);
      return (kernels) =>
        kernels.matmul(
          left.address,
          a.row,
          a.col,
          right.address,
          bRow,
          out.address,
          cRow,
          m,
          n,
          k,
          accumulate,
        );
    },
  ),

  crossEntropy: law(
    fc.record({ rows: size(4), v: fc.integer({ min: 1, max: 140 }) }),
    (trial, { rows, v }) => {
      const logits = trial.input(rows * v);
      const targets = trial.input(rows, () => (trial.below(4) === 0 ? -100 : trial.below(v)), 'int32');
      const loss = trial.output(rows);
      const probs = trial.output(rows * v);
      return (kernels) =>
        kernels.crossEntropy(logits.address, targets.address, loss.address, probs.address, rows, v, -100);
    },
  ),

  crossEntropyGrad: law(
    fc.record({ rows: size(4), v: fc.integer({ min: 1, max: 67 }), gRow: size(1) }),
    (trial, { rows, v, gRow }) => {
      const probs = trial.input(rows * v);
      const targets = trial.input(rows, () => (trial.below(4) === 0 ? -100 : trial.below(v)), 'int32');
      const g = trial.input(rows === 0 ? 0 : (rows - 1) * gRow + 1);
      const y = trial.output(rows * v);
      return (kernels) =>
        kernels.crossEntropyGrad(probs.address, targets.address, g.address, gRow, y.address, rows, v, -100);
    },
  ),
};
