// Compiles kernels/*.ts (AssemblyScript) into four modules, and writes them as hexadecimal digits
// to src/kernels/*.generated.ts. With --check it writes nothing, and exits with 1 if those files do
// not match the sources.
import '../../../scripts/node-version.mjs';
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { main as compile } from 'assemblyscript/asc';

const home = fileURLToPath(new URL('..', import.meta.url));

/**
 * All modules share one memory, so those with constants have separate addresses for them: see
 * kernels/scratch.ts.
 */
const modules = [
  {
    name: 'strict',
    what: 'The strict SIMD kernels',
    entry: 'index',
    fast: 0,
    features: ['simd'],
    constantsAt: 1024,
  },
  {
    name: 'fast',
    what: 'The fast SIMD kernels',
    entry: 'fast',
    fast: 1,
    features: ['simd', 'relaxed-simd'],
    constantsAt: 1536,
  },
  {
    name: 'wide',
    what: 'The wide SIMD kernels',
    entry: 'wide',
    fast: 1,
    wide: 1,
    features: ['simd', 'relaxed-simd'],
    constantsAt: 1792,
  },
  {
    name: 'replay',
    what: 'The replay of launches',
    entry: 'replay',
    fast: 0,
    features: [],
    constantsAt: 2048,
    table: true,
  },
];

async function build({ entry, fast, wide = 0, features, constantsAt, table = false }) {
  const options = [
    `kernels/${entry}.ts`,
    ...['--baseDir', home, '--outFile', 'kernels.wasm', '--use', `FAST=${fast}`, '--use', `WIDE=${wide}`],
    // The modules import the heap, and replay also the table of kernels. There are no other imports
    // and no runtime.
    ...[
      '--importMemory',
      '--noExportMemory',
      '--runtime',
      'stub',
      '--noAssert',
      '--memoryBase',
      `${constantsAt}`,
    ],
    ...(table ? ['--importTable'] : []),
    // Optimize for speed. The shrink level only keeps the compiler from inlining the sources'
    // calls.
    ...[
      '--optimizeLevel',
      '3',
      '--shrinkLevel',
      '1',
      ...features.flatMap((feature) => ['--enable', feature]),
    ],
    // The warning "v128 cannot be exchanged with JavaScript" is about internal functions, which
    // never are.
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
  return wide === 1 ? withoutPages(binary) : binary;
}

/**
 * The module with a memory import of at least 0 pages. With a page or more, V8 does not check
 * accesses at constant addresses, and does not pack operations across such an access.
 */
function withoutPages(binary) {
  const memory = Buffer.from([...Buffer.from('memory'), 2, 0, 1]); // a memory without a maximum
  const at = Buffer.from(binary).indexOf(memory);
  if (at < 0) throw new Error('expected an import of a memory of at least one page');
  return binary.with(at + memory.length - 1, 0);
}

for (const module of modules) {
  const { name } = module;
  const binary = await build(module);
  const source = `// Written by scripts/build-kernels.mjs from kernels/*.ts; not edited by hand.

/** ${module.what}: a WebAssembly module of ${binary.length} bytes in hexadecimal digits. */
export const ${name}Module: string =
  '${Buffer.from(binary).toString('hex')}';
`;
  const target = fileURLToPath(new URL(`../src/kernels/${name}.generated.ts`, import.meta.url));
  if (!process.argv.includes('--check')) {
    writeFileSync(target, source);
    console.log(`${name}: ${binary.length} bytes`);
  } else if (readFileSync(target, 'utf8') !== source) {
    console.error(`src/kernels/${name}.generated.ts does not match kernels/*.ts; run \`pnpm kernels\``);
    process.exitCode = 1;
  }
}
