import { expect, test } from 'vitest';
import { crc32 } from '../../src/npy/crc32.ts';
import { NpyError } from '../../src/npy/format.ts';
import { readNpz } from '../../src/npy/npz.ts';
import { readZip, writeZip } from '../../src/npy/zip.ts';

const text = (words: string): Uint8Array => new TextEncoder().encode(words);

test('The checksum of "123456789" is the one that the standard gives', () => {
  expect(crc32(text('123456789'))).toBe(0xcbf43926);
  expect(crc32(new Uint8Array(0))).toBe(0);
});

/** An archive of one file, changed at `at` bytes from its directory's begin. */
const changed = (at: number, value: number): Uint8Array => {
  const file = writeZip(new Map([['a.npy', text('hello')]]), false);
  const view = new DataView(file.buffer);
  const directory = view.getUint32(file.length - 22 + 16, true);
  view.setUint32(directory + at, value, true);
  return file;
};

const BROKEN: readonly [string, Uint8Array, string][] = [
  ['nothing', new Uint8Array(0), 'no directory stands at its end'],
  ['an encrypted file', changed(8, 0x801), 'the file "a.npy" is encrypted'],
  ['another method', changed(10, 9), 'packed by method 9, expected 0 (stored) or 8 (deflated)'],
  ['another checksum', changed(16, 1), 'does not have its checksum'],
  ['bytes past the directory', changed(20, 100), 'the file "a.npy" is cut short'],
  ['another size', changed(24, 6), 'the file "a.npy" cannot have 6 bytes'],
  ['another place', changed(42, 1), 'is not where its directory says'],
  ['no directory', changed(0, 0), 'its directory is broken'],
];

test.each(BROKEN)('%s is refused', (_, file, message) => {
  expect(() => readZip(file)).toThrow(NpyError);
  expect(() => readZip(file)).toThrow(message);
});

test('A few bytes that claim to be gigabytes are refused before any memory is asked for', () => {
  const file = writeZip(new Map([['a.npy', new Uint8Array(2000)]]), true);
  const view = new DataView(file.buffer);
  view.setUint32(view.getUint32(file.length - 22 + 16, true) + 24, 0xffffff00, true);
  expect(() => readZip(file)).toThrow('cannot have 4294967040 bytes');
});

test('A file that stands twice in the directory, and two that share bytes, are refused', () => {
  const files = new Map([
    ['a.npy', text('hello')],
    ['b.npy', text('hello')],
  ]);
  const file = writeZip(files, false);
  const view = new DataView(file.buffer);
  const directory = view.getUint32(file.length - 22 + 16, true);
  view.setUint32(directory + 51 + 42, 0, true); // b's bytes are where a's are
  expect(() => readZip(file)).toThrow('two of its files share bytes');
  file[directory + 51 + 46] = 'a'.charCodeAt(0);
  expect(() => readZip(file)).toThrow('it has the file "a.npy" twice');
});

test('An archive with a comment is read', () => {
  const file = writeZip(new Map([['a.npy', text('hello')]]), true);
  const longer = Uint8Array.from([...file, 1, 2, 3]);
  longer[file.length - 2] = 3;
  expect([...readZip(longer).keys()]).toEqual(['a.npy']);
});

test('What is no array in an archive is refused, and an archive of torch.save told how to convert it', () => {
  const archive = (name: string): Uint8Array => writeZip(new Map([[name, text('hello')]]), false);
  expect(() => readNpz(archive('notes.txt'))).toThrow(
    'the file "notes.txt" came, only .npy files were expected',
  );
  expect(() => readNpz(archive('a.npy'))).toThrow('npz: in "a.npy": npy: the bytes do not begin');
  expect(() => readNpz(archive('model/data.pkl'))).toThrow('from safetensors.torch import save_file');
  expect(() => readNpz(Uint8Array.of(0x80, 2, 0x8a))).toThrow('a Python pickle');
  expect(() => readNpz(Uint8Array.of(0x93, 0x4e))).toThrow('readNpy reads it');
});
