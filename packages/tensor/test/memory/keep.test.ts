import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  copyOut,
  memory,
  normal,
  ones,
  Parameter,
  Random,
  scope,
  stack,
  type Tensor,
  tensor,
  zeros,
} from '../../src/index.ts';
import { laid, layouts, plains, shapes } from '../arbitraries.ts';
import { bitsOf } from '../compare.ts';

const x = tensor([
  [1, 2],
  [3, 4],
]);

/** What the values are for whoever reads them, and for a kernel. */
const seen = (kept: Tensor) => [bitsOf(kept), bitsOf(kept.add(0)), bitsOf(scope(() => kept.mul(1)))];

test('What a scope returns stays true for as long as it is held: 100 calls later, and however it is read', () => {
  fc.assert(
    fc.property(
      shapes(3).chain((shape) => plains(shape)),
      layouts,
      fc.boolean(),
      (model, layout, computed) => {
        const kept = scope(() => {
          const y = laid(model, 'float32', layout);
          // The latter starts in the middle of what stack computes.
          return computed ? stack([y, y.mul(2)]).select(1) : y;
        });
        const expected = seen(kept);
        for (let i = 0; i < 100; i++) {
          if (i % 2 === 0) scope(() => ones([64]).mul(i).add(1).sum().item());
          else ones([64]).mul(i);
        }
        expect(seen(kept)).toEqual(expected);
      },
    ),
    { seed: 1, numRuns: 60 },
  );
});

test('Results of single ops stay true when the arena starts again under them', () => {
  const random = new Random(1);
  const held = Array.from({ length: 20 }, () => normal([10], { random }).mul(2));
  const expected = held.map(bitsOf);
  const large = zeros([100_000]);
  // 0.4 MB each: the arena starts again several times.
  for (let i = 0; i < 150; i++) {
    large.add(i);
    if (i % 10 === 0) expect(held.map((each) => bitsOf(each.neg().neg()))).toEqual(expected);
  }
  expect(held.map(bitsOf)).toEqual(expected);
});

test('A view of a parameter is copied on its way out, and the parameter itself is itself', () => {
  const w = new Parameter(x);
  const [turned, part, alias, itself] = scope(() => [w.transpose(), w.select(1), w.detach(), w]);
  const inside = scope(() => ({ view: w.transpose(), product: w.mul(1) }));
  w.assign(x.mul(10));
  scope(() => w.add(1));
  expect(turned!.toArray()).toEqual([
    [1, 3],
    [2, 4],
  ]);
  expect(part!.toArray()).toEqual([3, 4]);
  expect(alias!.toArray()).toEqual([
    [1, 2],
    [3, 4],
  ]);
  expect(itself).toBe(w);
  expect(inside.view.toArray()).toEqual([
    [1, 3],
    [2, 4],
  ]);
  expect(inside.product.toArray()).toEqual([
    [1, 2],
    [3, 4],
  ]);
});

test('Tensors are found in arrays and plain objects at any depth; everything else is returned unchanged', () => {
  const when = new Date();
  const result = scope(() => ({
    list: [x.mul(2), { deep: [x.mul(3)] }],
    bare: Object.assign(Object.create(null) as object, { y: x.mul(4) }),
    when,
    nothing: null,
    missing: undefined,
    text: 'as it is',
    act: Math.max,
  }));
  const [first, second] = result.list as [Tensor, { deep: [Tensor] }];
  expect(first.sum().item()).toBe(20);
  expect(second.deep[0].sum().item()).toBe(30);
  expect((result.bare as { y: Tensor }).y.sum().item()).toBe(40);
  expect(result).toMatchObject({ when, nothing: null, text: 'as it is', act: Math.max });
  expect('missing' in result).toBe(true);
});

test('One tensor in several places stays one', () => {
  const { a, b } = scope(() => {
    const y = x.mul(2);
    return { a: y, b: [y] };
  });
  expect(b[0]).toBe(a);
});

test('Earlier host tensors and arrays are returned as themselves', () => {
  expect(scope(() => x)).toBe(x);
  expect(copyOut(x)).toBe(x);
  expect(scope(() => tensor([5])).item()).toBe(5);
});

test('A result that the next op uses is read where it lies: it is not copied in again', () => {
  const y = scope(() => x.mul(2));
  const before = y.storage.address;
  y.add(1);
  expect(y.storage.address).toBe(before);
  scope(() => {
    expect(memory().arena.tensors).toBe(0);
    y.add(1);
    // The arena has started again: now it is copied in, beside the number and the result.
    expect(memory().arena.tensors).toBe(3);
  });
});
