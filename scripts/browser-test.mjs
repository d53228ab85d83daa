/**
 * Trains with the built packages in headless Chromium, Firefox and WebKit, and compares every bit
 * with Node's results. It covers the main thread and a worker, modules and a minified bundle, and
 * Content-Security-Policies that forbid and allow WebAssembly. Run `pnpm build` first. Exit code 1:
 * a result differs, a page reports an error, or the bundle is too large. 3: everything else passes,
 * and a browser is not installed.
 */
import './node-version.mjs';
import { gzipSync } from 'node:zlib';
import { absent, browsers, open, titleOf } from './browser-test/browsers.mjs';
import { runAll } from './browser-test/cases.mjs';
import { bundles, pagesOf } from './browser-test/pages.mjs';
import { WORKERS } from './browser-test/parallel-case.mjs';
import { openSite } from './browser-test/site.mjs';

// of the README's program with everything that it needs from the packages, minified, gzipped
const MOST_BYTES = 72_000;
const SHOWN = 10; // digits of a hash in the table; all 16 are compared
const WIDTH = 42; // of the table's first column

/** Problems of a page other than its results. */
function complaints(page, { results, problems, violations, policyReports }) {
  const all = [...problems];
  if (results === null) all.push('no results');
  else if (results.chosen !== page.kernels)
    all.push(`expected the kernels ${page.kernels}, got ${results.chosen}`);
  else if (results.isolated !== page.isolated)
    all.push(`expected cross-origin isolation ${page.isolated}, got ${results.isolated}`);
  // WebKit reports none. Each of the page's workers tries to compile the kernels too.
  const tries = page.kernels === 'reference' ? 1 : 0;
  for (const [what, count, most] of [
    ['violations', violations, tries],
    ['policy reports', policyReports, tries * (1 + WORKERS)],
  ])
    if (count > most) all.push(`expected at most ${most} ${what}, got ${count}`);
  return all;
}

/** Prints the table. @returns a line for each result that differs from the first run's */
function compare([first, ...others]) {
  const truth = first.builds.strict;
  const names = Object.keys(truth);
  const row = (where, kernels, cells) =>
    console.log(
      [where.padEnd(WIDTH), kernels.padEnd(9), ...cells.map((each) => each.padEnd(SHOWN))]
        .join('  ')
        .trimEnd(),
    );
  row('where', 'kernels', names);
  const problems = [];
  for (const { where, builds } of [first, ...others]) {
    for (const [build, results] of Object.entries(builds)) {
      const hashes = names.map((name) => results[name].hash.slice(0, SHOWN));
      row(where, build, hashes);
      if (build === 'fast') continue; // its order of arithmetic is free
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

/**
 * Prints the sizes of the bundles. @returns the contents of the program's bundle if it is too large
 */
function weigh(library, { code, inputs }) {
  const kilobytes = (bytes) => `${(bytes / 1000).toFixed(1)} KB`;
  const zipped = (bytes) => gzipSync(bytes, { level: 9 }).length;
  const size = zipped(code);
  console.log(
    `\nMinified: the README's program ${kilobytes(code.length)}, gzip ${kilobytes(size)}; all exports of tensor, autograd and nn ${kilobytes(library.code.length)}, gzip ${kilobytes(zipped(library.code))}`,
  );
  if (size <= MOST_BYTES) return [];
  const parts = Object.entries(inputs)
    .map(([path, { bytesInOutput }]) => ({ path, bytes: bytesInOutput }))
    .sort((a, b) => b.bytes - a.bytes);
  return [
    `expected at most ${kilobytes(MOST_BYTES)} gzip, got ${kilobytes(size)}; the largest parts, minified:`,
    ...parts.slice(0, 12).map(({ path, bytes }) => `  ${kilobytes(bytes)} ${path}`),
  ];
}

// The exit closes a browser.
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(130));
const pages = pagesOf();
const { library, application, worker, program } = await bundles();
const site = await openSite(pages, {
  '/library.min.js': library.code,
  '/application.min.js': application.code,
  '/parallel-worker.min.js': worker.code,
});
const node = `Node ${process.versions.node}`;
const runs = [
  { where: node, ...(await runAll(false, 'strict')) },
  { where: `${node}, planned`, ...(await runAll(true, 'strict', 'reference', 'fast')) },
];
const problems = [];
const missing = [];
const titles = [];
for (const browser of browsers) {
  const lacks = absent(browser);
  if (lacks.length > 0) {
    const { name, packages, variable } = browser;
    missing.push(
      `${name} was NOT run: ${lacks.join(' and ')} not found; install it (Debian: apt-get install ${packages}) or set ${variable}`,
    );
    continue;
  }
  const title = titleOf(browser);
  const visit = () => site.visit((url, ended) => open(browser, url, ended));
  let { reports, problems: found } = await visit();
  // WebKit has once stopped reporting, without an error. A second silence is a failure.
  if (found.some((each) => each.includes('no report in'))) {
    console.log(`${title}: ${found.join(', ')}; visited again`);
    ({ reports, problems: found } = await visit());
  }
  problems.push(...found.map((each) => `${title}: ${each}`));
  for (const [i, report] of reports.entries()) {
    const where = `${browser.name}, ${pages[i].shows}`;
    problems.push(...complaints(pages[i], report).map((each) => `${where}: ${each}`));
    if (report.results !== null) runs.push({ where, ...report.results });
  }
  const count = (key) => reports.reduce((sum, report) => sum + report[key], 0);
  titles.push(
    `${title}: ${reports.length} of ${pages.length} pages, ${count('violations')} policy violations in pages, ${count('policyReports')} reported to the server`,
  );
}
site.close();
console.log('Hashes of losses, gradients, states and weights of three steps, and of streams\n');
problems.push(...compare(runs), ...weigh(library, program));
for (const line of ['', ...titles]) console.log(line);

for (const problem of [...problems, ...missing]) console.error(problem);
if (problems.length > 0) process.exitCode = 1;
else {
  if (missing.length > 0) process.exitCode = 3;
  if (titles.length > 0) console.log('Every page gives the same bits as Node, without errors.');
}
