import { expect, test } from 'vitest';
import { crc32 } from '../../../src/formats/npy/crc32.ts';
import { NpyError } from '../../../src/formats/npy/format.ts';
import { readDirectory, unpack } from '../../../src/formats/npy/zip-reader.ts';
import { writeZip } from '../../../src/formats/npy/zip-writer.ts';

const text = (words: string): Uint8Array => new TextEncoder().encode(words);

test('The checksum of "123456789" is the one that the standard gives', () => {
  expect(crc32(text('123456789'))).toBe(0xcbf43926);
  expect(crc32(new Uint8Array(0))).toBe(0);
});

const readZip = (file: Uint8Array): ReadonlyMap<string, Uint8Array> =>
  new Map(readDirectory(file).map((entry) => [entry.name, unpack(entry)]));

/** An archive of one file, changed at `at` bytes from its directory's begin. */
const changed = (at: number, value: number): Uint8Array => {
  const file = writeZip(new Map([['a.npy', text('hello')]]), false);
  const view = new DataView(file.buffer);
  const directory = view.getUint32(file.length - 22 + 16, true);
  view.setUint32(directory + at, value, true);
  return file;
};

const BROKEN: readonly [string, Uint8Array, string][] = [
  ['nothing', new Uint8Array(0), 'no directory at its end'],
  ['an encrypted file', changed(8, 0x801), 'the file "a.npy" is encrypted'],
  ['another method', changed(10, 9), 'packed by method 9, expected 0 (stored) or 8 (deflated)'],
  ['another checksum', changed(16, 1), 'does not have its checksum'],
  ['bytes past the directory', changed(20, 100), 'the file "a.npy" is cut short'],
  ['another size', changed(24, 6), 'the file "a.npy" cannot have 6 bytes'],
  ['another place', changed(42, 1), 'is not where its directory says'],
  ['a packed size of zip64', changed(20, 0xffffffff), 'expected an archive below 4 GiB, got a zip64 archive'],
  ['a size of zip64', changed(24, 0xffffffff), 'a zip64 archive'],
  ['a place of zip64', changed(42, 0xffffffff), 'a zip64 archive'],
  ['another name', changed(46, 0x706e2e62), 'the file "b.npy" has another name in its own header'],
  ['a name past the directory', changed(28, 60_000), 'its directory is broken'],
  ['no directory', changed(0, 0), 'its directory is broken'],
];

test.each(BROKEN)('%s throws an error', (_, file, message) => {
  expect(() => readZip(file)).toThrow(NpyError);
  expect(() => readZip(file)).toThrow(message);
});

test('A few bytes that claim to be gigabytes are rejected before any memory is allocated', () => {
  const file = writeZip(new Map([['a.npy', new Uint8Array(2000)]]), true);
  const view = new DataView(file.buffer);
  view.setUint32(view.getUint32(file.length - 22 + 16, true) + 24, 0xffffff00, true);
  expect(() => readZip(file)).toThrow('cannot have 4294967040 bytes');
});

test('A stream that goes on past the size of its file throws an error, and is not followed', () => {
  const file = writeZip(new Map([['a.npy', new Uint8Array(5_000_000)]]), true);
  const view = new DataView(file.buffer);
  const entry = view.getUint32(file.length - 22 + 16, true);
  view.setUint32(entry + 16, crc32(new Uint8Array(10)), true);
  view.setUint32(entry + 24, 10, true);
  expect(() => readZip(file)).toThrow('the file "a.npy" cannot be inflated to 10 bytes');
});

test('A directory whose count and size disagree throws an error, because readers differ in which one they use', () => {
  const two = writeZip(
    new Map([
      ['a.npy', text('hello')],
      ['b.npy', text('hello')],
    ]),
    false,
  );
  two[two.length - 12] = 1; // entries
  expect(() => readZip(two)).toThrow('its directory is broken');
  const one = writeZip(new Map([['a.npy', text('hello')]]), false);
  (one[one.length - 10] as number) -= 1; // bytes
  expect(() => readZip(one)).toThrow('its directory is broken');
});

test('A file within the packed bytes of another throws an error', () => {
  const inner = writeZip(new Map([['b.npy', text('hello')]]), false);
  const file = writeZip(
    new Map([
      ['a.npy', inner],
      ['b.npy', text('hello')],
    ]),
    false,
  );
  const view = new DataView(file.buffer);
  const directory = view.getUint32(file.length - 22 + 16, true);
  view.setUint32(directory + 51 + 42, 35, true); // b's header is in a's bytes
  expect(() => readDirectory(file)).toThrow('two of its files share bytes');
});

test('A file twice in the directory throws an error', () => {
  const file = writeZip(
    new Map([
      ['a.npy', text('hello')],
      ['b.npy', text('hello')],
    ]),
    false,
  );
  const directory = new DataView(file.buffer).getUint32(file.length - 22 + 16, true);
  file[directory + 51 + 46] = 'a'.charCodeAt(0);
  file[40 + 30] = 'a'.charCodeAt(0);
  expect(() => readDirectory(file)).toThrow('it has the file "a.npy" twice');
});

test('An archive with a comment is read', () => {
  const file = writeZip(new Map([['a.npy', text('hello')]]), true);
  const longer = Uint8Array.from([...file, 1, 2, 3]);
  longer[file.length - 2] = 3;
  expect([...readZip(longer).keys()]).toEqual(['a.npy']);
});
