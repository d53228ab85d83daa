/** Samples of products: matrices, vectors, batches that broadcast, and the linear map. */
import { linear } from '@chronograd/tensor';
import fc from 'fast-check';
import { at, build, commonShape, type Plain, total } from '../plain.ts';
import { filled, type Row, Sample, shapes, shapesTogether, size } from './sample.ts';

/** The definition, for matrices with leading axes. */
export function productOf(a: Plain, b: Plain): Plain {
  const [m, k, n] = [a.shape.at(-2)!, a.shape.at(-1)!, b.shape.at(-1)!];
  const batch = commonShape(a.shape.slice(0, -2), b.shape.slice(0, -2));
  return build([...batch, m, n], (index) => {
    const [lead, row, column] = [index.slice(0, -2), index.at(-2)!, index.at(-1)!];
    const terms = Array.from({ length: k }, (_, i) => at(a, [...lead, row, i]) * at(b, [...lead, i, column]));
    return total(terms);
  });
}

/** A vector is a row on the left and a column on the right, and its axis goes. */
function oracle(a: Plain, b: Plain): Plain {
  const left = a.shape.length === 1 ? { ...a, shape: [1, ...a.shape] } : a;
  const right = b.shape.length === 1 ? { ...b, shape: [...b.shape, 1] } : b;
  const product = productOf(left, right);
  let shape = [...product.shape];
  if (a.shape.length === 1) shape = shape.toSpliced(-2, 1);
  if (b.shape.length === 1) shape = shape.toSpliced(-1, 1);
  return { ...product, shape };
}

const operands = (a: readonly number[], b: readonly number[]): Row =>
  fc.tuple(filled(a), filled(b)).map(
    ([x, y]) =>
      new Sample(
        'matmul',
        [x, y],
        (p, q) => p!.matmul(q!),
        (p, q) => oracle(p!, q!),
      ),
  );

const sizes = fc.tuple(size, size, size);

/** x·Wᵀ + plus by its definition. */
function linearOracle(x: Plain, weight: Plain, plus: Plain): Plain {
  const inputs = weight.shape[1]!;
  return build([...x.shape.slice(0, -1), weight.shape[0]!], (index) => {
    const [lead, row] = [index.slice(0, -1), index.at(-1)!];
    const terms = Array.from({ length: inputs }, (_, i) => at(x, [...lead, i]) * at(weight, [row, i]));
    return at(plus, index) + total(terms);
  });
}

/** Leading axes of any number; a bias, or something of the result's shape. */
const linearRow: Row = fc
  .tuple(shapes, size, size, fc.boolean())
  .chain(([lead, i, o, bias]) =>
    fc.tuple(filled([...lead, i]), filled([o, i]), filled(bias ? [o] : [...lead, o])),
  )
  .map(
    (inputs) =>
      new Sample(
        'linear',
        inputs,
        (x, weight, plus) => linear(x!, weight!, plus!),
        (x, weight, plus) => linearOracle(x!, weight!, plus!),
      ),
  );

export const matmulRows: Readonly<Record<'matmul' | 'linear', Row>> = {
  matmul: fc.oneof(
    { weight: 3, arbitrary: sizes.chain(([m, k, n]) => operands([m, k], [k, n])) },
    { weight: 1, arbitrary: sizes.chain(([m, k]) => operands([m, k], [k])) },
    { weight: 1, arbitrary: sizes.chain(([, k, n]) => operands([k], [k, n])) },
    { weight: 1, arbitrary: size.chain((k) => operands([k], [k])) },
    {
      weight: 3,
      arbitrary: fc
        .tuple(sizes, shapesTogether(2))
        .chain(([[m, k, n], [a, b]]) => operands([...a!.slice(-2), m, k], [...b!.slice(-2), k, n])),
    },
  ),
  linear: linearRow,
};
