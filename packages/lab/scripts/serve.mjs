/** A server of built files for this machine only. */
import { createReadStream, existsSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';

const TYPES = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.mjs': 'text/javascript; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.woff2': 'font/woff2',
};

/**
 * Serves a folder on the loopback interface.
 * @param options.port Default: 0, any free port.
 * @param options.onMissing receives the paths of absent files.
 * @returns the address, without a slash at its end, and `close`
 */
export async function serve(folder, { port = 0, onMissing = () => {} } = {}) {
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url, 'http://localhost');
    const file = fileOf(folder, decodeURIComponent(pathname));
    if (file === null) {
      onMissing(pathname);
      response.writeHead(404, { 'content-type': TYPES['.txt'] }).end(`${pathname}: not found\n`);
      return;
    }
    const headers = { 'content-type': TYPES[extname(file)] ?? 'application/octet-stream' };
    createReadStream(file).pipe(response.writeHead(200, { ...headers, 'cache-control': 'no-cache' }));
  });
  await new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  return { address: `http://127.0.0.1:${server.address().port}`, close: () => server.close() };
}

/** The file of a path: itself, its index.html, or with `.html`. Null if there is none. */
function fileOf(folder, pathname) {
  const path = join(folder, normalize(`/${pathname}`));
  const names = pathname.endsWith('/') ? [join(path, 'index.html')] : [path, `${path}.html`];
  return names.find((name) => existsSync(name) && statSync(name).isFile()) ?? null;
}
