/** The server of the browser test: it serves pages and scripts, and receives the pages' reports. */
import { createReadStream, existsSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
// milliseconds for a page; the reference kernels are slow on a busy machine
const PATIENCE = 300_000;
// milliseconds in which violations of the last page's policy may still be reported
const LATE = 500;

/**
 * Starts the server on a free port of the loopback interface.
 * @param scripts bundles by their paths
 * @returns `visit`, which shows all pages to a browser, and `close`
 */
export async function openSite(pages, scripts) {
  /** The progress of a browser through the pages. */
  let reports;
  /** The number of policy violations that each page reported to the server. */
  let policyReports;
  let missing;
  let progress;

  function give(pathname, response) {
    const at = reports.length;
    const { body, policy, isolated } = pages[at] ?? {};
    const headers = { 'cache-control': 'no-store' };
    if (policy !== undefined) headers['content-security-policy'] = `${policy}; report-uri /violation/${at}`;
    if (isolated) {
      headers['cross-origin-opener-policy'] = 'same-origin';
      headers['cross-origin-embedder-policy'] = 'require-corp';
    }
    const send = (type) => response.writeHead(200, { 'content-type': `${type}; charset=utf-8`, ...headers });
    const file = join(root, pathname);
    if (pathname === `/page/${at}`) send('text/html').end(body);
    else if (pathname in scripts) send('text/javascript').end(scripts[pathname]);
    else if (['.js', '.mjs'].includes(extname(file)) && existsSync(file) && statSync(file).isFile())
      createReadStream(file).pipe(send('text/javascript'));
    else {
      missing.push(pathname);
      response.writeHead(404).end();
    }
  }

  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url, 'http://localhost');
    if (request.method !== 'POST') return give(pathname, response);
    const body = await text(request);
    if (pathname === '/report') {
      reports.push(JSON.parse(body));
      response.end(reports.length < pages.length ? `/page/${reports.length}` : 'about:blank');
      progress();
    } else {
      policyReports[pathname.split('/').at(-1)]++;
      response.end();
    }
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = `http://127.0.0.1:${server.address().port}`;

  /**
   * @param open opens an address, calls back if the browser exits, and returns a function to close
   * it
   * @returns the reports of the pages in order, and other problems
   */
  async function visit(open) {
    [reports, policyReports, missing] = [[], pages.map(() => 0), []];
    let close;
    const end = await new Promise((resolve) => {
      let timer;
      progress = () => {
        clearTimeout(timer);
        if (reports.length === pages.length) resolve('');
        else timer = setTimeout(() => resolve(`no report in ${PATIENCE / 1000} seconds`), PATIENCE);
      };
      progress();
      close = open(`${address}/page/0`, (said) => resolve(`the browser ended: ${said}`));
    });
    await new Promise((resolve) => setTimeout(resolve, LATE));
    await close();
    const problems = missing.map((path) => `${path}: 404`);
    if (end !== '') problems.push(`${pages[reports.length].shows}: ${end}`);
    return {
      reports: reports.map((report, i) => ({ ...report, policyReports: policyReports[i] })),
      problems,
    };
  }
  return { visit, close: () => server.close() };
}
