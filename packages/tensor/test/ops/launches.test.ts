/** Which kernels ops launch: one where the operands allow it, and no copies of the others. */
import { expect, test } from 'vitest';
import { arange, KernelProfile, scope, type Tensor, withProfile, zeros } from '../../src/index.ts';
import { addInto } from '../../src/ops/binary.ts';

/** The kernels that `body` launches, with their counts: `{ copy: 1, add: 1 }`. */
function launches(body: () => unknown): Record<string, number> {
  const profile = new KernelProfile(() => 0);
  withProfile(profile, () =>
    scope(() => {
      body();
    }),
  );
  const rows = profile.rows.filter(({ kernel }) => kernel !== 'between kernels');
  return Object.fromEntries(rows.map(({ kernel, calls }) => [kernel, calls]));
}

const block = (...shape: number[]): Tensor => arange(shape.reduce((a, b) => a * b, 1)).reshape(shape);

const x = block(3, 4);

test.each<[string, Tensor, Tensor | number]>([
  ['one shape', x, x],
  ['a number', x, 2],
  ['a bias over a batch', x, block(4)],
  ['a column over a row', block(3, 1), block(4)],
  ['rows of a larger matrix', x, block(3, 8).slice(null, [2, 6])],
  ['an expanded column', x, block(3, 1).expand([3, 4])],
  ['a column of a matrix, beside a last axis of size 1', block(3, 1), block(3, 1, 5).select(2, 0)],
  ['slices with last axes of size 1', block(3, 4, 1, 1), block(3, 8, 1, 1).slice(null, [2, 6])],
])('An op of two operands is one launch without a copy: %s', (_, a, b) => {
  expect(launches(() => a.mul(b))).toEqual({ mul: 1 });
});

test('An op of two operands copies only one whose neighbors along the last axis are apart', () => {
  expect(launches(() => x.mul(block(4, 3).transpose()))).toEqual({ copy: 1, mul: 1 });
  expect(launches(() => x.mul(block(3, 8).slice(null, [0, 8, 2])))).toEqual({ copy: 1, mul: 1 });
});

test.each<[string, (block: Tensor) => Tensor, Record<string, number>]>([
  ['is one launch', (block) => block.slice([0, 3], [0, 4]).add(0), { add: 1 }],
  ['is one launch for rows of a larger matrix', (block) => block.slice([0, 3], [0, 4]), { add: 1 }],
  [
    'copies a target whose neighbors along the last axis are apart',
    (block) => block.slice([0, 4], [0, 3]).transpose(),
    { copy: 2, add: 1 },
  ],
])('addInto %s', (_, targetIn, expected) => {
  scope(() => {
    const target = targetIn(zeros([8, 8]).add(1));
    expect(launches(() => addInto(target, x))).toEqual(expected);
    expect(target.toArray()).toEqual(x.add(1).toArray());
  });
});

test('An op without elements launches nothing, also where its other axes are huge', () => {
  const empty = zeros([2 ** 40, 0, 3]);
  expect(launches(() => empty.add(empty))).toEqual({});
  expect(launches(() => empty.add(1))).toEqual({});
  expect(launches(() => addInto(empty, empty))).toEqual({});
  expect(launches(() => empty.sum(2))).toEqual({});
  expect(launches(() => empty.max(2))).toEqual({});
  expect(launches(() => empty.argmax(2))).toEqual({});
});

test('A reduction over neighboring axes is one launch without a copy, over no axes none at all', () => {
  const y = block(2, 3, 4, 5);
  for (const axes of [undefined, 0, 1, 3, [0, 1], [1, 2], [2, 3], [1, 2, 3]])
    expect(launches(() => y.sum(axes))).toEqual({ sum: 1 });
  expect(launches(() => y.sum([0, 2]))).toHaveProperty('copy');
  expect(launches(() => y.argmax(2))).toEqual({ argmax: 1 });
  expect(launches(() => y.sum([]))).toEqual({});
});
