import { expect, test } from 'vitest';
import { SafetensorsError, type SafetensorsTensor } from '../../../src/formats/safetensors/format.ts';
import { readSafetensors } from '../../../src/formats/safetensors/read.ts';
import { writeSafetensors } from '../../../src/formats/safetensors/write.ts';
import { entry, fileOf } from './files.ts';

test('a file keeps each tensor in the dtype it is to be stored in, and reading says which', () => {
  const tensors = new Map<string, SafetensorsTensor>([
    ['half', { dtype: 'F32', stored: 'F16', shape: [2], data: Float32Array.of(1, -0.5) }],
    ['brain', { dtype: 'F32', stored: 'BF16', shape: [1], data: Float32Array.of(-2) }],
    ['count', { dtype: 'I32', stored: 'I64', shape: [], data: Int32Array.of(-3) }],
    ['mask', { dtype: 'I32', stored: 'BOOL', shape: [3], data: Int32Array.of(1, 0, 1) }],
    ['plain', { dtype: 'F32', shape: [1], data: Float32Array.of(0.1) }],
  ]);
  const file = writeSafetensors(tensors);
  expect(new TextDecoder().decode(file.subarray(8)).match(/"dtype":"\w+"/g)).toEqual(
    ['I64', 'F32', 'BF16', 'F16', 'BOOL'].map((dtype) => `"dtype":"${dtype}"`),
  );
  expect(new Map(readSafetensors(file).tensors)).toEqual(tensors);
});

test('a tensor is not stored in a dtype of another kind, nor of none', () => {
  const wrong = [
    { dtype: 'F32', stored: 'I8', shape: [1], data: Float32Array.of(1) },
    { dtype: 'F32', stored: 'F32x', shape: [1], data: Float32Array.of(1) },
    { dtype: 'I32', stored: 'BF16', shape: [1], data: Int32Array.of(1) },
  ] as unknown as SafetensorsTensor[];
  for (const tensor of wrong)
    expect(() => writeSafetensors(new Map([['a', tensor]]))).toThrow(
      `tensor "a" is ${tensor.dtype} and cannot be stored as ${tensor.stored}`,
    );
});

test('a whole number beyond int32 throws an error with the name of its tensor', () => {
  const file = fileOf(`{${entry('steps', '[1]', 0, 8).replace('F32', 'I64')}}`, 8);
  new DataView(file.buffer).setBigInt64(file.length - 8, 2n ** 40n, true);
  expect(() => readSafetensors(file)).toThrow(SafetensorsError);
  expect(() => readSafetensors(file)).toThrow('tensor "steps" holds 1099511627776 at element 0 of I64');
});

const begins = (...bytes: number[]): Uint8Array => Uint8Array.from({ length: 200 }, (_, i) => bytes[i] ?? 7);
const TORCH: readonly [string, Uint8Array, string][] = [
  ['a zip archive', begins(0x50, 0x4b, 3, 4, 0, 0, 8, 8), 'got a zip archive written by torch.save'],
  ['a pickle', begins(0x80, 2, 0x8a, 10, 0x6c, 0xfc), 'got a Python pickle'],
  ['a short pickle', Uint8Array.of(0x80, 4, 0x95), 'a Python pickle'],
];

test.each(TORCH)(
  '%s throws an error with the two lines of Python that make a safetensors file',
  (_, file, message) => {
    expect(() => readSafetensors(file)).toThrow(SafetensorsError);
    expect(() => readSafetensors(file)).toThrow(message);
    expect(() => readSafetensors(file)).toThrow(
      /\nimport torch; from safetensors.torch import save_file\nsave_file\(.*torch\.load\(.*\n?$/,
    );
  },
);

test('a safetensors file whose length begins like a zip archive or a pickle is read as what it is', () => {
  const header = `{${entry('a', '[0]', 0, 0)}}`;
  expect(readSafetensors(fileOf(header.padEnd(0x0280))).tensors.size).toBe(1);
  expect(() => readSafetensors(fileOf(header, 0, 0x04034b50n))).toThrow(
    'a header of 67324752 bytes in a file',
  );
});
