/**
 * Plants mistakes, one after the other, in a copy of the tree, and runs the test that must fail. A
 * mistake that cannot be planted, or that its test does not catch, fails the run.
 *
 *   node scripts/planted-bugs.mjs [part of a name …]
 *   node scripts/planted-bugs.mjs --check    only checks that every mistake can be planted
 */
import './node-version.mjs';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { copyOf, plant, remove, runTests } from './planted/copy.mjs';
import { mistakes, problemsIn } from './planted/mistakes.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const parts = process.argv.slice(2).filter((part) => part !== '--check');
const chosen = mistakes.filter(({ name }) => parts.length === 0 || parts.some((part) => name.includes(part)));
if (chosen.length === 0) {
  console.error(`error: expected a part of a mistake's name, got ${parts.join(' ')}`);
  process.exit(2);
}

function check() {
  const problems = problemsIn(root);
  for (const problem of problems) console.error(problem);
  if (problems.length > 0) process.exit(1);
}

/** The tests must pass without a planted mistake. Otherwise their failure would mean nothing. */
async function control(copy) {
  const { ran, failed } = await runTests(copy, [...new Set(chosen.map(({ test }) => test))]);
  if (ran > 0 && failed.length === 0) return;
  const what = ran === 0 ? 'no test ran' : `failed: ${failed.join(' · ')}`;
  throw new Error(`The tests must pass without a planted mistake; ${what}`);
}

async function run() {
  const waiting = [...chosen];
  let caught = 0;
  let controlled;
  const work = async () => {
    const copy = copyOf(root);
    try {
      controlled ??= control(copy); // Runs once, before anything is planted.
      await controlled;
      for (let mistake = waiting.shift(); mistake !== undefined; mistake = waiting.shift()) {
        const outcome = await plant(copy, mistake);
        if (outcome === 'caught') caught++;
        console.log(`${outcome.padEnd(10)}  ${mistake.name}: ${mistake.mistake}`);
      }
    } finally {
      remove(copy);
    }
  };
  await Promise.all(Array.from({ length: Math.min(availableParallelism(), 2, chosen.length) }, work));
  console.log(`${caught} of ${chosen.length} planted mistakes caught.`);
  process.exitCode = chosen.length > 0 && caught === chosen.length ? 0 : 1;
}

check();
if (process.argv.includes('--check'))
  console.log(`Planted mistakes: the text of each of the ${mistakes.length} is found exactly once.`);
else await run();
