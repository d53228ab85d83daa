/**
 * Damaged files of every format: a read or a typed error with a short message on one line, never
 * another error.
 */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { NpyError, readNpy, readNpz, writeNpy, writeNpz } from '../../../src/formats/npy/index.ts';
import { writeZip } from '../../../src/formats/npy/zip-writer.ts';
import {
  readSafetensors,
  SafetensorsError,
  type SafetensorsTensor,
  writeSafetensors,
} from '../../../src/formats/safetensors/index.ts';

const tensors = new Map<string, SafetensorsTensor>([
  ['weight_ih_l0', { dtype: 'F32', shape: [4, 3], data: new Float32Array(12).fill(0.5) }],
  ['värde.値', { dtype: 'F32', stored: 'F16', shape: [2], data: Float32Array.of(1, -2) }],
  ['count', { dtype: 'I32', stored: 'I64', shape: [], data: Int32Array.of(7) }],
  ['mask', { dtype: 'I32', stored: 'BOOL', shape: [3], data: Int32Array.of(1, 0, 1) }],
  ['none', { dtype: 'F64', shape: [0, 5], data: new Float64Array(0) }],
]);
const npys = [...tensors.values()].map(writeNpy);
/** A damaged array within a right archive, so that reading gets past the checksum. */
const inArchive = (file: Uint8Array): Uint8Array => writeZip(new Map([['a.npy', file]]), true);

const onUnreadable = expectShort;
const FORMATS: readonly [string, readonly Uint8Array[], (file: Uint8Array) => unknown][] = [
  ['npy', npys, readNpy],
  ['npz', [writeNpz(tensors), writeNpz(tensors, { compress: true })], (file) => readNpz(file)],
  ['npz, skipping', [writeNpz(tensors)], (file) => readNpz(file, { onUnreadable })],
  ['npy in an npz', npys, (file) => readNpz(inArchive(file), { onUnreadable })],
  ['safetensors', [writeSafetensors(tensors, { format: 'pt' })], (file) => readSafetensors(file)],
  ['safetensors, skipping', [writeSafetensors(tensors)], (file) => readSafetensors(file, { onUnreadable })],
];

const TEXTS =
  '9007199254740991 18446744073709551615 -1 0 1e9 [ { " \' ( , True <f8 >i2 |O I8 Q4 __proto__ PK\x01\x02 PK\x03\x04 \u001b[2J \u202e';
const place = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
const edit = fc.oneof(
  fc.record({ at: place, cut: fc.constant(1), put: fc.uint8Array({ minLength: 1, maxLength: 1 }) }),
  fc.record({
    at: place,
    cut: fc.nat({ max: 20 }),
    put: fc.constantFrom(...TEXTS.split(' ')).map((text) => new TextEncoder().encode(text)),
  }),
  fc.record({ at: place, cut: fc.constantFrom(4, 30, 1e6), put: fc.uint8Array({ maxLength: 8 }) }),
);

test.each(FORMATS)('A damaged %s gives a read or a typed error with a short message', (_, files, read) => {
  for (const file of files) expect(() => read(file)).not.toThrow();
  const edits = fc.array(edit, { minLength: 1, maxLength: 3 });
  fc.assert(
    fc.property(fc.constantFrom(...files), edits, (file, changes) => {
      let damaged = file;
      for (const { at, cut, put } of changes) {
        const from = Math.floor(at * damaged.length);
        damaged = Uint8Array.of(...damaged.subarray(0, from), ...put, ...damaged.subarray(from + cut));
      }
      try {
        read(damaged);
      } catch (error) {
        expectShort(error);
      }
    }),
    { seed: 1, numRuns: 1500 },
  );
});

function expectShort(error: unknown): void {
  expect(error instanceof NpyError || error instanceof SafetensorsError).toBe(true);
  // The lines of Python that convert a file of torch.save are ours.
  const message = (error as Error).message.split('\nimport torch')[0] as string;
  expect(message.length).toBeLessThan(1500);
  expect(message).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
}
