/** Samples of einsum and of elements by index along an axis. */
import { einsum, takeAlong, tensor } from '@chronograd/tensor';
import fc from 'fast-check';
import { at, build, indicesOf, type Plain, total } from '../plain.ts';
import { sortedAlong } from './reduce.ts';
import { axisOf, distinct, filled, fromFront, fullAxedShapes, type Row, Sample } from './sample.ts';
import { seen } from './views.ts';

const EQUATIONS = [
  'ij,jk->ik',
  'bij,bjk->bik',
  'ijb,kbj->bki',
  'i,j->ji',
  'ij,ij->',
  'ij,ij->j',
  'ijk,j->k',
  'ij,jk',
  'ijk->ki',
  'ij->',
];

/** The sum over all letters, one product at a time. */
function summed(inputs: readonly string[], result: string, of: readonly Plain[]): Plain {
  const sizes = new Map(inputs.flatMap((letters, k) => [...letters].map((c, i) => [c, of[k]!.shape[i]!])));
  const [out, rest] = [[...result], [...sizes.keys()].filter((c) => !result.includes(c))];
  const shape = (letters: readonly string[]): number[] => letters.map((c) => sizes.get(c)!);
  return build(shape(out), (index) =>
    total(
      indicesOf(shape(rest)).map((inner) => {
        const value = (c: string): number =>
          result.includes(c) ? index[out.indexOf(c)]! : inner[rest.indexOf(c)]!;
        return inputs.reduce((product, letters, k) => product * at(of[k]!, [...letters].map(value)), 1);
      }),
    ),
  );
}

const einsumRow: Row = fc
  .tuple(
    fc.constantFrom(...EQUATIONS),
    fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 4, maxLength: 4 }),
  )
  .chain(([equation, sizes]) => {
    const [left = '', right] = equation.split('->');
    const inputs = left.split(',');
    const size = (letter: string): number => sizes['bijk'.indexOf(letter)]!;
    const result = right ?? 'ik';
    return fc.tuple(...inputs.map((letters) => filled([...letters].map(size)))).map(
      (tensors) =>
        new Sample(
          `einsum ${equation}`,
          tensors,
          (a, b) => einsum(equation, a!, b),
          (...of) => summed(inputs, result, of),
        ),
    );
  });

/** Indices of x's shape, or with another size along the axis, or that broadcast. */
const takeRow: Row = fullAxedShapes
  .chain((shape) =>
    fc.tuple(filled(shape), axisOf(shape.length), fc.integer({ min: 0, max: 3 }), fc.boolean()),
  )
  .chain(([x, axis, count, one]) => {
    const along = fromFront(axis, x.shape.length);
    const shape = x.shape.map((n, other) => (other === along ? count : one ? 1 : n));
    const indices = filled(shape, fc.nat({ max: x.shape[along]! - 1 }));
    return indices.map((which) =>
      seen(
        `takeAlong ${axis} by ${which.values} of [${shape}]`,
        x,
        (a) => takeAlong(a, tensor(Int32Array.from(which.values), { shape }), axis),
        (a) => build(a.shape.with(along, count), (index) => at(a, index.with(along, at(which, index)))),
      ),
    );
  });

/** Elements at sorted positions. */
const sortRow: Row = fullAxedShapes
  .chain((shape) => fc.tuple(distinct(shape), axisOf(shape.length), fc.boolean()))
  .map(([x, axis, descending]) => {
    const along = fromFront(axis, x.shape.length);
    return seen(
      `sort along ${axis}${descending ? ', descending' : ''}`,
      x,
      (a) => a.sort(axis, descending).values,
      (a) => {
        const order = sortedAlong(a, along, descending);
        return build(a.shape, (index) => at(a, index.with(along, at(order, index))));
      },
    );
  });

const topkRow: Row = fullAxedShapes
  .chain((shape) => fc.tuple(distinct(shape), axisOf(shape.length), fc.boolean(), fc.nat({ max: 2 })))
  .map(([x, axis, largest, most]) => {
    const along = fromFront(axis, x.shape.length);
    const k = Math.min(most, x.shape[along]!);
    return seen(
      `topk ${k} along ${axis}, ${largest ? 'largest' : 'smallest'}`,
      x,
      (a) => a.topk(k, axis, largest).values,
      (a) => {
        const order = sortedAlong(a, along, largest);
        return build(a.shape.with(along, k), (index) => at(a, index.with(along, at(order, index))));
      },
    );
  });

export const letterRows: Readonly<Record<string, Row>> = {
  einsum: einsumRow,
  takeAlong: takeRow,
  sort: sortRow,
  topk: topkRow,
};
