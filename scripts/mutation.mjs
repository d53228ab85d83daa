/**
 * Mutates the expressions of a folder with StrykerJS, one at a time, and prints the mutants that no
 * test of the mirrored folder kills. A survivor that scripts/mutation/scores does not list fails
 * the run. The first run installs StrykerJS into scripts/mutation, outside of the workspace.
 * Mutants run in a copy of the tree. The report is in report/mutation.
 *
 *   node scripts/mutation.mjs autograd/src/rules [FILE …] [--accept]
 *
 * With files, such as `binary.ts`, only they are mutated, and the scores of the others stay as they
 * are. --accept writes the score and its survivors. Each new survivor then needs a reason ("why").
 */
import './node-version.mjs';
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { accept, committed, newSurvivors, scoreOf, totalOf } from './mutation/scores.mjs';
import { copyOf, remove } from './planted/copy.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const home = join(root, 'scripts/mutation');
const words = process.argv.slice(2);
const [folder = '', ...files] = words.filter((word) => word !== '--accept');
const [name, , ...inside] = folder.split('/');

function install() {
  if (existsSync(join(home, 'node_modules/vitest'))) return;
  const quiet = ['--no-audit', '--no-fund', '--no-package-lock', '--loglevel=error'];
  execFileSync('npm', ['install', '--prefix', home, '--legacy-peer-deps', '--ignore-scripts', ...quiet], {
    stdio: 'inherit',
  });
  // The copy of Vitest that the tests load. Another copy would not find their suites.
  symlinkSync(join(root, 'node_modules/vitest'), join(home, 'node_modules/vitest'));
}

const CONFIG = 'vitest.mutation.config.mjs';
/** Tests beside those of the mirrored folder, such as comparisons with PyTorch. */
const MORE = {
  'autograd/src/rules': ['autograd/test/custom*', 'autograd/test/tape-*'],
  'nn/src/cells': ['nn/test/golden/recurrent', 'nn/test/recurrent/*', 'nn/test/checks/bptt/gated'],
  'nn/src/recurrent': [
    'nn/test/golden/recurrent',
    'nn/test/modules/stacked',
    'nn/test/cells/{wrapped,variational-dropout}',
    'nn/test/probe/*',
    'nn/test/streaming/stream',
  ],
  'nn/src/optim': ['nn/test/golden/optimizers', 'nn/test/golden/fit'],
  'nn/src/loss': ['nn/test/golden/losses'],
  'nn/src/streaming': ['examples/test/cells/streaming'],
  'nn/src/training': ['nn/test/golden/fit', 'nn/test/parallel/{shards,workers}'],
  'tensor/src/ops': [
    'tensor/test/errors/*',
    'tensor/test/{create,segment}',
    'tensor/test/memory/packed',
    'autograd/test/rules/*',
  ],
};
const tests = [`${name}/test/${inside.join('/')}/**/*`, ...(MORE[folder] ?? [])];
const include = tests.map((test) => `packages/${test}.test.ts`);
/**
 * One process for all files: a mutant is switched on at run time, so modules are loaded once.
 * Single tests have no time limit, since StrykerJS has one.
 */
const config = `import base from './vitest.config.ts';
const { projects, ...test } = base.test;
export default { ...base, test: { ...test, include: ${JSON.stringify(include)}, isolate: false, testTimeout: 0 } };
`;

/** Settings of StrykerJS: https://stryker-mutator.io/docs/stryker-js/configuration */
const settings = (report) => ({
  mutate: run.map((file) => `packages/${folder}/${file}`),
  mutator: { excludedMutations: ['StringLiteral'] }, // wording is not behaviour
  ignoreStatic: true,
  coverageAnalysis: 'perTest',
  testRunner: 'vitest',
  plugins: [join(home, 'node_modules/@stryker-mutator/vitest-runner/dist/src/index.js')],
  vitest: { configFile: CONFIG, related: false },
  dryRunTimeoutMinutes: 20,
  timeoutMS: 30000, // on a busy machine too, a timeout must mean an endless loop
  disableTypeChecks: false, // types are not checked here
  inPlace: true, // packages must load one another's mutated sources
  allowEmpty: false,
  concurrency: 1,
  reporters: ['clear-text', 'progress-append-only', 'json', 'html'],
  clearTextReporter: { allowColor: false, logTests: false, reportTests: false },
  jsonReporter: { fileName: join(report, 'mutation.json') },
  htmlReporter: { fileName: join(report, 'mutation.html') },
});

if (name === '' || !existsSync(join(root, 'packages', folder))) {
  console.error(`mutation: expected a folder of packages, such as autograd/src/rules, got '${folder}'`);
  process.exit(1);
}
const all = readdirSync(join(root, 'packages', folder), { recursive: true, encoding: 'utf8' })
  .map((file) => file.replaceAll('\\', '/'))
  .filter((file) => file.endsWith('.ts'))
  .sort();
const unknown = files.filter((file) => !all.includes(file));
if (unknown.length > 0) {
  console.error(
    `mutation: expected files of ${folder}, got ${unknown.join(', ')}; they are ${all.join(', ')}`,
  );
  process.exit(1);
}
const run = files.length === 0 ? all : files;
install();
const report = join(root, 'report/mutation', folder.replaceAll('/', '-'));
const copy = copyOf(root);
try {
  const file = join(copy, 'stryker.config.json');
  mkdirSync(report, { recursive: true });
  writeFileSync(file, JSON.stringify(settings(report)));
  writeFileSync(join(copy, CONFIG), config);
  const stryker = join(home, 'node_modules/@stryker-mutator/core/bin/stryker.js');
  const { status } = spawnSync(process.execPath, [stryker, 'run', file], { cwd: copy, stdio: 'inherit' });
  process.exitCode = status === 0 ? gate() : (status ?? 1);
} finally {
  remove(copy);
}

/** Compares the run with the committed score; the exit code. */
function gate() {
  const score = scoreOf(folder, run, JSON.parse(readFileSync(join(report, 'mutation.json'), 'utf8')));
  const before = committed(folder);
  const added = newSurvivors(score, before);
  for (const { file, line, mutant } of added) console.log(`new survivor in ${file}:\n  ${line}\n  ${mutant}`);
  const { killed, mutants } = totalOf(score);
  console.log(`${folder}: ${killed} of ${mutants} mutants killed, ${added.length} new survivors`);
  const accepted = words.includes('--accept');
  if (accepted) accept(score, before, all);
  return added.length === 0 || accepted ? 0 : 1;
}
