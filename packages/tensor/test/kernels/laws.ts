/**
 * The launches that the kernel law tries, one row per kernel. A kernel without a row fails the law.
 */
import fc from 'fast-check';
import type { FloatKernels } from '../../src/kernels/contract.ts';
import { type Law, law } from './law.ts';
import { matrixLaws } from './matrixLaws.ts';
import type { Block, Trial } from './trial.ts';

type NamesOf<Kernel> = {
  [K in keyof FloatKernels]: FloatKernels[K] extends Kernel
    ? Kernel extends FloatKernels[K]
      ? K
      : never
    : never;
}[keyof FloatKernels];

const length = fc.integer({ min: 0, max: 67 });

const unary = (name: NamesOf<FloatKernels['neg']>): Law =>
  law(fc.record({ n: length, inPlace: fc.boolean() }), (trial, { n, inPlace }) => {
    const y = trial.output(n);
    const x = inPlace ? y : trial.input(n);
    return (kernels) => kernels[name](x.address, y.address, n);
  });

const cast = (name: 'toFloat32' | 'toFloat64' | 'toInt32', dtype: 'float32' | 'float64' | 'int32'): Law =>
  law(length, (trial, n) => {
    const x = trial.input(n, () => (trial.below(3) === 0 ? trial.value() * 1e9 : trial.value()));
    const y = trial.output(n, dtype);
    return (kernels) => kernels[name](x.address, y.address, n);
  });

/**
 * An operand of rows × cols: dense, with gaps between rows, or with rows, columns or both
 * broadcast.
 */
const operand = fc.constantFrom('dense', 'gaps', 'row', 'column', 'number');

function place(
  trial: Trial,
  form: string,
  rows: number,
  cols: number,
): { block: Block; row: number; col: number } {
  const col = form === 'column' || form === 'number' ? 0 : 1;
  const width = col === 0 ? Math.min(cols, 1) : cols;
  const row = form === 'row' || form === 'number' ? 0 : form === 'gaps' ? width + 3 : width;
  return { block: trial.input(rows === 0 ? 0 : (rows - 1) * row + width), row, col };
}

const binary = (name: NamesOf<FloatKernels['add']>): Law =>
  law(
    fc.record({
      left: operand,
      right: operand,
      rows: fc.integer({ min: 0, max: 4 }),
      cols: length,
      gap: fc.constantFrom(0, 2),
      inPlace: fc.constantFrom('no', 'no', 'a', 'b'),
    }),
    (trial, { left, right, rows, cols, gap, inPlace }) => {
      const yRow = cols + gap;
      const y = trial.output(rows === 0 ? 0 : (rows - 1) * yRow + cols);
      const own = { block: y, row: yRow, col: 1 };
      const a = inPlace === 'a' ? own : place(trial, left, rows, cols);
      const b = inPlace === 'b' ? own : place(trial, right, rows, cols);
      return (kernels) =>
        kernels[name](
          ...[a.block.address, a.row, a.col],
          ...[b.block.address, b.row, b.col],
          ...[y.address, yRow, rows, cols],
        );
    },
  );

/**
 * Short rows of many shapes, and long ones over several blocks of 128: alone, or with enough
 * columns for four vectors at a time.
 */
const reduced = (least: number) =>
  fc.oneof(
    fc.record({
      outer: fc.integer({ min: 0, max: 3 }),
      n: fc.integer({ min: least, max: 40 }),
      inner: fc.integer({ min: 1, max: 9 }),
    }),
    fc.record({
      outer: fc.constant(1),
      n: fc.integer({ min: 100, max: 1100 }),
      inner: fc.constantFrom(1, 1, 3, 16, 37),
    }),
  );

const reduce = (name: 'sum' | 'max' | 'min' | 'argmax', least: number): Law =>
  law(reduced(least), (trial, { outer, n, inner }) => {
    const x = trial.input(outer * n * inner);
    const y = trial.output(outer * inner, name === 'argmax' ? 'int32' : trial.dtype);
    return (kernels) => kernels[name](x.address, y.address, outer, n, inner);
  });

const count = fc.oneof(length, fc.integer({ min: 120, max: 400 }));
const rate = fc.constantFrom(0.1, 0.05, 1e-8, 1, 0, -0.3);

