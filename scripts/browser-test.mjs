/**
 * Runs the built packages in headless Chromium, on the main thread and with no special headers, and holds every bit of what training gives there
 * to what Node gives: as modules, as a minified bundle, and on a page that forbids WebAssembly. Run `pnpm build` first.
 * Exit code 1: something differs, a page complains, or the bundle is too large; 3: there is no Chromium here.
 */
import { existsSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { chromium } from 'playwright-core';
import { runAll } from './browser-test/cases.mjs';
import { openSite } from './browser-test/site.mjs';

const MOST_BYTES = 60_000; // of the README's program with all that it needs of the library, minified, gzip
const PATIENCE = 300_000; // milliseconds for a page; the reference kernels take their time on a busy machine
const SHOWN = 10; // digits of a hash in the table; all 16 are compared

/** In place of the engine's Symbol one without `dispose`, which many browsers still lack. Runs in the page, before its scripts. */
function withoutDispose() {
  const { dispose: _, ...kept } = Object.getOwnPropertyDescriptors(Symbol);
  const native = Symbol;
  globalThis.Symbol = Object.defineProperties((description) => native(description), kept);
}

/** Opens a page and returns its report, null if it has none, and everything that went wrong. */
async function visit(browser, url, { kernels, older = false }) {
  const page = await browser.newPage();
  page.setDefaultTimeout(PATIENCE);
  const problems = [];
  page.on('pageerror', (error) => problems.push(error.stack ?? String(error)));
  page.on('requestfailed', (request) => problems.push(`${request.url()}: ${request.failure()?.errorText}`));
  page.on('response', (answer) => {
    if (!answer.ok()) problems.push(`${answer.url()}: ${answer.status()}`);
  });
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) problems.push(`console: ${message.text()}`);
  });
  if (older) await page.addInitScript(withoutDispose);
  await page.goto(url); // returns when the module scripts have run
  const report = await page.evaluate(() => globalThis.report ?? null);
  await page.close();
  if (report === null) problems.push('the page gave no report');
  else if (report.chosen !== kernels) problems.push(`the library chose ${report.chosen}, not ${kernels}`);
  return { report, problems };
}

/** Prints the table. @returns a line for each result that is not the first run's. */
function compare([first, ...others]) {
  const truth = first.builds.strict;
  const names = Object.keys(truth);
  const row = (where, kernels, cells) =>
    console.log(
      [where.padEnd(22), kernels.padEnd(9), ...cells.map((each) => each.padEnd(SHOWN))].join('  ').trimEnd(),
    );
  row('where', 'kernels', names);
  const problems = [];
  for (const { where, builds } of [first, ...others]) {
    for (const [build, results] of Object.entries(builds)) {
      const hashes = names.map((name) => results[name].hash.slice(0, SHOWN));
      row(where, build, hashes);
      if (build === 'fast') continue; // free in its order of arithmetic
      for (const name of names) {
        const [is, was] = [results[name], truth[name]];
        if (is.hash !== was.hash)
          problems.push(
            `${where}, ${build}, ${name}: ${is.hash} (loss ${is.loss}) is not Node's ${was.hash} (loss ${was.loss})`,
          );
      }
    }
  }
  return problems;
}

/** Prints the sizes of the bundles. @returns what is in the program's where it is too large. */
function weigh(library, { code, inputs }) {
  const kilobytes = (bytes) => `${(bytes / 1000).toFixed(1)} KB`;
  const zipped = (bytes) => gzipSync(bytes, { level: 9 }).length;
  const size = zipped(code);
  console.log(
    `\nMinified: what the README's program needs ${kilobytes(code.length)}, gzip ${kilobytes(size)}; everything that tensor, autograd and nn export ${kilobytes(library.code.length)}, gzip ${kilobytes(zipped(library.code))}`,
  );
  if (size <= MOST_BYTES) return [];
  const parts = Object.entries(inputs)
    .map(([path, { bytesInOutput }]) => ({ path, bytes: bytesInOutput }))
    .sort((a, b) => b.bytes - a.bytes);
  return [
    `the program has ${kilobytes(size)} gzip, at most ${kilobytes(MOST_BYTES)} are allowed; its largest parts, minified:`,
    ...parts.slice(0, 12).map(({ path, bytes }) => `  ${kilobytes(bytes)} ${path}`),
  ];
}

const executablePath = process.env.CHROMIUM_PATH ?? '/usr/bin/chromium';
if (!existsSync(executablePath)) {
  console.error(
    `The browser test was not run: there is no Chromium at ${executablePath}; install one (Debian: apt-get install chromium) or set CHROMIUM_PATH`,
  );
  process.exit(3);
}
const site = await openSite();
const browser = await chromium.launch({
  executablePath,
  headless: true,
  args: [
    '--no-sandbox',
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
  ],
});
const runs = [{ where: `Node ${process.versions.node}`, ...runAll('strict', 'reference', 'fast') }];
const problems = [];
for (const page of site.pages) {
  const { report, problems: found } = await visit(browser, site.address + page.path, page);
  problems.push(...found.map((each) => `${page.shows}: ${each}`));
  if (report !== null) runs.push({ where: page.shows, ...report });
}
console.log(`Chromium ${browser.version()}: hashes of losses, gradients, states and weights of two steps\n`);
problems.push(...compare(runs), ...weigh(site.library, site.program));
await browser.close();
site.close();

for (const problem of problems) console.error(problem);
if (problems.length > 0) process.exitCode = 1;
else console.log("Every page gives Node's bits, and none complains.");
