import { ValueError } from '@chronograd/tensor';
import { expect, test } from 'vitest';
import { NpyError, openNpz, readNpz, writeNpy, writeNpz } from '../../../src/formats/npy/index.ts';
import { writeZip } from '../../../src/formats/npy/zip-writer.ts';

const text = (words: string): Uint8Array => new TextEncoder().encode(words);
const array = (...values: number[]) => ({ shape: [values.length], data: Float32Array.from(values) });
/** The header of an array of Python objects, and no elements. */
const OBJECTS = new Uint8Array(writeNpy(array()));
OBJECTS.set(text("'|O' "), 20);

/** Two good arrays among three files that cannot be read. */
const MIXED = writeZip(
  new Map([
    ['first.npy', writeNpy(array(1))],
    ['objects.npy', OBJECTS],
    ['big.npy', beyondInt32()],
    ['notes.txt', text('hello')],
    ['last.npy', writeNpy(array(2, 3))],
  ]),
  true,
);

function beyondInt32(): Uint8Array {
  const file = writeNpy({ shape: [1], data: Int32Array.of(1), stored: 'I64' });
  file[file.length - 1] = 1; // 2^56 + 1
  return file;
}

test('An open archive lists its arrays and reads each by name, whatever the others are', () => {
  const file = openNpz(MIXED);
  expect(file.names).toEqual(['first', 'objects', 'big', 'notes.txt', 'last']);
  expect(file.get('last')).toEqual(array(2, 3));
  expect(() => file.get('objects')).toThrow('b1, got "|O", Python objects');
  expect(() => file.get('notes.txt')).toThrow('npz: in "notes.txt": expected a .npy file');
  expect(() => file.get('lost')).toThrow(
    'npz: the file has no array "lost"; it has first, objects, big, notes.txt, last',
  );
  expect(() => file.get(Object.create(null))).toThrow('the file has no array an object; it has first');
  for (const name of ['objects', 'big', 'notes.txt', 'lost']) {
    try {
      file.get(name);
      expect.unreachable();
    } catch (error) {
      expect(error).toBeInstanceOf(NpyError);
      expect((error as NpyError).entry).toBe(name);
    }
  }
});

test('Reading whole names the first array that cannot be read, or reports each and reads the others', () => {
  expect(() => readNpz(MIXED)).toThrow('in "objects.npy"');
  const left: (string | null)[] = [];
  const arrays = readNpz(MIXED, { onUnreadable: (error) => left.push(error.entry) });
  expect([...arrays]).toEqual([
    ['first', array(1)],
    ['last', array(2, 3)],
  ]);
  expect(left).toEqual(['objects', 'big', 'notes.txt']);
});

test('A damaged array does not hinder reading the others', () => {
  const file = writeNpz(
    new Map([
      ['a', array(1)],
      ['b', array(2)],
    ]),
  );
  (file[30 + 5 + 128] as number) ^= 1; // an element of a
  const left: string[] = [];
  expect([...readNpz(file, { onUnreadable: ({ message }) => left.push(message) }).keys()]).toEqual(['b']);
  expect(left).toEqual([
    'npz: in "a.npy": npz: the archive is damaged: the file "a.npy" does not have its checksum',
  ]);
});

test('A broken deflated stream ends the reading, whatever onUnreadable does, since many of them would take long', () => {
  const arrays = new Map(['a', 'b'].map((name) => [name, { shape: [100], data: new Float32Array(100) }]));
  const file = writeNpz(arrays, { compress: true });
  file[30 + 5] = 0xff; // the first byte of a's stream
  const onUnreadable = () => expect.unreachable();
  expect(() => readNpz(file, { onUnreadable })).toThrow(
    'npz: in "a.npy": npz: the archive is damaged: the file "a.npy" cannot be inflated to 528 bytes',
  );
  const open = openNpz(file);
  expect(open.get('b')).toEqual(arrays.get('b'));
  expect(() => open.get('a')).toThrow(expect.objectContaining({ name: 'NpyError', entry: 'a' }));
});

test('An archive that would unpack to a hundred times its size throws an error before anything is unpacked, unless maxRatio allows it', () => {
  const zeros = { shape: [5_000_000], data: new Int32Array(5_000_000) };
  const file = writeNpz(new Map([['a', zeros]]), { compress: true });
  expect(() => openNpz(file)).toThrow(NpyError);
  expect(() => readNpz(file)).toThrow(
    /^npz: expected arrays of at most 100 times the file's \d+ bytes, got 20000128 bytes; set maxRatio to 10\d\d if/,
  );
  expect(openNpz(file, { maxRatio: 1032 }).get('a').data.length).toBe(5_000_000);
});

test('Small archives are read whatever their ratio', () => {
  const zeros = { shape: [2_000_000], data: new Int32Array(2_000_000) };
  const file = writeNpz(new Map([['a', zeros]]), { compress: true });
  expect(file.length).toBeLessThan(10_000);
  expect(readNpz(file).get('a')?.data.length).toBe(2_000_000);
});

test('Options are checked', () => {
  const file = writeNpz(new Map([['a', array(1)]]));
  expect(() => readNpz(file, { maxratio: 3 } as object)).toThrow(
    'readNpz: unknown option "maxratio"; did you mean maxRatio?',
  );
  expect(() => writeNpz(new Map(), { compressed: true } as object)).toThrow('did you mean compress?');
  expect(() => readNpz(file, { onUnreadable: true } as object)).toThrow(
    'readNpz: expected a function for onUnreadable, got a boolean',
  );
  for (const maxRatio of [0, NaN, '5' as unknown as number]) {
    expect(() => openNpz(file, { maxRatio })).toThrow(ValueError);
    expect(() => openNpz(file, { maxRatio })).toThrow('openNpz: expected a number above 0 for maxRatio, got');
  }
});

test('Two files for one array throw an error', () => {
  const file = writeZip(
    new Map([
      ['a', writeNpy(array(1))],
      ['a.npy', writeNpy(array(1))],
    ]),
    false,
  );
  expect(() => openNpz(file)).toThrow('the archive has two files for the array "a"');
});

test('An archive in an archive is not unpacked', () => {
  const nested = writeZip(new Map([['inner.npz', writeNpz(new Map([['a', array(1)]]))]]), true);
  expect(() => readNpz(nested)).toThrow('npz: in "inner.npz": expected a .npy file');
  const renamed = writeZip(new Map([['inner.npy', writeNpz(new Map([['a', array(1)]]))]]), true);
  expect(() => readNpz(renamed)).toThrow('this is a zip archive, readNpz reads a .npz');
});

test('Anything but an archive of arrays is rejected, and for an archive of torch.save the message shows the conversion', () => {
  const archive = (name: string): Uint8Array => writeZip(new Map([[name, text('hello')]]), false);
  expect(() => readNpz(archive('a.npy'))).toThrow('npz: in "a.npy": npy: the bytes do not begin');
  expect(() => openNpz(archive('model/data.pkl'))).toThrow('from safetensors.torch import save_file');
  expect(() => openNpz(Uint8Array.of(0x80, 2, 0x8a))).toThrow('a Python pickle');
  expect(() => openNpz(Uint8Array.of(0x93, 0x4e))).toThrow('readNpy reads it');
});
