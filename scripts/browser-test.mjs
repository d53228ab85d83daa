/**
 * Trains with the built packages in Chromium, Firefox and WebKit, without a window, and holds every
 * bit to what Node gives: on the main thread and in a worker, as modules and as a minified bundle,
 * under Content-Security-Policies that forbid WebAssembly and that allow it. Run `pnpm build` first.
 * Exit code 1: something differs, a page complains, or the bundle is too large. 3: all else holds,
 * and a browser is not on this machine.
 */
import './node-version.mjs';
import { gzipSync } from 'node:zlib';
import { absent, browsers, open, titleOf } from './browser-test/browsers.mjs';
import { runAll } from './browser-test/cases.mjs';
import { bundles, pagesOf } from './browser-test/pages.mjs';
import { openSite } from './browser-test/site.mjs';

const MOST_BYTES = 64_000; // of the README's program with all that it needs of the library, minified, gzip
const SHOWN = 10; // digits of a hash in the table; all 16 are compared
const WIDTH = 42; // of the table's first column

/** What is wrong with a page, whatever it computed. */
function complaints(page, { results, problems, violations, policyReports }) {
  const all = [...problems];
  if (results === null) all.push('no results');
  else if (results.chosen !== page.kernels)
    all.push(`the library chose ${results.chosen}, not ${page.kernels}`);
  // WebKit reports none.
  const most = page.kernels === 'reference' ? 1 : 0;
  for (const [what, count] of Object.entries({ violations, 'policy reports': policyReports }))
    if (count > most) all.push(`${count} ${what}, at most ${most} expected`);
  return all;
}

/** Prints the table. @returns a line for each result that is not the first run's. */
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

for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(130)); // closes a browser
const pages = pagesOf();
const { library, application, program } = await bundles();
const site = await openSite(pages, {
  '/library.min.js': library.code,
  '/application.min.js': application.code,
});
const node = `Node ${process.versions.node}`;
const runs = [
  { where: node, ...runAll(false, 'strict') },
  { where: `${node}, planned`, ...runAll(true, 'strict', 'reference', 'fast') },
];
const problems = [];
const missing = [];
const titles = [];
for (const browser of browsers) {
  const lacks = absent(browser);
  if (lacks.length > 0) {
    const { name, packages, variable } = browser;
    missing.push(
      `${name} was NOT run: there is no ${lacks.join(' and no ')}; install it (Debian: apt-get install ${packages}) or set ${variable}`,
    );
    continue;
  }
  const title = titleOf(browser);
  const { reports, problems: found } = await site.visit((url, ended) => open(browser, url, ended));
  problems.push(...found.map((each) => `${title}: ${each}`));
  for (const [i, report] of reports.entries()) {
    const where = `${browser.name}, ${pages[i].shows}`;
    problems.push(...complaints(pages[i], report).map((each) => `${where}: ${each}`));
    if (report.results !== null) runs.push({ where, ...report.results });
  }
  const count = (key) => reports.reduce((sum, report) => sum + report[key], 0);
  titles.push(
    `${title}: ${reports.length} of ${pages.length} pages, ${count('violations')} violations of policies seen by pages, ${count('policyReports')} reported to the server`,
  );
}
site.close();
console.log('Hashes of losses, gradients, states and weights of three steps\n');
problems.push(...compare(runs), ...weigh(library, program));
for (const line of ['', ...titles]) console.log(line);

for (const problem of [...problems, ...missing]) console.error(problem);
if (problems.length > 0) process.exitCode = 1;
else {
  if (missing.length > 0) process.exitCode = 3;
  if (titles.length > 0) console.log("Every page gives Node's bits, and none complains.");
}
