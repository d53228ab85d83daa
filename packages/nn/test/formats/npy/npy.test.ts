import { Random, tensor } from '@chronograd/tensor';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  type NpyArray,
  NpyError,
  readNpy,
  readNpz,
  writeNpy,
  writeNpz,
} from '../../../src/formats/npy/index.ts';
import { stateDict } from '../../../src/index.ts';
import { Linear } from '../../../src/modules/linear.ts';

const ascii = (text: string): number[] => [...text].map((c) => c.charCodeAt(0));
const MAGIC = [0x93, ...ascii('NUMPY')];
/** A file with this header, format version 1 unless said, and these bytes of elements. */
const fileOf = (header: string, elements: readonly number[] = [], version = 1): Uint8Array => {
  const lengthBytes = version === 1 ? 2 : 4;
  const length = Array.from({ length: lengthBytes }, (_, i) => (header.length >>> (8 * i)) & 0xff);
  return Uint8Array.from([...MAGIC, version, 0, ...length, ...ascii(header), ...elements]);
};
const dictionary = (descr: string, shape: string, order = 'False'): string =>
  `{'descr': ${descr}, 'fortran_order': ${order}, 'shape': ${shape}, }\n`;

test('A small file has the bytes that numpy.save gives it', () => {
  const file = writeNpy({ shape: [2], data: Float32Array.of(1, -2) });
  const header = "{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }".padEnd(117);
  expect([...file]).toEqual([...MAGIC, 1, 0, 118, 0, ...ascii(`${header}\n`), 0, 0, 128, 63, 0, 0, 0, 192]);
  expect(readNpy(file)).toEqual({ shape: [2], data: Float32Array.of(1, -2) });
});

const READ: readonly [string, Uint8Array, NpyArray][] = [
  ['one number', fileOf(dictionary("'<i4'", '()'), [5, 0, 0, 0]), { shape: [], data: Int32Array.of(5) }],
  [
    'big-endian float64',
    fileOf(dictionary("'>f8'", '(1,)'), [0x3f, 0xf0, 0, 0, 0, 0, 0, 0]),
    { shape: [1], data: Float64Array.of(1) },
  ],
  [
    'Fortran order',
    fileOf(dictionary("'|i1'", '(2, 3)', 'True'), [1, 4, 2, 5, 3, 6]),
    { shape: [2, 3], data: Int32Array.of(1, 2, 3, 4, 5, 6), stored: 'I8' },
  ],
  [
    'float16',
    fileOf(dictionary("'<f2'", '(1, 1)'), [0, 0xbc]),
    { shape: [1, 1], data: Float32Array.of(-1), stored: 'F16' },
  ],
  [
    'big-endian int64',
    fileOf(dictionary("'>i8'", '(1,)'), [255, 255, 255, 255, 255, 255, 255, 254]),
    { shape: [1], data: Int32Array.of(-2), stored: 'I64' },
  ],
  [
    'truth values of format version 2',
    fileOf(dictionary("'|b1'", '(2,)'), [0, 1], 2),
    { shape: [2], data: Int32Array.of(0, 1), stored: 'BOOL' },
  ],
  [
    "a dtype's long name",
    fileOf(dictionary("'float64'", '(1,)'), [0, 0, 0, 0, 0, 0, 0xf0, 0x3f]),
    { shape: [1], data: Float64Array.of(1) },
  ],
  [
    'big-endian by its long name',
    fileOf(dictionary("'>int16'", '(1,)'), [1, 2]),
    { shape: [1], data: Int32Array.of(258), stored: 'I16' },
  ],
  [
    'version 3, keys in another order, double quotes, no spaces, and the L of Python 2',
    fileOf('{"shape":(2L,0),"descr":"<f4","fortran_order":False}', [], 3),
    { shape: [2, 0], data: new Float32Array(0) },
  ],
];

test.each(READ)('%s is read', (_, file, array) => {
  expect(readNpy(file)).toEqual(array);
});

