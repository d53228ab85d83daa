/** Samples of composed ops, from easy to hard. */
import { dot, outer, type Tensor } from '@chronograd/tensor';
import fc from 'fast-check';
import { elementwise, inner } from '../plain.ts';
import { gateRows } from './composed-gates.ts';
import { letterRows } from './composed-letters.ts';
import { partRows } from './composed-parts.ts';
import { reductionRows } from './composed-reductions.ts';
import { unary } from './elementwise.ts';
import { divisor, even, filled, odd, type Row, Sample, shapes, shapesTogether, size } from './sample.ts';

const outerRow: Row = fc
  .tuple(size, size)
  .chain(([m, n]) => fc.tuple(filled([m]), filled([n])))
  .map(
    ([a, b]) =>
      new Sample(
        'outer',
        [a, b],
        (x, y) => outer(x!, y!),
        (x, y) => ({
          shape: [x!.values.length, y!.values.length],
          values: x!.values.flatMap((each) => y!.values.map((other) => each * other)),
        }),
      ),
  );

const dotRow: Row = shapes
  .chain((shape) => fc.tuple(filled(shape), filled(shape)))
  .map(
    ([a, b]) =>
      new Sample(
        'dot',
        [a, b],
        (x, y) => dot(x!, y!),
        (x, y) => ({ shape: [], values: [inner(x!.values, y!.values)] }),
      ),
  );

const comparison = (
  name: string,
  call: (a: Tensor, b: Tensor) => Tensor,
  holds: (a: number, b: number) => boolean,
): Row =>
  shapesTogether(2)
    .chain(([a, b]) => fc.tuple(filled(a!, odd), filled(b!, even)))
    .map(
      ([a, b]) =>
        new Sample(
          name,
          [a, b],
          (x, y) => call(x!, y!),
          (x, y) => elementwise((p, q) => (holds(p!, q!) ? 1 : 0), x!, y!),
        ),
    );

export const composed: Readonly<Record<string, Row>> = {
  square: unary(
    'square',
    (x) => x.square(),
    (x) => x * x,
  ),
  reciprocal: unary(
    'reciprocal',
    (x) => x.reciprocal(),
    (x) => 1 / x,
    divisor,
  ),
  silu: unary(
    'silu',
    (x) => x.silu(),
    (x) => x / (1 + Math.exp(-x)),
  ),
  softplus: unary(
    'softplus',
    (x) => x.softplus(),
    (x) => Math.log(1 + Math.exp(x)),
  ),
  clamp: unary(
    'clamp',
    (x) => x.clamp(-0.5, 0.75),
    (x) => Math.min(Math.max(x, -0.5), 0.75),
    odd,
  ),
  greater: comparison(
    'greater',
    (a, b) => a.greater(b),
    (a, b) => a > b,
  ),
  greaterEqual: comparison(
    'greaterEqual',
    (a, b) => a.greaterEqual(b),
    (a, b) => a >= b,
  ),
  outer: outerRow,
  dot: dotRow,
  ...reductionRows,
  ...partRows,
  ...gateRows,
  ...letterRows,
};
