import { expect, test } from 'vitest';
import { arange, normal, Random, tensor, zeros } from '../src/index.ts';

test('Integers are printed unchanged, aligned', () => {
  expect(`${tensor(3)}`).toBe('3 float32 []');
  expect(`${tensor([1, -20, 123456])}`).toBe('[     1,    -20, 123456] float32 [3]');
  expect(
    `${tensor(
      [
        [1, 2],
        [30, 4],
      ],
      { dtype: 'int32' },
    )}`,
  ).toMatchInlineSnapshot(`
    "[[ 1,  2],
     [30,  4]] int32 [2, 2]"
  `);
  expect(`${tensor([-(2 ** 31)], { dtype: 'int32' })}`).toBe('[-2147483648] int32 [1]');
});

test('Decimals have one length, as many digits as some number needs, four at most', () => {
  expect(`${tensor([0.5, 1, 2.25])}`).toBe('[0.50, 1.00, 2.25] float32 [3]');
  expect(`${tensor(0.1)}`).toBe('0.1 float32 []');
  expect(`${tensor(1 / 3, { dtype: 'float64' })}`).toBe('0.3333 float64 []');
  expect(`${normal([2, 3], { random: new Random(1) })}`).toMatchInlineSnapshot(`
    "[[-0.0313,  0.3330,  1.3446],
     [ 0.1114, -0.2198,  0.2780]] float32 [2, 3]"
  `);
});

test('Very large and very small numbers have exponents, and lose no digits to zeros', () => {
  expect(`${tensor([1e-5, 2])}`).toBe('[1e-5, 2e+0] float32 [2]');
  expect(`${tensor([123456.5, 0])}`).toBe('[1.2346e+5,         0] float32 [2]');
  expect(`${tensor([1e20, -1.5e-20])}`).toMatchInlineSnapshot(`"[ 1.0e+20, -1.5e-20] float32 [2]"`);
  expect(`${tensor([2 ** 24, 1])}`).toBe('[16777216,        1] float32 [2]');
});

test('NaN, infinities and the sign of zero are shown', () => {
  const odd = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -0, 0];
  expect(`${tensor(odd)}`).toBe('[      NaN,  Infinity, -Infinity,        -0,         0] float32 [5]');
  expect(`${tensor([-0, 0.5])}`).toBe('[-0.0,  0.5] float32 [2]');
});

test('Blocks are set apart by blank lines, one line for each axis', () => {
  expect(`${arange(8).reshape([2, 2, 2])}`).toMatchInlineSnapshot(`
    "[[[0, 1],
      [2, 3]],

     [[4, 5],
      [6, 7]]] float32 [2, 2, 2]"
  `);
});

test('The middle of long axes is left out where there are more than 1,000 elements', () => {
  expect(`${arange(1001)}`).toBe('[   0,    1,    2, …,  998,  999, 1000] float32 [1001]');
  expect(`${arange(2000).reshape([2, 1000])}`).toMatchInlineSnapshot(`
    "[[   0,    1,    2, …,  997,  998,  999],
     [1000, 1001, 1002, …, 1997, 1998, 1999]] float32 [2, 1000]"
  `);
  expect(`${arange(1200).reshape([100, 12])}`).toMatchInlineSnapshot(`
    "[[   0,    1,    2, …,    9,   10,   11],
     [  12,   13,   14, …,   21,   22,   23],
     [  24,   25,   26, …,   33,   34,   35],
     …,
     [1164, 1165, 1166, …, 1173, 1174, 1175],
     [1176, 1177, 1178, …, 1185, 1186, 1187],
     [1188, 1189, 1190, …, 1197, 1198, 1199]] float32 [100, 12]"
  `);
  expect(`${arange(1000)}`).not.toContain('…');
});

test('A tensor of no elements says its shape', () => {
  expect(`${zeros([0])}`).toBe('[] float32 [0]');
  expect(`${zeros([3, 0], { dtype: 'float64' })}`).toBe('[] float64 [3, 0]');
});

test('Views are printed with the elements that they select', () => {
  expect(`${arange(6).reshape([2, 3]).transpose().flip(0)}`).toMatchInlineSnapshot(`
    "[[2, 5],
     [1, 4],
     [0, 3]] float32 [3, 2]"
  `);
});
