/**
 * Measures the cost of unused probes. It compares training steps (bench/src/ours/train.ts, H 128, T
 * 30, V 65) of the built packages with those of copies without taps and without reads of `probing`.
 * After `pnpm build`:
 *
 *   node bench/probes.mjs [--rounds 150] [--seconds 0.02]
 *
 * Two copies of each run in one process, in turn. Each is a module with separate memory and
 * compiled code. Each round begins with another copy. Rounds are many and short, so that the median
 * leaves out disturbed ones. A round's ratio is the time of both copies with probes to that of both
 * without. Beside it is the noise: the first copies to the second ones, from the same four times.
 * Prints the medians over the rounds, and the quartiles.
 */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';
import { cases } from './dist/cases.js';
import { OUR_CELL } from './dist/contestant-types.js';
import { disagreement, median } from './dist/statistics.js';

const { values } = parseArgs({
  options: { rounds: { type: 'string', default: '150' }, seconds: { type: 'string', default: '0.02' } },
});
const [rounds, seconds] = [Number(values.rounds), Number(values.seconds)];

const MEASURED = ['h128-t30', 'lstm', 'gru'].flatMap((name) => [`train-${name}-b1`, `train-${name}-b32`]);

/** Replaces every `this.tap("o", x)` by `(x)`. */
function withoutTaps(code) {
  const call = /\bthis\.tap\("\w+",\s*/.exec(code);
  if (call === null) return code;
  const start = call.index + call[0].length;
  let end = start;
  for (let depth = 1; depth > 0; end++) depth += { '(': 1, ')': -1 }[code[end]] ?? 0;
  return withoutTaps(`${code.slice(0, call.index)}(${code.slice(start, end - 1)})${code.slice(end)}`);
}

/** Removes probes from cells and the time loop, and counts them. */
function stripping(taken) {
  const count = (code, pattern) => code.match(pattern)?.length ?? 0;
  return {
    name: 'without-probes',
    setup({ onLoad }) {
      onLoad({ filter: /packages\/nn\/dist\/.*\.js$/ }, ({ path }) => {
        const code = readFileSync(path, 'utf8');
        taken.taps += count(code, /\bthis\.tap\("/g);
        taken.looks += count(code, /\bprobing [!=]== null/g);
        const looked = code
          .replaceAll(/\bprobing === null/g, 'true')
          .replaceAll(/\bprobing !== null/g, 'false');
        return { contents: withoutTaps(looked) };
      });
    },
  };
}

async function bundle(plugins) {
  const { outputFiles } = await build({
    stdin: {
      // Include the probes themselves. Otherwise esbuild would find that nothing sets what cells
      // read.
      contents: `export * from './dist/ours/train.js';
        export * as probe from '@chronograd/nn/probe';
        export { kernelsInUse, useFastestKernels } from '@chronograd/tensor';`,
      resolveDir: import.meta.dirname,
    },
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'node',
    target: 'es2022',
    minifySyntax: true, // esbuild removes `if (false)`
    plugins,
  });
  return outputFiles[0].text;
}

const taken = { taps: 0, looks: 0 };
const [kept, stripped] = [await bundle([]), await bundle([stripping(taken)])];
// A remaining `this.tap('` is in a comment: esbuild writes strings in double quotes.
const left = /\bthis\.tap\([^']|\bprobing\d* [!=]== null/.exec(stripped);
if (left !== null || taken.taps === 0 || taken.looks === 0) {
  throw new Error(
    `bench/probes: removed ${taken.taps} taps and ${taken.looks} reads of probes, and ${left?.[0] ?? 'nothing'} is left; update the patterns in bench/probes.mjs`,
  );
}

/** A separate module for each copy. */
async function load(code, copy) {
  const text = Buffer.from(`${code}\n// ${copy}`).toString('base64');
  const url = `data:text/javascript;base64,${text}`;
  const { prepareTraining, useFastestKernels, kernelsInUse } = await import(url);
  useFastestKernels();
  return { copy, probes: code === kept, prepare: prepareTraining('float32'), kernels: kernelsInUse() };
}

const copies = [];
for (const copy of [1, 2]) for (const code of [kept, stripped]) copies.push(await load(code, copy));

/** Runs for two seconds, after which V8 runs a step at full speed. */
function stepsPerSecond(work) {
  let steps = 0;
  for (const end = performance.now() + 2000; performance.now() < end; steps++) work.run(1);
  return steps / 2;
}

/** Milliseconds of processor time for `n` steps. Wall time would include other programs. */
function time(work, n) {
  const before = process.cpuUsage();
  work.run(n);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e3;
}

/** The median of the ratios of each round, and the quartiles. */
function show(times, above) {
  const sum = (round, wanted) =>
    copies.reduce((total, each, i) => (above(each) === wanted ? total + round[i] : total), 0);
  const ratios = times.map((round) => sum(round, true) / sum(round, false)).toSorted((a, b) => a - b);
  const quarter = Math.floor(ratios.length / 4);
  const [low, high] = [ratios[quarter], ratios[ratios.length - 1 - quarter]];
  return `${median(ratios).toFixed(3)} (${low.toFixed(3)} … ${high.toFixed(3)})`;
}

console.log(
  `removed ${taken.taps} taps and ${taken.looks} reads of probes; Node ${process.versions.node}, ${copies[0].kernels} kernels, ${rounds} rounds of ${seconds} s each`,
);
console.log(`${''.padEnd(30)}with probes : without     first copies : second copies`);
for (const spec of cases.filter(({ id }) => MEASURED.includes(id))) {
  for (const plan of ['', ', without plan']) {
    const works = copies.map(({ prepare }) => prepare(spec, `${OUR_CELL[spec.cell]}${plan}`));
    const losses = works.map((work) => work.check());
    for (const each of losses) {
      const wrong = disagreement(each, losses[0], 0);
      if (wrong !== null) throw new Error(`bench/probes: ${spec.id}: ${wrong}`);
    }
    // The same number of steps for all: as many as a warm one runs in the given time.
    const n = Math.ceil(seconds * median(works.map(stepsPerSecond)));
    const times = Array.from({ length: rounds }, (_, round) => {
      const row = [];
      for (let k = 0; k < works.length; k++) {
        const i = (k + round) % works.length;
        row[i] = time(works[i], n);
      }
      return row;
    });
    const name = `${spec.cell.toUpperCase()}, batch ${spec.B}${plan === '' ? ', planned' : plan}`;
    const [ratio, same] = [show(times, ({ probes }) => probes), show(times, ({ copy }) => copy === 1)];
    console.log(`${name.padEnd(30)}${ratio.padEnd(26)}${same}`);
  }
}