const F4 = dictionary("'<f4'", '(1,)');
const REFUSED: readonly [string, Uint8Array, string][] = [
  ['nothing', new Uint8Array(0), 'do not begin with \\x93NUMPY'],
  ['a zip archive', Uint8Array.of(0x50, 0x4b, 3, 4), 'readNpz reads a .npz'],
  ['a pickle', Uint8Array.of(0x80, 4, 0x95), 'a Python pickle'],
  ['version 4', fileOf(F4, [0, 0, 0, 0], 4), 'expected format version 1, 2 or 3, got 4'],
  ['a header past the end', fileOf(F4).subarray(0, 30), 'within the file of 30, got 58'],
  [
    'a header of 10,001 bytes',
    fileOf(F4.padEnd(10_001), [0, 0, 0, 0]),
    'expected a header of at most 10000 bytes within the file of 10015, got 10001',
  ],
  ['elements cut short', fileOf(F4, [0, 0, 0]), 'expected 4 bytes for <f4 of shape [1], got 3 bytes'],
  ['bytes left over', fileOf(F4, [0, 0, 0, 0, 0]), 'expected 4 bytes for <f4 of shape [1], got 5 bytes'],
  [
    'sizes past 2^53',
    fileOf(dictionary("'<f4'", '(9007199254740991, 3)')),
    'expected a shape with fewer elements for <f4 of shape [9007199254740991, 3], got 0 bytes: the file is cut short',
  ],
  [
    'Python objects',
    fileOf(dictionary("'|O'", '()')),
    'Python objects, a pickle, which can hold any program',
  ],
  ['complex numbers', fileOf(dictionary("'<c16'", '()')), 'complex numbers: write a.real and a.imag'],
  ['bfloat16', fileOf(dictionary("'<V2'", '()')), 'as bfloat16 is kept: write a.astype(numpy.float32)'],
  ['long doubles', fileOf(dictionary("'<f16'", '()')), 'floats of another width'],
  [
    'text',
    fileOf(dictionary("'<U3'", '()')),
    'expected a dtype of f8, f4, f2, i8, i4, i2, i1, u8, u4, u2, u1, b1, got "<U3", text',
  ],
  ['no dtype', fileOf(dictionary("''", '()')), 'b1, got ""'],
  [
    'a structured dtype',
    fileOf(dictionary("[('a', '<f4')]", '()')),
    'expected plain numbers, got a structured dtype',
  ],
  [
    'a number beyond int32',
    fileOf(dictionary("'<u4'", '()'), [0, 0, 0, 128]),
    'holds 2147483648 at element 0',
  ],
  [
    'two arrays one after the other',
    fileOf(F4, [0, 0, 0, 0, ...fileOf(F4, [0, 0, 0, 0])]),
    'npy: expected one array, got another after it at byte 72; readNpy(bytes.subarray(0, 72)) reads the first, readNpy(bytes.subarray(72)) the next',
  ],
  ['a long double by its long name', fileOf(dictionary("'float128'", '()')), 'floats of another width'],
  ['a dtype called constructor', fileOf(dictionary("'constructor'", '()')), 'got "constructor"'],
  [
    '65 sizes',
    fileOf(dictionary("'|i1'", `(${'1, '.repeat(65)})`), [1]),
    'a shape of 65 sizes, expected at most 64',
  ],
  ['a key too few', fileOf("{'descr': '<f4', 'shape': ()}"), 'the keys "descr", "shape", expected'],
  ['a key twice', fileOf("{'shape': (), 'shape': ()}"), 'the key "shape" twice'],
  ['a negative size', fileOf(dictionary("'<f4'", '(-1,)')), 'not a dictionary as NumPy writes it'],
  ['a size that is a truth value', fileOf(dictionary("'<f4'", '(True,)')), 'not a tuple of whole numbers'],
  ['an order that is a number', fileOf(dictionary("'<f4'", '()', '1')), 'neither True nor False'],
  ['a call', fileOf(dictionary("__import__('os')", '()')), 'not a dictionary as NumPy writes it'],
  ['text after the dictionary', fileOf(`${F4}x`), 'not a dictionary as NumPy writes it'],
  ['no closing brace', fileOf("{'descr': '<f4'"), 'not a dictionary as NumPy writes it'],
  ['a deep nest', fileOf(`{'shape': ${'('.repeat(5000)}`), 'not a dictionary as NumPy writes it'],
];

