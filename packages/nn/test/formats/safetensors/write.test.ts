import { ChronogradError } from '@chronograd/tensor';
import { expect, test } from 'vitest';
import { SafetensorsError, type SafetensorsTensor } from '../../../src/formats/safetensors/format.ts';
import { writeSafetensors } from '../../../src/formats/safetensors/write.ts';

const one: SafetensorsTensor = { dtype: 'F32', shape: [1], data: new Float32Array([1]) };

test('the bytes of a small file are those of the format', () => {
  const tensors = new Map<string, SafetensorsTensor>([
    ['b', one],
    ['a', { dtype: 'I32', shape: [], data: new Int32Array([-2]) }],
    ['z', { dtype: 'F64', shape: [1, 1], data: new Float64Array([1]) }],
  ]);
  const file = writeSafetensors(tensors, { k: 'v' });
  const header =
    '{"__metadata__":{"k":"v"},' +
    '"z":{"dtype":"F64","shape":[1,1],"data_offsets":[0,8]},' +
    '"a":{"dtype":"I32","shape":[],"data_offsets":[8,12]},' +
    '"b":{"dtype":"F32","shape":[1],"data_offsets":[12,16]}}';
  const padded = header.padEnd(Math.ceil(header.length / 8) * 8);
  expect(new DataView(file.buffer).getBigUint64(0, true)).toBe(BigInt(padded.length));
  expect(new TextDecoder().decode(file.subarray(8, 8 + padded.length))).toBe(padded);
  expect([...file.subarray(8 + padded.length)]).toEqual([
    ...[0, 0, 0, 0, 0, 0, 0xf0, 0x3f],
    ...[0xfe, 0xff, 0xff, 0xff],
    ...[0, 0, 0x80, 0x3f],
  ]);
});

test('a part of a larger array is written as that part', () => {
  const whole = new Float32Array([1, 2, 3]);
  const part = new Map([['a', { ...one, data: whole.subarray(1, 2) } as SafetensorsTensor]]);
  const file = writeSafetensors(part);
  expect(new DataView(file.buffer).getFloat32(file.length - 4, true)).toBe(2);
});

const REFUSED: readonly [string, string, SafetensorsTensor, Record<string, string>, string][] = [
  ['a tensor named __metadata__', '__metadata__', one, {}, 'cannot be named __metadata__'],
  ['data that does not fit its shape', 'a', { ...one, shape: [2] }, {}, 'shape [2] and 1 elements'],
  ['a size that is no whole number', 'a', { ...one, shape: [2, 0.5] }, {}, 'shape [2, 0.5] and 1 elements'],
  ['a negative size', 'a', { ...one, shape: [-1, -1] }, {}, 'shape [-1, -1] and 1 elements'],
  [
    'data of another dtype',
    'a',
    { ...one, data: new Float64Array(1) as unknown as Float32Array },
    {},
    'has dtype F32, expected its data in a Float32Array',
  ],
  ['a name that is no Unicode', '\ud800', one, {}, 'not valid Unicode'],
  ['metadata that is no Unicode', 'a', one, { k: '\udfff' }, 'not valid Unicode'],
];

test.each(REFUSED)('%s throws an error', (_, name, tensor, metadata, message) => {
  expect(() => writeSafetensors(new Map([[name, tensor]]), metadata)).toThrow(SafetensorsError);
  expect(() => writeSafetensors(new Map([[name, tensor]]), metadata)).toThrow(message);
});

test('Anything but a Map of tensors, and metadata other than strings, are rejected with a readable message', () => {
  const wrong: readonly [tensors: unknown, metadata: unknown, message: string][] = [
    [
      { w: one },
      {},
      'safetensors: expected a Map from names to arrays, such as stateDict(model), got an object',
    ],
    [null, {}, 'got null'],
    [new Map([['w', null]]), {}, 'got null for "w"'],
    [new Map([[7, one]]), {}, 'got a number for a name'],
    [new Map([['w', { ...one, shape: undefined }]]), {}, 'tensor "w" has undefined for its shape'],
    [
      new Map(),
      { epoch: 1 },
      'safetensors: expected an object of strings for metadata, such as { epoch: String(3) }, got a number at "epoch"',
    ],
    [new Map(), new Map([['a', 'b']]), 'got a Map'],
    [new Map(), null, 'for metadata, such as { epoch: String(3) }, got null'],
  ];
  for (const [tensors, metadata, message] of wrong) {
    const write = () =>
      writeSafetensors(tensors as Map<string, SafetensorsTensor>, metadata as Record<string, string>);
    expect(write).toThrow(SafetensorsError);
    expect(write).toThrow(ChronogradError);
    expect(write).toThrow(message);
  }
});
