import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { SafetensorsTensor } from '../../../src/formats/safetensors/format.ts';
import { SafetensorsError } from '../../../src/formats/safetensors/format.ts';
import { readSafetensors } from '../../../src/formats/safetensors/read.ts';
import { writeSafetensors } from '../../../src/formats/safetensors/write.ts';

const shapes = fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 3 });

/** Elements from random bytes, so that every NaN, infinity and subnormal comes up. */
const tensors: fc.Arbitrary<SafetensorsTensor> = fc
  .tuple(fc.constantFrom('F32' as const, 'F64' as const, 'I32' as const), shapes)
  .chain(([dtype, shape]) => {
    const count = shape.reduce((a, b) => a * b, 1);
    const bytes = count * (dtype === 'F64' ? 8 : 4);
    return fc.uint8Array({ minLength: bytes, maxLength: bytes }).map((raw): SafetensorsTensor => {
      const { buffer } = raw.slice();
      if (dtype === 'F32') return { dtype, shape, data: new Float32Array(buffer) };
      if (dtype === 'F64') return { dtype, shape, data: new Float64Array(buffer) };
      return { dtype, shape, data: new Int32Array(buffer) };
    });
  });

const names = fc
  .oneof(fc.string({ unit: 'binary' }), fc.constantFrom('__proto__', 'constructor', 'a.b', ''))
  .filter((name) => name !== '__metadata__');

const files = fc.tuple(
  fc.uniqueArray(fc.tuple(names, tensors), { selector: ([name]) => name, maxLength: 6 }),
  fc.dictionary(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' })),
);

function bytesOf({ data }: SafetensorsTensor): Uint8Array {
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}

test('what was written is read back: names, dtypes, shapes, metadata, and every bit of the data', () => {
  fc.assert(
    fc.property(files, fc.nat({ max: 9 }), ([entries, metadata], offset) => {
      const written = writeSafetensors(new Map(entries), metadata);
      const shifted = new Uint8Array(written.length + offset);
      shifted.set(written, offset);
      const read = readSafetensors(shifted.subarray(offset));
      expect(new Set(read.tensors.keys())).toEqual(new Set(entries.map(([name]) => name)));
      for (const [name, tensor] of entries) {
        const back = read.tensors.get(name) as SafetensorsTensor;
        expect([back.dtype, back.shape]).toEqual([tensor.dtype, tensor.shape]);
        expect(bytesOf(back)).toEqual(bytesOf(tensor));
      }
      expect(Object.entries(read.metadata).sort()).toEqual(Object.entries(metadata).sort());
    }),
    { seed: 1, numRuns: 300 },
  );
});

test('the same tensors in another order give the same bytes', () => {
  fc.assert(
    fc.property(files, ([entries, metadata]) => {
      const turned = Object.fromEntries(Object.entries(metadata).reverse());
      expect(writeSafetensors(new Map([...entries].reverse()), turned)).toEqual(
        writeSafetensors(new Map(entries), metadata),
      );
    }),
    { seed: 1, numRuns: 100 },
  );
});

test('the data of a written file begins at a multiple of 8, and every tensor is aligned', () => {
  fc.assert(
    fc.property(files, ([entries, metadata]) => {
      const written = writeSafetensors(new Map(entries), metadata);
      expect(new DataView(written.buffer).getUint32(0, true) % 8).toBe(0);
      for (const { data } of readSafetensors(written).tensors.values())
        expect(data.buffer).toBe(written.buffer);
    }),
    { seed: 1, numRuns: 100 },
  );
});

test('bytes changed, dropped or added anywhere give a SafetensorsError or a valid read, never another error', () => {
  const changes = fc.array(fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.nat({ max: 255 })), {
    minLength: 1,
    maxLength: 4,
  });
  fc.assert(
    fc.property(files, changes, fc.integer({ min: -20, max: 4 }), ([entries, metadata], edits, resize) => {
      const written = writeSafetensors(new Map(entries), metadata);
      const damaged = new Uint8Array(Math.max(0, written.length + resize));
      damaged.set(written.subarray(0, damaged.length));
      for (const [where, byte] of edits) damaged[Math.floor(where * damaged.length)] = byte;
      expectErrorOrRead(damaged);
    }),
    { seed: 1, numRuns: 2000 },
  );
});

test('every single flipped bit of a file gives a SafetensorsError or a valid read', () => {
  const file = writeSafetensors(
    new Map<string, SafetensorsTensor>([
      ['weight', { dtype: 'F32', shape: [2, 1], data: new Float32Array([1, 2]) }],
      ['count', { dtype: 'I32', shape: [], data: new Int32Array([3]) }],
    ]),
    { key: 'värde' },
  );
  for (let bit = 0; bit < file.length * 8; bit++) {
    const damaged = file.slice();
    (damaged[bit >> 3] as number) ^= 1 << (bit & 7);
    expectErrorOrRead(damaged);
  }
});

function expectErrorOrRead(bytes: Uint8Array): void {
  try {
    for (const { shape, data } of readSafetensors(bytes).tensors.values()) {
      expect(data.length).toBe(shape.reduce((a, b) => a * b, 1));
    }
  } catch (error) {
    expect(error).toBeInstanceOf(SafetensorsError);
  }
}
