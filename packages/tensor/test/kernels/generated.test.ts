import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { decodeHex } from '../../src/kernels/hex.ts';
import { strictModule } from '../../src/kernels/strict.generated.ts';

const script = fileURLToPath(new URL('../../scripts/build-kernels.mjs', import.meta.url));

test('The committed module is what the sources compile to.', () => {
  expect(() => execFileSync(process.execPath, [script, '--check'], { stdio: 'pipe' })).not.toThrow();
});

/** The kinds of sections in a module: one byte each, then the length of what follows in LEB128. */
function sections(module: Uint8Array): number[] {
  const kinds: number[] = [];
  let at = 8;
  while (at < module.length) {
    kinds.push(module[at++]!);
    let length = 0;
    for (let shift = 0, more = true; more; shift += 7, at++) {
      length |= (module[at]! & 0x7f) << shift;
      more = module[at]! >= 0x80;
    }
    at += length;
  }
  return kinds;
}

test('The module has types, imports, functions, globals, exports and code: no data or memory that would lie in the heap.', () => {
  expect(sections(decodeHex(strictModule))).toEqual([1, 2, 3, 6, 7, 10]);
});

test('Hexadecimal digits decode as Node decodes them, for every length and byte.', () => {
  for (let n = 0; n < 259; n++) {
    const bytes = Uint8Array.from({ length: n }, (_, i) => (i * 37 + n) & 255);
    expect(decodeHex(Buffer.from(bytes).toString('hex'))).toEqual(bytes);
  }
});
