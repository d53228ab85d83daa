import { expect, test } from 'vitest';
import { SafetensorsError } from '../../../src/formats/safetensors/format.ts';
import { readSafetensors } from '../../../src/formats/safetensors/read.ts';
import { entry, fileOf } from './files.ts';

const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values);
const ONE = entry('a', '[1]', 0, 4);

/** What is wrong with the file, the file, and what the message says. */
const MALFORMED: readonly [string, Uint8Array, string][] = [
  ['nothing at all', bytes(), "expected at least the 8 bytes of the header's length, got 0"],
  ['a length cut short', bytes(1, 0, 0), "expected at least the 8 bytes of the header's length, got 3"],
  ['a length and no header', fileOf('', 0, 2n), 'a header of 2 bytes in a file that has 0 after its length'],
  ['an empty header', fileOf(''), "does not start with '{'"],
  [
    'a header past 100 MB',
    fileOf('{}', 0, 100_000_001n),
    'at most 100000000 bytes, the limit of the format, got 100000001',
  ],
  ['a header of 2^63 bytes', fileOf('{}', 0, 2n ** 63n), 'at most 100000000 bytes, the limit of the format'],
  ['a header past the end', fileOf('{}', 0, 3n), 'a header of 3 bytes in a file that has 2'],
  ['a header cut within', fileOf('{}', 0, 1n), 'has no string where one is expected'],
  ['an array for a header', fileOf('[]'), "does not start with '{'"],
  ['a space before the header', fileOf(' {}'), "does not start with '{'"],
  ['a header that is not UTF-8', fileOf(bytes(0x7b, 0xff, 0x7d)), 'is not UTF-8'],
  ['an overlong slash in a name', fileOf(bytes(0x7b, 0x22, 0xc0, 0xaf, 0x22)), 'is not UTF-8'],
  ['half a surrogate pair in UTF-8', fileOf(bytes(0x7b, 0x22, 0xed, 0xa0, 0x80, 0x22)), 'is not UTF-8'],
  ['a character cut short', fileOf(bytes(0x7b, 0x22, 0xe2, 0x82)), 'is not UTF-8'],
  ['a code point past U+10FFFF', fileOf(bytes(0x7b, 0x22, 0xf4, 0x90, 0x80, 0x80)), 'is not UTF-8'],
  ['half a surrogate pair as an escape', fileOf('{"\\ud800":1}'), 'a string that is not valid Unicode'],
  ['a string without end', fileOf('{"a'), 'a malformed string'],
  ['a line feed in a string', fileOf('{"a\n":1}'), 'a malformed string'],
  ['an unknown escape', fileOf('{"\\x41":1}'), 'a malformed string'],
  ['a key without quotes', fileOf('{a:1}'), 'no string where one is expected'],
  ['no colon', fileOf('{"a" 1}'), "no ':' after a key"],
  ['no comma', fileOf(`{${ONE} "b":2}`, 4), "no ',' or '}' after an item"],
  ['a comma too many', fileOf(`{${ONE},}`, 4), 'no string where one is expected'],
  ['an object without end', fileOf(`{${ONE}`, 4), "no ',' or '}' after an item"],
  ['text after the object', fileOf('{}x'), 'continues after its end'],
  ['a zero byte after the object', fileOf('{}\0'), 'continues after its end'],
  [
    'a header nested deep',
    fileOf(`{"a":${'{"shape":['.repeat(100_000)}`),
    'no whole number where one is expected',
  ],
  ['true for a tensor', fileOf('{"a":true}'), '"a" is not an object'],
  ['null for a tensor', fileOf('{"a":null}'), '"a" is not an object'],
  [
    'a shape of 65 sizes',
    fileOf(`{"a":{"shape":[${'1,'.repeat(64)}1]}}`),
    'an array of more than 64 numbers',
  ],
  ['a number for a tensor', fileOf('{"a":1}'), '"a" is not an object'],
  ['a key twice', fileOf(`{${ONE},${ONE}}`, 4), 'the key "a" twice'],
  [
    'a key twice, once as an escape',
    fileOf(`{${ONE},${ONE.replace('"a"', '"\\u0061"')}}`, 4),
    'the key "a" twice',
  ],
  ['a field twice', fileOf('{"a":{"dtype":"F32","dtype":"F64"}}'), 'the key "dtype" twice'],
  ['the metadata twice', fileOf('{"__metadata__":{},"__metadata__":{}}'), 'the key "__metadata__" twice'],
  ['metadata that is a string', fileOf('{"__metadata__":"x"}'), '__metadata__ is not an object'],
  ['a number in the metadata', fileOf('{"__metadata__":{"a":1}}'), '__metadata__ "a" is not a string'],
  [
    'no dtype',
    fileOf('{"a":{"shape":[],"data_offsets":[0,4]}}', 4),
    'the fields shape, data_offsets, expected dtype, shape and data_offsets',
  ],
  [
    'an unknown dtype',
    fileOf(`{${ONE.replace('F32', 'F8_E4M3')}}`, 4),
    'the dtype "F8_E4M3", expected one of',
  ],
  ['an inherited name for a dtype', fileOf(`{${ONE.replace('F32', 'valueOf')}}`, 4), 'the dtype "valueOf"'],
  ['a dtype that is a number', fileOf(`{${ONE.replace('"F32"', '32')}}`, 4), 'a dtype that is not a string'],
  [
    'no shape',
    fileOf('{"a":{"dtype":"F32","data_offsets":[0,4]}}', 4),
    'the fields dtype, data_offsets, expected',
  ],
  [
    'a string in the shape',
    fileOf(`{${entry('a', '["1"]', 0, 4)}}`, 4),
    'no whole number where one is expected',
  ],
  ['a negative size', fileOf(`{${entry('a', '[-1]', 0, 4)}}`, 4), 'the number "-1", expected a whole one'],
  ['a size with a point', fileOf(`{${entry('a', '[1.0]', 0, 4)}}`, 4), 'the number "1.0", expected a whole'],
  [
    'a size with an exponent',
    fileOf(`{${entry('a', '[1e0]', 0, 4)}}`, 4),
    'the number "1e0", expected a whole',
  ],
  ['a size with a zero in front', fileOf(`{${entry('a', '[01]', 0, 4)}}`, 4), 'the number "01"'],
  ['a size past 2^53', fileOf(`{${entry('a', '[9007199254740993]', 0, 4)}}`, 4), 'from 0 to 2^53 − 1'],
  [
    'sizes whose product wraps around 2^64 to 4',
    fileOf(`{${entry('a', '[4194305,4194305,211106198978564]', 0, 16)}}`, 16),
    '16 bytes for F32 of shape',
  ],
  ['no offsets', fileOf('{"a":{"dtype":"F32","shape":[]}}', 4), 'the fields dtype, shape, expected dtype'],
  [
    'one offset',
    fileOf('{"a":{"dtype":"F32","shape":[],"data_offsets":[0]}}', 4),
    'data_offsets [0], expected a begin',
  ],
  [
    'three offsets',
    fileOf('{"a":{"dtype":"F32","shape":[],"data_offsets":[0,4,4]}}', 4),
    'data_offsets [0, 4, 4]',
  ],
  [
    'offsets the wrong way round',
    fileOf(`{${entry('a', '[1]', 4, 0)}}`, 4),
    'data_offsets [4, 0], expected a begin',
  ],
  [
    'an offset past 2^53',
    fileOf(`{${entry('a', '[1]', 0, '18446744073709551620')}}`, 4),
    '"18446744073709551620"',
  ],
  ['fewer bytes than the shape', fileOf(`{${entry('a', '[2]', 0, 4)}}`, 4), '4 bytes for F32 of shape [2]'],
  ['more bytes than the shape', fileOf(`{${entry('a', '[1]', 0, 8)}}`, 8), '8 bytes for F32 of shape [1]'],
  ['bytes for no elements', fileOf(`{${entry('a', '[0,9]', 0, 4)}}`, 4), '4 bytes for F32 of shape [0, 9]'],
  [
    'an unknown field',
    fileOf('{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4],"x":0}}', 4),
    'unknown field "x"',
  ],
  ['data cut short', fileOf(`{${ONE}}`, 3), '"a" ends at byte 4 of 3: the file is cut short'],
  ['data left over', fileOf(`{${ONE}}`, 5), '1 bytes after the last tensor belong to none'],
  ['data and no tensor', fileOf('{}', 8), '8 bytes after the last tensor belong to none'],
  ['a hole at the begin', fileOf(`{${entry('a', '[1]', 4, 8)}}`, 8), '"a" leaves a gap: it begins at byte 4'],
  [
    'a hole between',
    fileOf(`{${ONE},${entry('b', '[1]', 8, 12)}}`, 12),
    '"b" leaves a gap: it begins at byte 8',
  ],
  [
    'an overlap',
    fileOf(`{${entry('a', '[2]', 0, 8)},${entry('b', '[2]', 4, 12)}}`, 12),
    '"b" overlaps another',
  ],
  ['the same bytes twice', fileOf(`{${ONE},${entry('b', '[1]', 0, 4)}}`, 4), '"b" overlaps another'],
  [
    'no elements within another',
    fileOf(`{${entry('a', '[2]', 0, 8)},${entry('b', '[0]', 4, 4)}}`, 8),
    '"b" overlaps',
  ],
];

