/**
 * Checks the direction of dependencies (examples → nn → autograd → tensor), that core packages use
 * no host globals, clocks or unseeded randomness, that files are short, and that file URLs become
 * paths on Windows too. The compiler already rejects Node and DOM names, but not in `globalThis`.
 */
import './node-version.mjs';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
/** What each package may import in addition to its own files. */
const allowed = {
  tensor: ['pure-rand/'],
  autograd: ['@chronograd/tensor'],
  nn: ['@chronograd/tensor', '@chronograd/autograd', 'fflate'],
};
/** Additional imports of one folder: a peer dependency or the host of that entry point only. */
const allowedIn = {
  'packages/nn/src/checks/testing/': ['fast-check'],
  'packages/nn/src/parallel/node/': ['node:url', 'node:worker_threads'],
  'packages/tensor/src/wide/': ['node:perf_hooks', 'node:process', 'node:v8'],
};
const forbidden =
  /\b(Math\.random|Date\.now|new Date|performance\.now|process\.|Buffer\.|console\.|document\.|window\.|setTimeout|atob\(|btoa\(|TextDecoder|TextEncoder)/;
/** Where host globals are looked up by feature, and no number depends on them. */
const HOSTS = ['packages/nn/src/training/event-loop.ts', 'packages/tensor/src/wide/speed.ts'];
const MOST_LINES = 300;

function* files(folder) {
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    if (name === 'node_modules' || name === 'dist') continue;
    if (statSync(path).isDirectory()) yield* files(path);
    else yield path;
  }
}

const problems = [];
for (const [name, imports] of Object.entries(allowed)) {
  for (const path of files(join(root, 'packages', name, 'src'))) {
    if (path.endsWith('.generated.ts')) continue;
    const text = readFileSync(path, 'utf8');
    const where = relative(root, path);
    const here = Object.entries(allowedIn).flatMap(([folder, peers]) =>
      where.startsWith(join(folder)) ? peers : [],
    );
    for (const [, from] of text.matchAll(/(?:from|import)\s*\(?\s*'([^']+)'/g)) {
      if (from.startsWith('.')) {
        if (relative(join(root, 'packages', name, 'src'), join(path, '..', from)).startsWith('..')) {
          problems.push(`${where}: imports ${from}, outside of its package`);
        }
      } else if (
        ![...imports, ...here].some(
          (prefix) =>
            from === prefix ||
            from.startsWith(`${prefix}/`) ||
            (prefix.endsWith('/') && from.startsWith(prefix)),
        )
      ) {
        problems.push(`${where}: imports ${from}; ${name} may only import ${imports.join(', ')}`);
      }
    }
    const code = text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/\/\/.*$/gm, '');
    const host = forbidden.exec(code);
    if (host !== null && !HOSTS.includes(where))
      problems.push(`${where}: uses ${host[0]}, which belongs to the host or is not reproducible`);
  }
}
for (const folder of ['packages', 'scripts']) {
  for (const path of files(join(root, folder))) {
    if (!/\.(ts|mjs)$/.test(path) || path.endsWith('.generated.ts')) continue;
    const text = readFileSync(path, 'utf8');
    const lines = text.split('\n').length;
    if (lines > MOST_LINES)
      problems.push(`${relative(root, path)}: expected at most ${MOST_LINES} lines, got ${lines}`);
    if (/import\.meta\.url\)\.pathname/.test(text))
      problems.push(
        `${relative(root, path)}: expected fileURLToPath(new URL(…)), got its pathname, which is not a path on Windows`,
      );
  }
}
for (const problem of problems) console.error(problem);
if (problems.length > 0) process.exit(1);
console.log('Layers: dependencies point one way, core packages use no host globals.');