export const laws: Readonly<Record<keyof FloatKernels, Law>> = {
  neg: unary('neg'),
  abs: unary('abs'),
  sign: unary('sign'),
  sqrt: unary('sqrt'),
  exp: unary('exp'),
  expm1: unary('expm1'),
  log: unary('log'),
  log1p: unary('log1p'),
  tanh: unary('tanh'),
  sigmoid: unary('sigmoid'),
  sin: unary('sin'),
  cos: unary('cos'),
  erf: unary('erf'),
  relu: unary('relu'),

  add: binary('add'),
  sub: binary('sub'),
  mul: binary('mul'),
  div: binary('div'),
  pow: binary('pow'),
  maximum: binary('maximum'),
  minimum: binary('minimum'),
  equal: binary('equal'),
  notEqual: binary('notEqual'),
  less: binary('less'),
  lessEqual: binary('lessEqual'),
  tanhGrad: binary('tanhGrad'),
  sigmoidGrad: binary('sigmoidGrad'),

  where: law(
    fc.record({ n: length, inPlace: fc.constantFrom('no', 'c', 'a', 'b') }),
    (trial, { n, inPlace }) => {
      const y = trial.output(n);
      const c = inPlace === 'c' ? y : trial.input(n, () => (trial.below(2) === 0 ? 0 : trial.value()));
      const a = inPlace === 'a' ? y : trial.input(n);
      const b = inPlace === 'b' ? y : trial.input(n);
      return (kernels) => kernels.where(c.address, a.address, b.address, y.address, n);
    },
  ),

  sum: reduce('sum', 0),
  max: reduce('max', 1),
  min: reduce('min', 1),
  argmax: reduce('argmax', 1),
  argsort: law(fc.tuple(reduced(1), fc.constantFrom(0, 1)), (trial, [{ outer, n, inner }, descending]) => {
    const x = trial.input(outer * n * inner);
    const y = trial.output(outer * n * inner, 'int32');
    return (kernels) => kernels.argsort(x.address, y.address, outer, n, inner, descending);
  }),

  toFloat32: cast('toFloat32', 'float32'),
  toFloat64: cast('toFloat64', 'float64'),
  toInt32: cast('toInt32', 'int32'),

  maxAbs: law(count, (trial, n) => {
    const x = trial.input(n);
    return (kernels) => kernels.maxAbs(x.address, n);
  }),
  sumSquares: law(
    fc.record({ n: count, scale: fc.constantFrom(1, 0.5, 1e-30, Number.POSITIVE_INFINITY) }),
    (trial, { n, scale }) => {
      const x = trial.input(n);
      return (kernels) => kernels.sumSquares(x.address, n, scale);
    },
  ),
  clip: law(
    fc.record({
      n: length,
      bounds: fc.constantFrom(
        [-5, 5],
        [-0.1, 0.1],
        [0, 1],
        [-0, 1],
        [-1, 0],
        [-1, -0],
        [1, -1],
        [Number.NaN, 1],
      ),
      inPlace: fc.boolean(),
    }),
    (trial, { n, bounds, inPlace }) => {
      const [low, high] = bounds as [number, number];
      const y = trial.output(n);
      const x = inPlace ? y : trial.input(n);
      return (kernels) => kernels.clip(x.address, y.address, n, low, high);
    },
  ),
  sgd: law(fc.record({ n: length, lr: rate }), (trial, { n, lr }) => {
    const p = trial.output(n);
    const g = trial.input(n);
    return (kernels) => kernels.sgd(p.address, g.address, n, lr);
  }),
  adagrad: law(
    fc.record({ n: length, lr: rate, eps: fc.constantFrom(1e-8, 1e-10, 0.1), inside: fc.constantFrom(0, 1) }),
    (trial, { n, lr, eps, inside }) => {
      const p = trial.output(n);
      const g = trial.input(n);
      const s = trial.output(n);
      return (kernels) => kernels.adagrad(p.address, g.address, s.address, n, lr, eps, inside);
    },
  ),
  adam: law(
    fc.record({ n: length, lr: rate, root: fc.constantFrom(0.03, 0.5, 1) }),
    (trial, { n, lr, root }) => {
      const [p, g, m, v] = [trial.output(n), trial.input(n), trial.output(n), trial.output(n)];
      return (kernels) =>
        kernels.adam(
          ...([p.address, g.address, m.address, v.address, n] as const),
          ...([lr, 0.9, 0.1, 0.999, 1 - 0.999, root, 1e-8] as const),
        );
    },
  ),

  ...matrixLaws,
};
