import { expect, test } from 'vitest';
import {
  bernoulli,
  full,
  fullLike,
  logSumExp,
  mean,
  norm,
  normal,
  Random,
  scope,
  sum,
  tensor,
  uniform,
  ValueError,
  variance,
} from '../../src/index.ts';
import { messages } from './messages.ts';

const x = tensor([
  [1, 2, 3],
  [4, 5, 6],
]);
const random = new Random(1);

/** What is no number at all, for a parameter that takes numbers. */
const noNumbers = ['1', null, true, [], {}, 1n];
/** What is no boolean. `0` and `{ keepDims: false }` have come from users of other libraries. */
const noFlags = [0, 1, 'true', null, [1], { keepDims: false }];

test.each([
  ['clamp, low', (wrong) => x.clamp(wrong, 2)],
  ['clamp, high', (wrong) => x.clamp(0, wrong)],
  ['variance, correction', (wrong) => variance(x, 0, false, wrong)],
  ['pad, value', (wrong) => x.pad([[1, 0]], wrong)],
  ['pad of int32, value', (wrong) => x.cast('int32').pad([[1, 0]], wrong)],
  ['full, value', (wrong) => full([2], wrong)],
  ['fullLike, value', (wrong) => fullLike(x, wrong)],
  ['fullLike in a scope, value', (wrong) => scope(() => fullLike(x, wrong))],
  ['normal, mean', (wrong) => normal([2], { random, mean: wrong })],
  ['normal, std', (wrong) => normal([2], { random, std: wrong })],
  ['uniform, low', (wrong) => uniform([2], { random, low: wrong })],
  ['uniform, high', (wrong) => uniform([2], { random, high: wrong })],
  ['bernoulli, probability', (wrong) => bernoulli([2], wrong, { random })],
] as [string, (wrong: number) => unknown][])('%s: what is no number is refused', (_, call) => {
  for (const wrong of noNumbers) expect(() => call(wrong as never)).toThrow(ValueError);
});

test.each([
  ['sum', (wrong) => sum(x, 0, wrong)],
  ['max', (wrong) => x.max(0, wrong)],
  ['min', (wrong) => x.min(0, wrong)],
  ['mean', (wrong) => mean(x, 0, wrong)],
  ['variance', (wrong) => variance(x, 0, wrong)],
  ['norm', (wrong) => norm(x, 0, wrong)],
  ['logSumExp', (wrong) => logSumExp(x, 0, wrong)],
] as [string, (wrong: boolean) => unknown][])('%s: keepDims is a boolean', (name, call) => {
  for (const wrong of noFlags)
    expect(() => call(wrong as never)).toThrow(`${name}: expected true or false for keepDims, got `);
});

test('Invalid numbers are rejected with a readable message', () => {
  expect(
    messages({
      'x.sum(0, 1)': () => x.sum(0, 1 as never),
      'x.clamp(NaN, 1)': () => x.clamp(Number.NaN, 1),
      "x.clamp('0', 1)": () => x.clamp('0' as never, 1),
      'variance(x, 0, false, NaN)': () => variance(x, 0, false, Number.NaN),
      "x.pad([[1, 0]], '1')": () => x.pad([[1, 0]], '1' as never),
    }),
  ).toMatchInlineSnapshot(`
    "
    x.sum(0, 1)
      ValueError: sum: expected true or false for keepDims, got 1; several axes are one list, such as [0, 1]
    x.clamp(NaN, 1)
      ValueError: clamp: expected a number (Infinity for no limit) for low, got NaN
    x.clamp('0', 1)
      ValueError: clamp: expected a number (Infinity for no limit) for low, got "0"
    variance(x, 0, false, NaN)
      ValueError: variance: expected a finite number for correction, got NaN
    x.pad([[1, 0]], '1')
      ValueError: pad: expected a number for the value, got "1"
    "
  `);
});

test('A correction that leaves nothing to divide by divides by 0, as in PyTorch, and never by less', () => {
  expect(variance(x, 0, false, 2).toArray()).toEqual([Infinity, Infinity, Infinity]);
  expect(variance(x, 0, false, 5).toArray()).toEqual([Infinity, Infinity, Infinity]);
});

test('Limits in the wrong order give the high one, as in PyTorch', () => {
  expect(x.clamp(2, 1).toArray()).toEqual(full([2, 3], 1).toArray());
});
