import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { decodeBase64 } from '../../src/kernels/base64.ts';
import { strictModule } from '../../src/kernels/strict.generated.ts';

const script = fileURLToPath(new URL('../../scripts/build-kernels.mjs', import.meta.url));

test('The committed module is what the sources compile to.', () => {
  expect(() => execFileSync(process.execPath, [script, '--check'], { stdio: 'pipe' })).not.toThrow();
});

test('The module brings no data of its own, which would lie among the heap’s addresses, and exports functions alone.', () => {
  const bytes = decodeBase64(strictModule);
  const module = new WebAssembly.Module(bytes);
  expect(WebAssembly.Module.imports(module)).toEqual([{ module: 'env', name: 'memory', kind: 'memory' }]);
  expect(new Set(WebAssembly.Module.exports(module).map(({ kind }) => kind))).toEqual(new Set(['function']));
  const ids: number[] = [];
  for (let at = 8; at < bytes.length; ) {
    ids.push(bytes[at++]!);
    let length = 0;
    for (let shift = 0, more = true; more; shift += 7, at++) {
      length |= (bytes[at]! & 0x7f) << shift;
      more = bytes[at]! >= 0x80;
    }
    at += length;
  }
  const DATA = 11;
  expect(ids).not.toContain(DATA);
});

test('Base64 decodes as Node decodes it, for every length and byte.', () => {
  for (let n = 0; n < 259; n++) {
    const bytes = Uint8Array.from({ length: n }, (_, i) => (i * 37 + n) & 255);
    expect(decodeBase64(Buffer.from(bytes).toString('base64'))).toEqual(bytes);
  }
});
