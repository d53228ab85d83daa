// Compiles kernels/*.ts (AssemblyScript) and writes the module as base64 into src/kernels/strict.generated.ts.
// With --check it writes nothing and exits 1 if that file is not what the sources compile to.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { main as compile } from 'assemblyscript/asc';

const home = fileURLToPath(new URL('..', import.meta.url));
const target = fileURLToPath(new URL('../src/kernels/strict.generated.ts', import.meta.url));

const options = [
  'kernels/index.ts',
  ...['--baseDir', home, '--outFile', 'strict.wasm'],
  // The heap is handed in; nothing else is imported, and there is no runtime, so the module needs no addresses of its own.
  ...['--importMemory', '--noExportMemory', '--runtime', 'stub', '--noAssert'],
  // Speed first; the shrink level only keeps the compiler from inlining what the sources leave as calls.
  ...['--optimizeLevel', '3', '--shrinkLevel', '1', '--enable', 'simd'],
  // "v128 cannot be exchanged with JavaScript": true, and said of internal functions that never are.
  ...['--disableWarning', '112'],
];

let binary;
const { error, stderr } = await compile(options, {
  writeFile: (_name, contents) => {
    binary = contents;
  },
});
process.stderr.write(stderr.toString());
if (error) process.exit(1);

const source = `// Written by scripts/build-kernels.mjs from kernels/*.ts; not edited by hand.

/** The strict SIMD kernels: a WebAssembly module of ${binary.length} bytes in base64. */
export const strictModule: string =
  '${Buffer.from(binary).toString('base64')}';
`;

if (!process.argv.includes('--check')) {
  writeFileSync(target, source);
  console.log(`strict kernels: ${binary.length} bytes`);
} else if (readFileSync(target, 'utf8') !== source) {
  console.error(
    'src/kernels/strict.generated.ts is not what kernels/*.ts compile to: run `pnpm run kernels`',
  );
  process.exit(1);
}
