import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { fastModule } from '../../src/kernels/fast.generated.ts';
import { decodeHex } from '../../src/kernels/hex.ts';
import { replayModule } from '../../src/kernels/replay.generated.ts';
import { strictModule } from '../../src/kernels/strict.generated.ts';
import { wideModule } from '../../src/kernels/wide.generated.ts';
import { HEAP_START } from '../../src/memory/heap.ts';

const script = fileURLToPath(new URL('../../scripts/build-kernels.mjs', import.meta.url));

test('The committed modules are what the sources compile to.', () => {
  expect(() => execFileSync(process.execPath, [script, '--check'], { stdio: 'pipe' })).not.toThrow();
});

/** An unsigned number in LEB128, and the index of the next byte. */
function leb128(module: Uint8Array, at: number): { value: number; next: number } {
  let value = 0;
  for (let shift = 0; ; shift += 7) {
    const byte = module[at++]!;
    value |= (byte & 0x7f) << shift;
    if (byte < 0x80) return { value, next: at };
  }
}

interface Section {
  readonly kind: number;
  /** Where its contents begin in the module. */
  readonly start: number;
}

function sections(module: Uint8Array): Section[] {
  const found: Section[] = [];
  for (let at = 8; at < module.length; ) {
    const kind = module[at]!;
    const { value, next } = leb128(module, at + 1);
    found.push({ kind, start: next });
    at = next + value;
  }
  return found;
}

/**
 * Start and end address of each data segment: flags 0, `i32.const` address, `end`, length, bytes.
 */
function dataSegments(module: Uint8Array, { start }: Section): [from: number, to: number][] {
  const count = leb128(module, start);
  let at = count.next;
  return Array.from({ length: count.value }, () => {
    expect([...module.subarray(at, at + 2)]).toEqual([0, 0x41]);
    const address = leb128(module, at + 2);
    const length = leb128(module, address.next + 1);
    at = length.next + length.value;
    return [address.value, address.value + length.value];
  });
}

const modules = { strict: strictModule, fast: fastModule, wide: wideModule };
const segments = Object.values(modules).map((digits) => {
  const module = decodeHex(digits);
  return dataSegments(module, sections(module).find(({ kind }) => kind === 11)!);
});

test.each(Object.entries(modules))(
  'The %s module has types, imports, functions, globals, exports, code and constants: it defines no memory and has no start function.',
  (_name, digits) => {
    const kinds = sections(decodeHex(digits)).map(({ kind }) => kind);
    expect(kinds.filter((kind) => ![1, 2, 3, 6, 7, 10, 11, 12].includes(kind))).toEqual([]);
  },
);

test('The replay module has types, imports, a function, exports and code, and no constants.', () => {
  expect(sections(decodeHex(replayModule)).map(({ kind }) => kind)).toEqual([1, 2, 3, 7, 10]);
});

test('The constants of all modules lie below the heap, apart from each other and from the scratch of kernels/scratch.ts.', () => {
  const [strict, fast, wide] = segments;
  for (const [from, to] of strict!) expect([from >= 1024, to <= 1536]).toEqual([true, true]);
  for (const [from, to] of fast!) expect([from >= 1536, to <= 1792]).toEqual([true, true]);
  for (const [from, to] of wide!) expect([from >= 1792, to <= 2048]).toEqual([true, true]);
  expect(2048 + 8192).toBeLessThanOrEqual(HEAP_START);
});

test('Hexadecimal digits decode as Node decodes them, for every length and byte.', () => {
  for (let n = 0; n < 259; n++) {
    const bytes = Uint8Array.from({ length: n }, (_, i) => (i * 37 + n) & 255);
    expect(decodeHex(Buffer.from(bytes).toString('hex'))).toEqual(bytes);
  }
});
