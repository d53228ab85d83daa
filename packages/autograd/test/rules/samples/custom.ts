/** Samples of functions with their own backward. */
import { checkpoint, customGradient } from '@chronograd/autograd';
import type { Tensor } from '@chronograd/tensor';
import fc from 'fast-check';
import { elementwise } from '../plain.ts';
import { filled, type Row, Sample, shapes } from './sample.ts';

/** x²·y + y, with its backward written out. */
const polynomial = customGradient(
  (x: Tensor, y: Tensor) => x.mul(x).mul(y).add(y),
  (g, _, x, y) => [g.mul(x).mul(y).mul(2), g.mul(x.mul(x).add(1))],
  'polynomial',
);

/** 3x, whatever y is: null says that nothing goes to y. */
const first = customGradient(
  (x: Tensor, _y: Tensor) => x.mul(3),
  (g) => [g.mul(3), null],
  'first',
);

/** The input itself is the output. */
const itself = customGradient(
  (x: Tensor) => x,
  (g) => [g],
  'itself',
);

const pairs = shapes.chain((shape) => fc.tuple(filled(shape), filled(shape)));

export const customRows: Readonly<Record<'custom' | 'checkpoint', Row>> = {
  custom: fc.oneof(
    pairs.map(
      ([x, y]) =>
        new Sample(
          'polynomial',
          [x, y],
          (a, b) => polynomial(a!, b!),
          (a, b) => elementwise((p, q) => p! * p! * q! + q!, a!, b!),
        ),
    ),
    pairs.map(
      ([x, y]) =>
        new Sample(
          'first',
          [x, y],
          (a, b) => first(a!, b!),
          (a) => elementwise((p) => 3 * p!, a!),
        ),
    ),
    shapes
      .chain((shape) => filled(shape))
      .map(
        (x) =>
          new Sample(
            'itself',
            [x],
            (a) => itself(a!),
            (a) => a!,
          ),
      ),
  ),
  checkpoint: pairs.map(
    ([x, y]) =>
      new Sample(
        'checkpoint',
        [x, y],
        (a, b) => checkpoint(() => a!.mul(a!).mul(b!).add(b!)),
        (a, b) => elementwise((p, q) => p! * p! * q! + q!, a!, b!),
      ),
  ),
};
