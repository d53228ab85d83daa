/**
 * Runs pairs of trainings that save into one folder at about the same time. At least one of each
 * pair trains. A refused one has printed nothing and made no step. Afterwards the folder has the
 * model of the last one, and `earlier-N` those of the others, each readable. Exit code 1 if not.
 *
 *     node packages/examples/scripts/two-trainings.mjs [PAIRS=40]        (build first)
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readRun } from '../dist/char-rnn/saved-run.js';

const pairs = Number(process.argv[2] ?? 40);
if (!Number.isSafeInteger(pairs) || pairs < 1) {
  console.error(`error: expected a number of pairs from 1 on, got ${process.argv[2]}`);
  process.exit(2);
}
const program = fileURLToPath(new URL('../dist/char-rnn/train.js', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'two-trainings-'));
writeFileSync(join(folder, 't.txt'), 'the quick brown fox jumps over the lazy dog. '.repeat(400));
const ARGS =
  '--text t.txt --hidden 8 --steps 5 --batch 2 --iterations 3000 --sample-every 0 --json --save two'.split(
    ' ',
  );

function train(seed, delay) {
  return new Promise((resolve) =>
    setTimeout(() => {
      const child = spawn(process.execPath, [program, ...ARGS, '--seed', `${seed}`], { cwd: folder });
      let [out, err] = ['', ''];
      child.stdout.on('data', (chunk) => (out += chunk));
      child.stderr.on('data', (chunk) => (err += chunk));
      child.on('close', (code) => resolve({ code, out, err, seed, pid: child.pid }));
    }, delay),
  );
}

const counts = { bothRan: 0, refused: 0, unreadable: 0, lost: 0, other: 0 };
for (let pair = 0; pair < pairs; pair++) {
  rmSync(join(folder, 'two'), { recursive: true, force: true });
  // The second starts up to 0.2 seconds after the first, which covers the first one's whole run.
  const ended = await Promise.all([train(1, 0), train(2, (pair % 5) * 50)]);
  const ran = ended.filter(({ code }) => code === 0);
  if (ran.length === 2) counts.bothRan++;
  for (const { code, out, err } of ended.filter((each) => !ran.includes(each))) {
    const refused = code === 2 && out === '' && /another training saves into two: process \d+;/.test(err);
    counts[refused ? 'refused' : 'other']++;
    if (!refused) process.stdout.write(`exit code ${code}: ${err}`);
  }
  const places = [
    'two',
    ...readdirSync(join(folder, 'two'))
      .filter((name) => name.startsWith('earlier-'))
      .map((name) => `two/${name}`),
  ];
  const saved = places.flatMap((place) => {
    try {
      const { configuration, state } = readRun(join(folder, place));
      return state.iteration === 3000 ? [configuration.seed] : [];
    } catch (error) {
      counts.unreadable++;
      process.stdout.write(`${error.message}\n`);
      return [];
    }
  });
  for (const { seed } of ran) if (!saved.includes(seed)) counts.lost++;
  if (ran.length === 0 || readdirSync(join(folder, 'two')).includes('training.lock')) counts.other++;
}
rmSync(folder, { recursive: true });
const { bothRan, refused, unreadable, lost, other } = counts;
process.stdout.write(
  `${pairs} pairs: ${refused} trainings refused before their first step, ${bothRan} pairs one after the other; ` +
    `folders unreadable ${unreadable}, runs lost ${lost}, anything else ${other}\n`,
);
process.exitCode = unreadable + lost + other === 0 ? 0 : 1;
