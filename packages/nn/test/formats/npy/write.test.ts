import { ChronogradError } from '@chronograd/tensor';
import { expect, test } from 'vitest';
import { NpyError, writeNpy, writeNpz } from '../../../src/formats/npy/index.ts';

const UNWRITABLE: readonly [string, Parameters<typeof writeNpy>[0], string][] = [
  ['too few elements', { shape: [2], data: Float32Array.of(1) }, 'has shape [2] and 1 elements'],
  ['a negative size', { shape: [-1], data: Float32Array.of(1) }, 'has shape [-1] and 1 elements'],
  ['bfloat16', { shape: [1], data: Float32Array.of(1), stored: 'BF16' }, 'U8, BOOL, got BF16'],
  [
    'floats as int8',
    { shape: [1], data: Float32Array.of(1), stored: 'I8' },
    'expected its data in a Int32Array',
  ],
  ['300 as uint8', { shape: [1], data: Int32Array.of(300), stored: 'U8' }, 'holds 300 at element 0'],
];

test.each(UNWRITABLE)('%s cannot be written', (_, array, message) => {
  expect(() => writeNpy(array)).toThrow(NpyError);
  expect(() => writeNpy(array)).toThrow(message);
  expect(() => writeNpz(new Map([['w', array]]))).toThrow(`npz: in "w": npy:`);
});

type Source = Parameters<typeof writeNpy>[0];

test('Anything but an array is rejected with a readable message', () => {
  const wrong: readonly [unknown, string][] = [
    [null, 'null'],
    [[1, 2], 'an array'],
    [{ toTypedArray: 1, shape: [] }, 'an object'],
    [{ shape: [1], data: [1] }, 'an object'],
    [{ data: Float32Array.of(1) }, 'an object'],
  ];
  for (const [array, got] of wrong) {
    expect(() => writeNpy(array as Source)).toThrow(ChronogradError);
    expect(() => writeNpy(array as Source)).toThrow(
      `npy: expected a tensor or { shape, data } with a typed array, got ${got}`,
    );
  }
});

test('Anything but a Map of arrays is rejected with a readable message', () => {
  const wrong: readonly [unknown, string][] = [
    [{ w: { shape: [], data: Float32Array.of(1) } }, 'an object'],
    [null, 'null'],
    [new Map([['w', null]]), 'null for "w"'],
    [new Map([[1, { shape: [], data: Float32Array.of(1) }]]), 'a number for a name'],
  ];
  for (const [arrays, got] of wrong) {
    expect(() => writeNpz(arrays as Map<string, Source>)).toThrow(NpyError);
    expect(() => writeNpz(arrays as Map<string, Source>)).toThrow(
      `npz: expected a Map from names to arrays, such as stateDict(model), got ${got}`,
    );
  }
});
