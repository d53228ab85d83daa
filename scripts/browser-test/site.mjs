/** The pages of the browser test and the server that gives them: files of this repository, and bundles made of them. */
import { createReadStream, existsSync, readFileSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('../..', import.meta.url));
/** The oldest browsers of README's "In a browser". */
const target = ['chrome115', 'firefox115', 'safari16.4'];
const library = ['tensor', 'autograd', 'nn'];
const page = '/scripts/browser-test/page.mjs';

/** What bare names mean to a browser, read from each package's `exports` as Node and bundlers do. */
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

const html = (script, imports = null) =>
  `<!doctype html><html lang="en"><title>Chronograd</title><link rel="icon" href="data:,">${
    imports === null ? '' : `<script type="importmap">${JSON.stringify({ imports })}</script>`
  }<script type="module" src="${script}"></script></html>`;

/**
 * Makes the bundles and starts the server on a free port of this machine alone.
 * @returns its address; the pages: path, what it shows, and the kernels that the library must choose there; the library's bundle, and that of the README's program.
 */
export async function openSite() {
  const everything = await bundle(library.map((name) => `export * from '@chronograd/${name}';`).join('\n'));
  const application = await bundle(`import '.${page}';`);
  // It reads a file, which no page does.
  const program = await bundle("import './packages/examples/dist/whole-use.js';", ['node:fs']);
  const toBundle = Object.fromEntries(library.map((name) => [`@chronograd/${name}`, '/library.min.js']));
  const policy = (value) => ({ 'content-security-policy': value });
  const pages = [
    { path: '/modules', shows: 'modules of dist', kernels: 'strict' },
    { path: '/modules', shows: 'no Symbol.dispose', kernels: 'strict', older: true },
    { path: '/bundle', shows: 'minified bundle', kernels: 'strict' },
    { path: '/self', shows: "script-src 'self'", kernels: 'reference' },
    { path: '/wasm', shows: "… 'wasm-unsafe-eval'", kernels: 'strict' },
  ];
  const made = {
    '/modules': { body: html(page, importMap()) },
    '/bundle': { body: html(page, toBundle) },
    '/self': { body: html('/application.min.js'), headers: policy("script-src 'self'") },
    '/wasm': {
      body: html('/application.min.js'),
      headers: policy("script-src 'self' 'wasm-unsafe-eval'"),
    },
    '/library.min.js': { body: everything.code, type: 'text/javascript' },
    '/application.min.js': { body: application.code, type: 'text/javascript' },
  };

  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url, 'http://localhost');
    const { body, type = 'text/html', headers = {} } = made[pathname] ?? {};
    if (body !== undefined) {
      response.writeHead(200, { 'content-type': `${type}; charset=utf-8`, ...headers }).end(body);
      return;
    }
    const file = join(root, pathname);
    if (!['.js', '.mjs'].includes(extname(file)) || !existsSync(file) || !statSync(file).isFile()) {
      response.writeHead(404).end();
      return;
    }
    response.writeHead(200, { 'content-type': 'text/javascript; charset=utf-8' });
    createReadStream(file).pipe(response);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    address: `http://127.0.0.1:${server.address().port}`,
    pages,
    library: everything,
    program,
    close: () => server.close(),
  };
}
