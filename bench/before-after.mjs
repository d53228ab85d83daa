/**
 * Measures the cost of a change: small ops, taped ops and training steps of two built checkouts.
 *
 *   node bench/before-after.mjs BEFORE [AFTER] [--pairs 15] [--only small]
 *
 * BEFORE and AFTER are roots of checkouts after `node scripts/build.mjs`. Default of AFTER: this
 * one. Each pair is two processes, one per checkout, in alternating order. In one process they
 * would share compiled code. Times are processor time, so that other programs count less. Prints
 * the median of the pairs' ratios AFTER : BEFORE and its 95 % interval, by order statistics.
 */
import { spawnSync } from 'node:child_process';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    pairs: { type: 'string', default: '15' },
    only: { type: 'string', default: '' },
    child: { type: 'boolean', default: false },
  },
});
const CHUNKS = 41;
const CHUNK_MS = 5;
const WARM_MS = 500;

/** The cases of one checkout: name → a function that runs it n times. */
async function load(root) {
  const from = (path) => import(join(root, path));
  const T = await from('packages/tensor/dist/index.js');
  const { valueAndGrad } = await from('packages/autograd/dist/index.js');
  const { prepareTraining } = await from('bench/dist/ours/train.js');
  const { cases } = await from('bench/dist/cases.js');
  const x = new T.Parameter(T.normal([32], { random: new T.Random(1) }));
  const m = new T.Parameter(T.normal([8, 32], { random: new T.Random(2) }));
  const scoped = (op) => (n) => {
    for (let scopes = 0; scopes < n; scopes++) {
      T.scope(() => {
        for (let i = 0; i < 64; i++) op();
      });
    }
  };
  const taped = valueAndGrad({ w: x }, () => {
    let y = x;
    for (let i = 0; i < 32; i++) y = y.tanh().mul(x);
    return y.sum();
  });
  const works = {
    'small op: 64 × tanh of 32': scoped(() => x.tanh()),
    'small op: 64 × add of 32 and 32': scoped(() => x.add(x)),
    'small op: 64 × row of [8, 32], select': scoped(() => m.select(3)),
    'small op: 64 × sum of an axis': scoped(() => m.sum(0)),
    'small op: 64 × transposed product': scoped(() => m.matmul(m.transpose())),
    'taped ops: 64 of 32 numbers': (n) => {
      for (let i = 0; i < n; i++) taped();
    },
  };
  const prepare = prepareTraining('float32');
  for (const [id, variant] of [
    ['train-h128-t30-b1', 'RNNCell'],
    ['train-lstm-b1', 'LSTMCell'],
    ['train-gru-b1', 'GRUCell'],
    ['train-h128-t30-b32', 'RNNCell'],
  ]) {
    const spec = cases.find((each) => each.id === id);
    for (const plan of ['', ', without plan']) {
      const work = prepare(spec, `${variant}${plan}`);
      work.check();
      works[`training step: ${variant}, batch ${spec.B}${plan === '' ? ', planned' : plan}`] = (n) =>
        work.run(n);
    }
  }
  return works;
}

/** Milliseconds of processor time. */
function time(run, n) {
  const start = process.cpuUsage();
  run(n);
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1e3;
}

const middle = (numbers) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)];

/** Microseconds of one run after V8 has compiled it: the median over chunks. */
function measure(run) {
  let n = 1;
  for (const end = performance.now() + WARM_MS; performance.now() < end; ) run(n);
  for (; time(run, n) < CHUNK_MS; n *= 2);
  return (1e3 * middle(Array.from({ length: CHUNKS }, () => time(run, n)))) / n;
}

async function child(root) {
  const works = await load(root);
  const chosen = Object.entries(works).filter(([name]) => name.includes(values.only));
  console.log(JSON.stringify(Object.fromEntries(chosen.map(([name, run]) => [name, measure(run)]))));
}

/** Measures the cases of a checkout in a separate process. */
function inProcess(root) {
  const args = [import.meta.filename, '--child', root, '--only', values.only];
  const { stdout, stderr, status } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`bench/before-after: ${root} failed:\n${stderr}`);
  return JSON.parse(stdout);
}

function show(ratios) {
  const sorted = ratios.toSorted((a, b) => a - b);
  const half = (sorted.length - 1) / 2;
  const reach = 0.98 * Math.sqrt(sorted.length); // 1.96 · √n / 2 places on either side
  const at = (place) => sorted[Math.min(Math.max(place, 0), sorted.length - 1)].toFixed(3);
  return `${middle(ratios).toFixed(3)}  (${at(Math.floor(half - reach))} … ${at(Math.ceil(half + reach))})`;
}

async function compare(before, after = join(import.meta.dirname, '..')) {
  if (before === undefined) throw new Error('bench/before-after: expected the root of a built checkout');
  const pairs = Array.from({ length: Number(values.pairs) }, (_, pair) => {
    const roots = pair % 2 === 0 ? [before, after] : [after, before];
    const [first, second] = roots.map((root) => inProcess(root));
    return pair % 2 === 0 ? [first, second] : [second, first];
  });
  console.log(`Node ${process.versions.node}, ${pairs.length} pairs, AFTER : BEFORE, median (95 % interval)`);
  for (const name of Object.keys(pairs[0][0])) {
    const was = middle(pairs.map(([old]) => old[name])).toPrecision(3);
    console.log(
      `${name.padEnd(48)}${show(pairs.map(([old, now]) => now[name] / old[name]))}   was ${was} µs`,
    );
  }
}

const roots = positionals.map((root) => resolve(root));
await (values.child ? child(roots[0]) : compare(...roots));
