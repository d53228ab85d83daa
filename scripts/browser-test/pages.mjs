/** The pages of the browser test, and the bundles that some of them load. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('../..', import.meta.url));
/** The oldest browsers of docs/browsers.md. */
const target = ['chrome115', 'firefox115', 'safari16.4'];
const library = ['tensor', 'autograd', 'nn'];
/** What the minified library exports. */
const entries = [...library, 'nn/training', 'nn/parallel'];
const folder = '/scripts/browser-test';

/** Bare names for browsers, read from each package's `exports` like Node and bundlers do. */
function importMap() {
  const folders = { 'pure-rand': 'packages/tensor/node_modules/pure-rand' };
  for (const name of library) folders[`@chronograd/${name}`] = `packages/${name}`;
  const imports = {};
  for (const [name, folder] of Object.entries(folders)) {
    const { exports } = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'));
    for (const [path, { default: file, import: module = file }] of Object.entries(exports)) {
      if (module !== undefined) imports[name + path.slice(1)] = `/${folder}${module.slice(1)}`;
    }
  }
  return imports;
}

async function bundle(contents, external = []) {
  const { outputFiles, metafile } = await build({
    stdin: { contents, resolveDir: root },
    bundle: true,
    minify: true,
    write: false,
    metafile: true,
    external,
    format: 'esm',
    platform: 'browser',
    target,
    logLevel: 'warning',
  });
  return { code: outputFiles[0].contents, inputs: Object.values(metafile.outputs)[0].inputs };
}

/**
 * Minified bundles: all exports of the library, the program of a page or worker, the worker of a
 * parallel run, and the README's program.
 */
export async function bundles() {
  const parts = ['reporter.js', 'page.mjs'].map((name) => `import '.${folder}/${name}';`);
  return {
    library: await bundle(entries.map((name) => `export * from '@chronograd/${name}';`).join('\n')),
    application: await bundle(parts.join('\n')),
    worker: await bundle(`import '.${folder}/parallel-worker.mjs';`),
    // It reads a file, which a page cannot.
    program: await bundle("import './packages/examples/dist/whole-use.js';", ['node:fs']),
  };
}

const html = (body) =>
  `<!doctype html><html lang="en"><title>Chronograd</title><link rel="icon" href="data:,"><script src="${folder}/reporter.js"></script>${body}</html>`;
const modules = (imports) =>
  html(
    `<script type="importmap">${JSON.stringify({ imports })}</script><script type="module" src="${folder}/page.mjs"></script>`,
  );

/**
 * The pages: description, document, the kernels that the library must select, whether the page is
 * cross-origin isolated, and Content-Security-Policy. The worker is served with the same policy.
 */
export function pagesOf() {
  const ofDist = modules(importMap());
  const ofBundle = modules(
    Object.fromEntries(entries.map((name) => [`@chronograd/${name}`, '/library.min.js'])),
  );
  const older = `<script src="${folder}/without-dispose.js"></script>`;
  const application = html('<script type="module" src="/application.min.js"></script>');
  const worker = html(`<script src="${folder}/start-worker.js" data-worker="/application.min.js"></script>`);
  const forbidding = { policy: "script-src 'self'", kernels: 'reference' };
  const allowing = { policy: "script-src 'self' 'wasm-unsafe-eval'" };
  const pages = [
    { shows: 'modules of dist', body: ofDist },
    { shows: 'no Symbol.dispose', body: older + ofDist },
    { shows: 'minified bundle', body: ofBundle },
    { shows: 'cross-origin isolated', body: ofBundle, isolated: true },
    { shows: "script-src 'self'", body: application, ...forbidding },
    { shows: "… 'wasm-unsafe-eval'", body: application, ...allowing },
    { shows: 'worker', body: worker },
    { shows: "worker, script-src 'self'", body: worker, ...forbidding },
    { shows: "worker, … 'wasm-unsafe-eval'", body: worker, ...allowing },
  ];
  return pages.map((page) => ({ kernels: 'strict', isolated: false, ...page }));
}
