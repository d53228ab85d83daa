/** Samples of elementwise primitives of two and three operands. */
import { type Operand, type Tensor, tensor, where } from '@chronograd/tensor';
import { sigmoidGrad, tanhGrad } from '@chronograd/tensor/engine';
import fc from 'fast-check';
import { at, build, commonShape, elementwise } from '../plain.ts';
import {
  anyNumber,
  divisor,
  even,
  filled,
  odd,
  positive,
  type Row,
  Sample,
  shapes,
  shapesTogether,
} from './sample.ts';

type Call = (a: Tensor, b: Operand) => Tensor;
type Formula = (a: number, b: number) => number;

/** Two tensors that broadcast, or a tensor and a number. */
function binary(
  name: string,
  call: Call,
  formula: Formula,
  first: fc.Arbitrary<number> = anyNumber,
  second: fc.Arbitrary<number> = anyNumber,
): Row {
  const tensors = shapesTogether(2)
    .chain(([a, b]) => fc.tuple(filled(a!, first), filled(b!, second)))
    .map(
      ([a, b]) =>
        new Sample(
          name,
          [a, b],
          (x, y) => call(x!, y!),
          (x, y) => elementwise(formula, x!, y!),
        ),
    );
  const number = fc.tuple(shapes, second).chain(([shape, b]) =>
    filled(shape, first).map(
      (a) =>
        new Sample(
          `${name} with ${b}`,
          [a],
          (x) => call(x!, b),
          (x) => elementwise((each) => formula(each, b), x!),
        ),
    ),
  );
  return fc.oneof({ weight: 3, arbitrary: tensors }, { weight: 1, arbitrary: number });
}

const comparison = (name: string, call: Call, holds: (a: number, b: number) => boolean): Row =>
  binary(name, call, (a, b) => (holds(a, b) ? 1 : 0), odd, even);

/** Any base to a whole exponent, 0 and negative ones included. */
const wholePowers: Row = fc.tuple(shapes, fc.constantFrom(-2, -1, 0, 1, 2, 3)).chain(([shape, exponent]) =>
  filled(shape, exponent < 0 ? divisor : anyNumber).map(
    (x) =>
      new Sample(
        `pow ${exponent}`,
        [x],
        (a) => a!.pow(exponent),
        (a) => elementwise((each) => each ** exponent, a!),
      ),
  ),
);

/** The condition is whatever the call holds: 0s and others, of any dtype and shape. */
const whereRow: Row = fc
  .tuple(shapesTogether(3), fc.constantFrom('int32' as const, 'float32' as const, 'float64' as const))
  .chain(([[shape, a, b], dtype]) =>
    fc.tuple(filled(shape!, fc.constantFrom(0, 1, -2)), filled(a!), filled(b!)).map(([condition, x, y]) => {
      const mask = tensor(new Float64Array(condition.values), { shape: condition.shape, dtype });
      return new Sample(
        `where ${dtype} [${condition.shape}] ${condition.values}`,
        [x, y],
        (p, q) => where(mask, p!, q!),
        (p, q) =>
          build(commonShape(condition.shape, p!.shape, q!.shape), (index) =>
            at(condition, index) === 0 ? at(q!, index) : at(p!, index),
          ),
      );
    }),
  );

export const binaryRows: Readonly<
  Record<
    | 'add'
    | 'sub'
    | 'mul'
    | 'div'
    | 'pow'
    | 'maximum'
    | 'minimum'
    | 'equal'
    | 'notEqual'
    | 'less'
    | 'lessEqual'
    | 'tanhGrad'
    | 'sigmoidGrad'
    | 'where',
    Row
  >
> = {
  add: binary(
    'add',
    (a, b) => a.add(b),
    (a, b) => a + b,
  ),
  sub: binary(
    'sub',
    (a, b) => a.sub(b),
    (a, b) => a - b,
  ),
  mul: binary(
    'mul',
    (a, b) => a.mul(b),
    (a, b) => a * b,
  ),
  div: binary(
    'div',
    (a, b) => a.div(b),
    (a, b) => a / b,
    anyNumber,
    divisor,
  ),
  pow: fc.oneof(
    binary(
      'pow',
      (a, b) => a.pow(b),
      (a, b) => a ** b,
      positive,
    ),
    wholePowers,
  ),
  maximum: binary('maximum', (a, b) => a.maximum(b), Math.max, odd, even),
  minimum: binary('minimum', (a, b) => a.minimum(b), Math.min, odd, even),
  equal: comparison(
    'equal',
    (a, b) => a.equal(b),
    (a, b) => a === b,
  ),
  notEqual: comparison(
    'notEqual',
    (a, b) => a.notEqual(b),
    (a, b) => a !== b,
  ),
  less: comparison(
    'less',
    (a, b) => a.less(b),
    (a, b) => a < b,
  ),
  lessEqual: comparison(
    'lessEqual',
    (a, b) => a.lessEqual(b),
    (a, b) => a <= b,
  ),
  tanhGrad: binary(
    'tanhGrad',
    (g, y) => tanhGrad(g, asLike(g, y)),
    (g, y) => g * (1 - y * y),
  ),
  sigmoidGrad: binary(
    'sigmoidGrad',
    (g, y) => sigmoidGrad(g, asLike(g, y)),
    (g, y) => g * y * (1 - y),
  ),
  where: whereRow,
};

/** A number as a tensor of the dtype of `like`. */
function asLike(like: Tensor, value: Operand): Tensor {
  return typeof value === 'number' ? tensor(value, { dtype: like.dtype }) : value;
}
