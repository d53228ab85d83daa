import { expect, test } from 'vitest';
import { fromBF16, fromF16, toBF16, toF16 } from '../../../src/formats/exchange/half.ts';

const BITS = Array.from({ length: 0x10000 }, (_, bits) => bits);
const isNaN16 = (bits: number): boolean => (bits & 0x7c00) === 0x7c00 && (bits & 0x3ff) !== 0;

test('every binary16 that is a number comes back bit for bit, and every NaN as one', () => {
  for (const bits of BITS) {
    if (isNaN16(bits)) expect(isNaN16(toF16(fromF16(bits)))).toBe(true);
    else if (toF16(fromF16(bits)) !== bits) expect(toF16(fromF16(bits)), bits.toString(16)).toBe(bits);
  }
});

test('binary16 holds the values that IEEE 754 gives as examples', () => {
  const examples: [number, number][] = [
    [0x3c00, 1],
    [0xc000, -2],
    [0x7bff, 65504],
    [0x0400, 2 ** -14],
    [0x03ff, 1023 * 2 ** -24],
    [0x0001, 2 ** -24],
    [0x3555, 0.333251953125],
    [0x7c00, Infinity],
    [0xfc00, -Infinity],
    [0x8000, -0],
  ];
  for (const [bits, value] of examples) expect(fromF16(bits)).toBe(value);
});

test('between two binary16 the nearer is taken, and at the middle the even one', () => {
  for (let bits = 0; bits < 0x7bff; bits++) {
    const [low, high] = [fromF16(bits), fromF16(bits + 1)];
    const middle = (low + high) / 2; // a float32, exactly
    const even = bits % 2 === 0 ? bits : bits + 1;
    const below = Math.fround(middle - (high - low) / 16);
    const above = Math.fround(middle + (high - low) / 16);
    const got = [toF16(below), toF16(middle), toF16(above), toF16(-middle)];
    if (got.join() !== [bits, even, bits + 1, even + 0x8000].join())
      expect(got, bits.toString(16)).toEqual([bits, even, bits + 1, even + 0x8000]);
  }
  expect([65519.99, 65520, 1e30, 2 ** -25, 2 ** -25 * 1.01].map(toF16)).toEqual([
    0x7bff, 0x7c00, 0x7c00, 0, 1,
  ]);
});

test('bfloat16 is the upper half of a float32, rounded to nearest with ties to even', () => {
  const word = new Uint32Array(1);
  const float = new Float32Array(word.buffer);
  for (const bits of BITS) {
    const value = fromBF16(bits);
    if (Number.isNaN(value)) expect(Number.isNaN(fromBF16(toBF16(value)))).toBe(true);
    else if (toBF16(value) !== bits) expect(toBF16(value), bits.toString(16)).toBe(bits);
    if (bits >= 0x7f80) continue;
    word[0] = (bits << 16) | 0x8000;
    const even = bits % 2 === 0 ? bits : bits + 1;
    if (toBF16(float[0]!) !== even) expect(toBF16(float[0]!), bits.toString(16)).toBe(even);
    word[0] = (bits << 16) | 0x8001;
    if (toBF16(float[0]!) !== bits + 1) expect(toBF16(float[0]!)).toBe(bits + 1);
  }
});
