import { expect, test } from 'vitest';
import {
  formatMedian,
  formatPasses,
  grouped,
  medianRange,
  plain,
  plusMinus,
  toSpread,
} from '../../src/common/format.ts';

test('a number has as many digits as its spread allows: to its first digit, to its second where the first is 1 or 2', () => {
  expect(plusMinus([1.93, 1.97, 1.89])).toBe('1.93 ± 0.04');
  expect(plusMinus([1.9301, 1.9512, 1.9093])).toBe('1.93 ± 0.021');
  expect(plusMinus([14000, 16200])).toBe('15,100 ± 1,600');
  expect(medianRange([0.9132, 0.881, 0.9514])).toBe('0.91 (0.88 … 0.95)');
  expect(medianRange([0.99983, 0.99971, 0.99991])).toBe('0.99983 (0.99971 … 0.99991)');
  expect(formatMedian([2.119, 2.12, 2.1])).toBe('2.119');
  expect(toSpread(35.6, [30, 41])).toBe('36');
});

test('numbers that span powers of ten have one digit each', () => {
  expect(medianRange([3.4e-10, 1.2e-11, 5.6e-9])).toBe('3·10⁻¹⁰ (10⁻¹¹ … 6·10⁻⁹)');
  expect(medianRange([0.44, 1.1, 3.9])).toBe('1 (0.4 … 4)');
});

test('values without spread have three digits, and a range is not given', () => {
  expect(medianRange([1.23456, 1.23456])).toBe('1.23');
  expect(medianRange([0.1 + 0.2, 0.3])).toBe('0.3');
  expect(plusMinus([2, 2, 2])).toBe('2 ± 0');
  expect([plusMinus([1.23456]), formatMedian([1.23456])]).toEqual(['1.23', '1.2']);
});

test('what is not finite is no number', () => {
  expect([plusMinus([1, Number.NaN]), formatMedian([Number.POSITIVE_INFINITY])]).toEqual(['– ± –', '–']);
  expect(grouped(Number.NaN)).toBe('–');
});

test('numbers far from 1 are written with powers of ten, others with commas', () => {
  expect([0, 1234560, -1234.5, 0.0001, 0.00001, 3e9].map(plain)).toEqual([
    '0',
    '1,234,560',
    '−1,234.5',
    '0.0001',
    '10⁻⁵',
    '3·10⁹',
  ]);
  expect([12345.6, 999].map(grouped)).toEqual(['12,346', '999']);
});

test('a text is read once, or so many times', () => {
  expect([1, 1.04, 8.63].map(formatPasses)).toEqual(['once', 'once', '8.6 times']);
});

test('numbers read as people write them', () => {
  const written = [0, 1, 12_000, 0.05, -3.5, 0.001, 1e-8, 3e-8, 2.5e9, 1e7].map(plain);
  expect(written).toEqual(['0', '1', '12,000', '0.05', '−3.5', '0.001', '10⁻⁸', '3·10⁻⁸', '2.5·10⁹', '10⁷']);
});
