import { ChronogradError } from '@chronograd/tensor';
import { expect, test } from 'vitest';
import { NpyError, writeNpy, writeNpz } from '../../../src/formats/npy/index.ts';

const UNWRITABLE: readonly [string, Parameters<typeof writeNpy>[0], string][] = [
  ['too few elements', { shape: [2], data: Float32Array.of(1) }, 'of shape [2] has 1 elements'],
  ['a negative size', { shape: [-1], data: Float32Array.of(1) }, 'of shape [-1] has 1 elements'],
  ['bfloat16', { shape: [1], data: Float32Array.of(1), stored: 'BF16' }, 'to be stored as BF16 came'],
  ['floats as int8', { shape: [1], data: Float32Array.of(1), stored: 'I8' }, 'its data is no Int32Array'],
  ['300 as uint8', { shape: [1], data: Int32Array.of(300), stored: 'U8' }, 'holds 300 at element 0'],
];

test.each(UNWRITABLE)('%s cannot be written', (_, array, message) => {
  expect(() => writeNpy(array)).toThrow(NpyError);
  expect(() => writeNpy(array)).toThrow(message);
  expect(() => writeNpz(new Map([['w', array]]))).toThrow(`npz: in "w": npy:`);
});

type Source = Parameters<typeof writeNpy>[0];

test('What is no array is refused in words', () => {
  const wrong: readonly [unknown, string][] = [
    [null, 'null came'],
    [[1, 2], 'an array came'],
    [{ toTypedArray: 1, shape: [] }, 'an object came'],
    [{ shape: [1], data: [1] }, 'an object came'],
    [{ data: Float32Array.of(1) }, 'an object came'],
  ];
  for (const [array, came] of wrong) {
    expect(() => writeNpy(array as Source)).toThrow(ChronogradError);
    expect(() => writeNpy(array as Source)).toThrow(`npy: ${came}, a tensor or { shape, data }`);
  }
});

test('What is no Map of arrays is refused in words', () => {
  const wrong: readonly [unknown, string][] = [
    [{ w: { shape: [], data: Float32Array.of(1) } }, 'an object came'],
    [null, 'null came'],
    [new Map([['w', null]]), 'null came for "w"'],
    [new Map([[1, { shape: [], data: Float32Array.of(1) }]]), 'a number came for a name'],
  ];
  for (const [arrays, came] of wrong) {
    expect(() => writeNpz(arrays as Map<string, Source>)).toThrow(NpyError);
    expect(() => writeNpz(arrays as Map<string, Source>)).toThrow(`npz: ${came}, a Map from names to arrays`);
  }
});
