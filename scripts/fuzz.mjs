/**
 * Calls the public functions at random, with good and bad arguments. Checks that no memory is
 * damaged, that every error is typed, and that every result is right. Seed and program number
 * decide everything. A finding is reported with the shortest command that repeats it.
 *
 *   node scripts/fuzz.mjs [--seed 1] [--calls 20000] [--seconds 60] [--first 0]
 *   node scripts/fuzz.mjs --planted   removes each guard of scripts/fuzz/planted.mjs in turn,
 *                                     and checks that the fuzzer finds it
 */
import './node-version.mjs';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import { build } from 'esbuild';
import { planted } from './fuzz/planted.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const { values: options } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    calls: { type: 'string', default: '20000' },
    seconds: { type: 'string' },
    first: { type: 'string', default: '0' },
    planted: { type: 'boolean', default: false },
  },
});
const [seed, calls, first, seconds] = ['seed', 'calls', 'first', 'seconds'].map((name) =>
  Number(options[name]),
);
if (![seed, calls, first].every(Number.isSafeInteger) || calls < 1) {
  console.error('error: expected integers for --seed, --calls and --first, and at least one call');
  process.exit(2);
}
/** A program normally takes milliseconds. */
const HANGS_AFTER = 10_000;

const folder = mkdtempSync(join(tmpdir(), 'chronograd-fuzz-'));
try {
  process.exitCode = options.planted ? await plantAll() : await once();
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** Bundles the fuzzer and the packages in one file. @param changes substitutions in sources */
async function bundle(name, changes = []) {
  const file = join(folder, `${name}.mjs`);
  const made = new Set();
  await build({
    entryPoints: [join(root, 'scripts/fuzz/worker.ts')],
    outfile: file,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    conditions: ['@chronograd/source'],
    logLevel: 'error',
    plugins: [
      {
        name: 'planted',
        setup: (hooks) => hooks.onLoad({ filter: /\.ts$/ }, ({ path }) => changed(path, changes, made)),
      },
    ],
  });
  if (made.size < changes.length) throw new Error('a file with a guard is not part of the packages');
  return file;
}

/**
 * Applies a file's substitutions. The file must contain each text once. If a guard has moved,
 * update its entry.
 */
function changed(path, changes, made) {
  const own = changes.filter(({ file }) => path === join(root, file));
  if (own.length === 0) return undefined;
  let contents = readFileSync(path, 'utf8');
  for (const change of own) {
    const { file, text, becomes } = change;
    made.add(change);
    const found = contents.split(text).length - 1;
    if (found !== 1) throw new Error(`${file}: expected ${JSON.stringify(text)} once, got ${found} times`);
    contents = contents.replace(text, () => becomes);
  }
  return { contents, loader: 'ts' };
}

/** Runs programs in a separate thread with separate memory. */
function fuzz(file, settings) {
  const current = new Int32Array(new SharedArrayBuffer(8));
  return new Promise((resolve) => {
    const worker = new Worker(file, { workerData: { ...settings, current } });
    let last = [-1, -1];
    const watch = setInterval(() => {
      const now = [...current];
      if (`${now}` === `${last}`) end('a call that does not return', `no end after ${HANGS_AFTER / 1000} s`);
      last = now;
    }, HANGS_AFTER);
    const end = (kind, what) => {
      const [program, made] = current;
      const finding = { key: kind, kind, program, calls: made, call: '', text: `program ${program}`, what };
      finish({ calls: made, programs: program - settings.first, refused: 0, findings: [finding] });
    };
    const finish = (outcome) => {
      clearInterval(watch);
      void worker.terminate();
      resolve(outcome);
    };
    worker.once('message', finish);
    worker.once('error', (error) => end('crash', String(error)));
  });
}

/** The shortest run with the same finding. It may need earlier programs. */
async function shortest(file, { program, kind }) {
  for (let before = 0; before < program; before = 2 * before + 1) {
    const { findings } = await fuzz(file, {
      seed,
      first: program - before,
      calls: 1e9,
      programs: before + 1,
    });
    if (findings.some((each) => each.kind === kind)) return program - before;
  }
  return 0;
}

async function once() {
  const file = await bundle('main');
  console.log(`seed ${seed}`);
  const limits = seconds > 0 ? { calls: 1e9, seconds } : { calls };
  const outcome = await fuzz(file, { seed, first, ...limits });
  for (const finding of outcome.findings) {
    const { kind, program, what, text } = finding;
    const from = await shortest(file, finding);
    console.log(`\n${kind}: ${what}\n  ${text}`);
    console.log(`  again: pnpm fuzz --seed ${seed} --first ${from} --calls ${5 * (program - from) + 1}`);
  }
  const of = (...kinds) => outcome.findings.filter(({ kind }) => kinds.includes(kind)).length;
  console.log(
    `\n${outcome.calls} calls in ${outcome.programs} programs, ${outcome.refused} refused with a typed error; ` +
      `damaged blocks: ${of('damage', 'crash', 'a call that does not return')}, untyped errors: ${of('untyped error')}, ` +
      `wrong results: ${of('wrong result', 'wrong arguments taken')}`,
  );
  return outcome.findings.length === 0 ? 0 : 1;
}

async function plantAll() {
  const control = await fuzz(await bundle('control'), { seed, first, calls });
  if (control.findings.length > 0) {
    console.log('The fuzzer has a finding without a removed guard; fix that first.');
    return 1;
  }
  let missed = 0;
  for (const [i, { guard, changes }] of planted.entries()) {
    const file = await bundle(`planted-${i}`, changes);
    const { findings } = await fuzz(file, { seed, first, calls, stop: true });
    const [found] = findings;
    if (found === undefined) missed++;
    const words = found && `${found.kind} in call ${found.calls}, ${found.call}: ${found.what.slice(0, 120)}`;
    console.log(`${found ? 'found' : 'NOT FOUND'}  ${guard}${found ? `\n           ${words}` : ''}`);
  }
  console.log(
    `${planted.length - missed} of ${planted.length} missing guards found, each within ${calls} calls of seed ${seed}.`,
  );
  return missed === 0 ? 0 : 1;
}
