import { expect, test } from 'vitest';
import {
  decodeElements,
  encodeElements,
  STORED_DTYPES,
  type StoredDtype,
} from '../../../src/formats/exchange/elements.ts';

const refuse = (what: string): Error => new RangeError(what);
const bytesOf = (array: ArrayBufferView): Uint8Array =>
  new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
/** The bytes at an odd address, in a Buffer, as Node reads files: its slice() is no copy. */
const shifted = (bytes: Uint8Array): Uint8Array => {
  const whole = Buffer.alloc(bytes.length + 1);
  whole.set(bytes, 1);
  return whole.subarray(1);
};

const WHOLE: readonly [StoredDtype, ArrayBufferView, number[]][] = [
  ['I64', BigInt64Array.of(-(2n ** 31n), -1n, 2n ** 31n - 1n), [-(2 ** 31), -1, 2 ** 31 - 1]],
  ['U64', BigUint64Array.of(0n, 2n ** 31n - 1n), [0, 2 ** 31 - 1]],
  ['I32', Int32Array.of(-5, 7), [-5, 7]],
  ['U32', Uint32Array.of(0, 2 ** 31 - 1), [0, 2 ** 31 - 1]],
  ['I16', Int16Array.of(-32768, 32767), [-32768, 32767]],
  ['U16', Uint16Array.of(0, 65535), [0, 65535]],
  ['I8', Int8Array.of(-128, 127), [-128, 127]],
  ['U8', Uint8Array.of(0, 255), [0, 255]],
  ['BOOL', Uint8Array.of(0, 1), [0, 1]],
];

test.each(WHOLE)(
  '%s is read as int32 at any address, and written back to the same bytes',
  (stored, array, values) => {
    const bytes = bytesOf(array);
    for (const place of [bytes, shifted(bytes)]) {
      expect(decodeElements(stored, place, refuse)).toEqual(Int32Array.from(values));
    }
    expect(encodeElements(stored, Int32Array.from(values), refuse)).toEqual(bytes);
  },
);

test('half floats are read as float32 at any address, and written back to the same bytes', () => {
  const cases: [StoredDtype, number[]][] = [
    ['F16', [0x3c00, 0xfbff, 0x0001]],
    ['BF16', [0x3f80, 0xff7f, 0x0001]],
  ];
  const values = [
    [1, -65504, 2 ** -24],
    [1, -(2 - 2 ** -7) * 2 ** 127, 2 ** -133],
  ];
  cases.forEach(([stored, bits], i) => {
    const bytes = bytesOf(Uint16Array.from(bits));
    for (const place of [bytes, shifted(bytes)])
      expect(decodeElements(stored, place, refuse)).toEqual(Float32Array.from(values[i]!));
    expect(encodeElements(stored, Float32Array.from(values[i]!), refuse)).toEqual(bytes);
  });
});

const BEYOND: readonly [StoredDtype, ArrayBufferView, string][] = [
  ['I64', BigInt64Array.of(0n, 2n ** 31n), 'holds 2147483648 at element 1 of I64, which int32 cannot hold'],
  ['I64', BigInt64Array.of(-(2n ** 63n)), 'holds -9223372036854775808 at element 0'],
  ['U64', BigUint64Array.of(2n ** 64n - 1n), 'holds 18446744073709551615 at element 0'],
  ['U32', Uint32Array.of(2 ** 31), 'holds 2147483648 at element 0 of U32'],
  ['BOOL', Uint8Array.of(1, 2), 'holds 2 at element 1 of BOOL, expected 0 or 1'],
];

test.each(BEYOND)(
  '%s that int32 cannot hold throws an error, with the value and its place',
  (stored, array, message) => {
    expect(() => decodeElements(stored, bytesOf(array), refuse)).toThrow(message);
  },
);

const UNWRITABLE: readonly [StoredDtype, Float32Array | Int32Array, string][] = [
  ['I8', Int32Array.of(0, 128), 'holds 128 at element 1, beyond the range of I8, -128 to 127'],
  ['U8', Int32Array.of(-1), 'holds -1 at element 0, beyond the range of U8'],
  ['U64', Int32Array.of(-1), 'holds -1 at element 0, beyond the range of U64'],
  ['BOOL', Int32Array.of(2), 'holds 2 at element 0, beyond the range of BOOL'],
  ['F16', Float32Array.of(1, 65520), "holds 65520 at element 1, beyond F16's 65504"],
  [
    'BF16',
    Float32Array.of(1, -(2 - 2 ** -8) * 2 ** 127),
    "at element 1, beyond BF16's 3.3895e38; store it as F32",
  ],
  ['BF16', Float32Array.of(3.4e38), 'holds 3.3999999521443642e+38 at element 0'],
  ['F16', Int32Array.of(1), 'has dtype F16, expected its data in a Float32Array'],
  ['I16', Float32Array.of(1), 'has dtype I16, expected its data in a Int32Array'],
];

test.each(UNWRITABLE)('what %s cannot hold is not written', (stored, data, message) => {
  expect(() => encodeElements(stored, data, refuse)).toThrow(message);
});

test('infinities and NaN are written as half floats, and no elements as no bytes', () => {
  const odd = Float32Array.of(Infinity, -Infinity, NaN);
  for (const stored of ['F16', 'BF16'] as const)
    expect(decodeElements(stored, encodeElements(stored, odd, refuse), refuse)).toEqual(odd);
  for (const stored of STORED_DTYPES)
    expect(decodeElements(stored, new Uint8Array(0), refuse).length).toBe(0);
});