test.each(MALFORMED)('%s throws an error', (_, file, message) => {
  expect(() => readSafetensors(file)).toThrow(SafetensorsError);
  expect(() => readSafetensors(file)).toThrow(message);
});

test('a file as another program would write it is read', () => {
  const header = `{"__metadata__":{"format":"pt"},${entry('b.weight', '[1, 2]', 4, 12)}, ${entry('a', '[]', 0, 4)} }   `;
  const file = fileOf(header, 12);
  new DataView(file.buffer).setFloat32(file.length - 4, 1.5, true);
  const { tensors, metadata } = readSafetensors(file);
  expect([...tensors.keys()]).toEqual(['b.weight', 'a']);
  expect(tensors.get('b.weight')).toEqual({ dtype: 'F32', shape: [1, 2], data: new Float32Array([0, 1.5]) });
  expect(tensors.get('a')).toEqual({ dtype: 'F32', shape: [], data: new Float32Array([0]) });
  expect({ ...metadata }).toEqual({ format: 'pt' });
});

test('a file without tensors, and tensors without elements beside others, are read', () => {
  expect(readSafetensors(fileOf('{}')).tensors.size).toBe(0);
  const file = fileOf(
    `{${entry('none', '[0,9007199254740991,2]', 0, 0)},${ONE},${entry('end', '[0]', 4, 4)}}`,
    4,
  );
  expect([...readSafetensors(file).tensors].map(([name, { data }]) => [name, data.length])).toEqual([
    ['none', 0],
    ['a', 1],
    ['end', 0],
  ]);
});

