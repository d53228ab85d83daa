/** Samples of composed ops of gates, of whole numbers, and along axes. */
import {
  arange,
  argmin,
  cumsum,
  floor,
  lerp,
  matvec,
  prod,
  round,
  std,
  type Tensor,
  unstack,
} from '@chronograd/tensor';
import fc from 'fast-check';
import { at, build, elementwise, type Plain, reduceWith, total } from '../plain.ts';
import { series, unary } from './elementwise.ts';
import { reduction } from './reduce.ts';
import {
  anyNumber,
  axedShapes,
  axisOf,
  distinct,
  filled,
  fromFront,
  fullAxedShapes,
  fullShapes,
  meant,
  type Row,
  Sample,
  shapesTogether,
  size,
} from './sample.ts';
import { seen } from './views.ts';

const lerpRow: Row = fc.oneof(
  shapesTogether(3)
    .chain((three) => fc.tuple(...three.map((shape) => filled(shape))))
    .map(
      (inputs) =>
        new Sample(
          'lerp',
          inputs,
          (a, b, w) => lerp(a!, b!, w!),
          (a, b, w) => elementwise((p, q, r) => p! + r! * (q! - p!), a!, b!, w!),
        ),
    ),
  axedShapes
    .chain((shape) => filled(shape))
    .map((x) =>
      seen(
        'lerp to numbers',
        x,
        (a) => a.lerp(3, 0.25),
        (a) => ({ shape: a.shape, values: a.values.map((each) => each + 0.25 * (3 - each)) }),
      ),
    ),
);

/** Away from whole numbers and from those between them: no kinks a step away. */
const between = fc
  .tuple(fc.integer({ min: -3, max: 3 }), fc.constantFrom(0.125, 0.375, 0.625, 0.875))
  .map(([whole, fraction]) => whole + fraction);

/** The elements apart from each other, also where a view repeats them: std bends at equal ones. */
const apart = (x: Tensor): Tensor => x.add(arange(x.size).cast(x.dtype).mul(5).reshape(x.shape));

const stdRow: Row = fc
  .tuple(fc.array(fc.integer({ min: 2, max: 4 }), { minLength: 1, maxLength: 3 }), fc.boolean())
  .chain(([shape, keep]) =>
    fc.tuple(filled(shape), fc.option(axisOf(shape.length), { nil: undefined })).map(([x, axis]) => {
      const correction = keep ? 0 : 1;
      const axes = meant(axis === undefined ? undefined : [fromFront(axis, shape.length)], shape.length);
      return seen(
        `std over ${axis ?? 'all'} corrected by ${correction}`,
        x,
        (a) => std(apart(a), axis, keep, correction),
        (a) => {
          const y = { shape: a.shape, values: a.values.map((each, i) => each + 5 * i) };
          return reduceWith(y, axes, keep, (values) => {
            const middle = total(values) / values.length;
            const squares = total(values.map((value) => (value - middle) ** 2));
            return Math.sqrt(squares / (values.length - correction));
          });
        },
      );
    }),
  );

const argminRow: Row = fullAxedShapes
  .chain((shape) => fc.tuple(distinct(shape), fc.option(axisOf(shape.length), { nil: undefined })))
  .map(([x, axis]) =>
    seen(
      `argmin along ${axis ?? 'all'}`,
      x,
      (a) => argmin(a, axis).cast(a.dtype),
      (a) =>
        reduceWith(
          a,
          meant(axis === undefined ? undefined : [fromFront(axis, a.shape.length)], a.shape.length),
          false,
          (values) => values.indexOf(Math.min(...values)),
        ),
    ),
  );

const cumsumRow: Row = axedShapes
  .chain((shape) => fc.tuple(filled(shape), axisOf(shape.length)))
  .map(([x, axis]) =>
    seen(
      `cumsum along ${axis}`,
      x,
      (a) => cumsum(a, axis),
      (a) => {
        const along = fromFront(axis, a.shape.length);
        return build(a.shape, (index) => {
          let sum = 0;
          for (let k = 0; k <= index[along]!; k++) sum += at(a, index.with(along, k));
          return sum;
        });
      },
    ),
  );

const matvecRow: Row = fc
  .tuple(shapesTogether(2), size, size)
  .filter(([[a, x]]) => a!.length < 3 && x!.length < 3)
  .chain(([[a, x], n, m]) => fc.tuple(filled([...a!, n, m]), filled([...x!, m]), fc.constant(n)))
  .map(
    ([a, x, n]) =>
      new Sample(
        'matvec',
        [a, x],
        (p, q) => matvec(p!, q!),
        (p, q) => {
          const m = q!.shape.at(-1)!;
          const lead = elementwise(() => 0, ones(p!.shape.slice(0, -2)), ones(q!.shape.slice(0, -1))).shape;
          return build([...lead, n], (index) => {
            const [front, row] = [index.slice(0, -1), index.at(-1)!];
            const terms = Array.from({ length: m }, (_, k) => {
              const left = at(p!, [...front, row, k].slice(-Math.max(p!.shape.length, front.length + 2)));
              return left * at(q!, [...front, k]);
            });
            return total(terms);
          });
        },
      ),
  );

const ones = (shape: readonly number[]): Plain => build(shape, () => 1);

/** The positions in reverse order, along the first axis. */
const unstackRow: Row = fullAxedShapes
  .chain((shape) => fc.tuple(filled(shape), axisOf(shape.length)))
  .map(([x, axis]) => {
    const along = fromFront(axis, x.shape.length);
    const last = x.shape[along]! - 1;
    return seen(
      `unstack along ${axis}, last`,
      x,
      (a) => (unstack(a, axis) as Tensor[]).at(-1)!.mul(2),
      (a) => build(a.shape.toSpliced(along, 1), (rest) => 2 * at(a, rest.toSpliced(along, 0, last))),
    );
  });

export const gateRows: Readonly<Record<string, Row>> = {
  oneMinus: unary(
    'oneMinus',
    (x) => x.oneMinus(),
    (x) => 1 - x,
  ),
  lerp: lerpRow,
  logSigmoid: unary(
    'logSigmoid',
    (x) => x.logSigmoid(),
    (x) => -Math.log(1 + Math.exp(-x)),
  ),
  gelu: fc.oneof(
    unary(
      'gelu',
      (x) => x.gelu(),
      (x) => 0.5 * x * (1 + series(x / Math.SQRT2)),
    ),
    unary(
      'gelu',
      (x) => x.gelu('tanh'),
      (x) => 0.5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3))),
    ),
  ),
  floor: unary('floor', floor, Math.floor, between),
  round: unary('round', round, (x) => Math.floor(x + 0.5) + 0 * x, between),
  isFinite: unary(
    'isFinite',
    (x) => x.isFinite(),
    () => 1,
    anyNumber,
  ),
  prod: reduction(
    'prod',
    prod,
    (values) => values.reduce((product, value) => product * value, 1),
    fullShapes,
    filled,
  ),
  std: stdRow,
  argmin: argminRow,
  cumsum: cumsumRow,
  matvec: matvecRow,
  unstack: unstackRow,
};