test.each(REFUSED)('%s throws an error', (_, file, message) => {
  expect(() => readNpy(file)).toThrow(NpyError);
  expect(() => readNpy(file)).toThrow(message);
});

const shapes = fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 4 });
const arrays: fc.Arbitrary<NpyArray> = fc
  .tuple(shapes, fc.constantFrom('F64', 'F32', 'F16', 'I32', 'I64', 'U8', 'BOOL'), fc.nat())
  .map(([shape, kind, seed]) => {
    const random = new Random(seed);
    const size = shape.reduce((a, b) => a * b, 1);
    const values = Array.from({ length: size }, () => random.integer(2));
    if (kind === 'F64') return { shape, data: Float64Array.from(values) };
    if (kind === 'F32') return { shape, data: Float32Array.from(values) };
    if (kind === 'F16') return { shape, data: Float32Array.from(values), stored: 'F16' };
    return kind === 'I32'
      ? { shape, data: Int32Array.from(values) }
      : { shape, data: Int32Array.from(values), stored: kind as 'I64' };
  });
const named = fc.uniqueArray(fc.tuple(fc.string({ unit: 'binary', maxLength: 6 }), arrays), {
  selector: ([name]) => name,
  maxLength: 4,
});

test('What was written as .npz is read back, deflated or not, whatever the names', () => {
  fc.assert(
    fc.property(named, fc.boolean(), (entries, compress) => {
      const file = writeNpz(new Map(entries), { compress });
      expect([...readNpz(file)]).toEqual(entries);
    }),
    { seed: 1, numRuns: 200 },
  );
});

test('An array in Fortran order is the transposed one of its transpose', () => {
  fc.assert(
    fc.property(shapes, (shape) => {
      const size = shape.reduce((a, b) => a * b, 1);
      const turned = tensor(
        Int32Array.from({ length: size }, (_, i) => i),
        { shape: shape.toReversed() },
      );
      const header = dictionary("'<i4'", `(${shape.map((n) => `${n},`).join('')})`, 'True');
      const file = fileOf(header, [...new Uint8Array(turned.toTypedArray().buffer)]);
      expect(readNpy(file).data).toEqual(
        turned.permute(shape.map((_, i) => shape.length - 1 - i)).toTypedArray(),
      );
    }),
    { seed: 1, numRuns: 100 },
  );
});

test('Any flipped bit of an archive gives an NpyError or a valid read, and none of an array passes', () => {
  const original = { shape: [3], data: Float32Array.of(1, 2, 3) };
  for (const compress of [false, true]) {
    const file = writeNpz(new Map([['a', original]]), { compress });
    for (let bit = 0; bit < file.length * 8; bit++) {
      const damaged = file.slice();
      (damaged[bit >> 3] as number) ^= 1 << (bit & 7);
      try {
        for (const array of readNpz(damaged).values()) expect(array).toEqual(original);
      } catch (error) {
        expect(error).toBeInstanceOf(NpyError);
      }
    }
    for (let length = 0; length < file.length; length++)
      expect(() => readNpz(file.subarray(0, length))).toThrow(NpyError);
  }
});

test('A tensor and a state dict are written as they are', () => {
  const x = tensor([[1, 2]]).transpose();
  expect(readNpy(writeNpy(x))).toEqual({ shape: [2, 1], data: Float32Array.of(1, 2) });
  const linear = new Linear(2, 1, { random: new Random(1) });
  expect([...readNpz(writeNpz(stateDict(linear))).keys()]).toEqual(['weight', 'bias']);
});

test('Anything but a Uint8Array is rejected with a readable message', () => {
  const buffer = new ArrayBuffer(16) as unknown as Uint8Array;
  expect(() => readNpy(buffer)).toThrow(
    'npy: expected a Uint8Array with the bytes of a file, got ArrayBuffer',
  );
  expect(() => readNpz(buffer)).toThrow(
    'npz: expected a Uint8Array with the bytes of a file, got ArrayBuffer',
  );
});