test('a name such as __proto__ is only a name', () => {
  const file = fileOf(`{"__metadata__":{"__proto__":"x"},${entry('__proto__', '[1]', 0, 4)}}`, 4);
  const { tensors, metadata } = readSafetensors(file);
  expect(tensors.get('__proto__')?.shape).toEqual([1]);
  expect(Object.entries(metadata)).toEqual([['__proto__', 'x']]);
  expect(({} as Record<string, unknown>).x).toBeUndefined();
});

test('an odd offset is read through a copy, an even one through a view', () => {
  const header = entry('a', '[1]', 0, 4);
  const even = fileOf(`{${header}}`.padEnd(64), 4);
  expect(readSafetensors(even).tensors.get('a')?.data.buffer).toBe(even.buffer);
  const odd = fileOf(`{${header}}`.padEnd(65), 4);
  odd.set([0, 0, 0x80, 0x3f], odd.length - 4);
  expect(readSafetensors(odd).tensors.get('a')?.data).toEqual(new Float32Array([1]));
});

test('strings and numbers of many megabytes throw an error like short ones', () => {
  expect(() => readSafetensors(fileOf(`{"${'a'.repeat(9_000_000)}"`))).toThrow(SafetensorsError);
  expect(() => readSafetensors(fileOf(`{"a":{"shape":[${'1'.repeat(9_000_000)}`))).toThrow(
    'the number "1111',
  );
  expect(() => readSafetensors(fileOf(`{"a":${' '.repeat(9_000_000)}`))).toThrow(SafetensorsError);
});

test('Anything but a Uint8Array is rejected with a readable message', () => {
  for (const bytes of [new ArrayBuffer(16), '{}', undefined, [1, 2]] as unknown as Uint8Array[])
    expect(() => readSafetensors(bytes)).toThrow(SafetensorsError);
  expect(() => readSafetensors(new ArrayBuffer(16) as unknown as Uint8Array)).toThrow(
    'safetensors: expected a Uint8Array with the bytes of a file, got ArrayBuffer; write new Uint8Array(buffer)',
  );
});
