/**
 * Measures the cost of a change: small ops, taped ops and training steps of two built checkouts.
 *
 *   node bench/before-after.mjs BEFORE [AFTER] [--pairs 15] [--only small]
 *
 * BEFORE and AFTER are roots of checkouts after `node scripts/build.mjs`. Default of AFTER: this
 * one. Each pair is two processes, one per checkout: in one process they would share compiled code.
 * The two run chunks of 40 ms in turn, so that a change of the machine's speed affects both. Times
 * are processor time. A pair's figure is the median of its chunks' ratios AFTER : BEFORE. Prints
 * the median of the pairs and its 95 % interval, by order statistics.
 */
import { fork } from 'node:child_process';
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
const CHUNKS = 21;
const CHUNK_MS = 40;
const WARM_MS = 700;

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

const middle = (numbers) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)];

/** Microseconds of processor time of one run, over n runs. */
function time(run, n) {
  const start = process.cpuUsage();
  run(n);
  const { user, system } = process.cpuUsage(start);
  return (user + system) / n;
}

/** Runs until V8 has compiled the case, and finds how many runs fill a chunk of CHUNK_MS. */
function warm(run) {
  let n = 1;
  for (const end = performance.now() + WARM_MS; performance.now() < end; ) run(n);
  while (time(run, n) * n < CHUNK_MS * 1e3) n *= 2;
  return n;
}

/** One checkout's process: answers `{ name }` with a warmed case, `{ name, n }` with a time. */
async function child(root) {
  const works = await load(root);
  process.on('message', ({ name, n }) =>
    process.send(n === undefined ? warm(works[name]) : time(works[name], n)),
  );
  process.send(Object.keys(works).filter((name) => name.includes(values.only)));
}

/** Starts the process of a checkout; its `ask` sends a message and resolves to the answer. */
async function start(root) {
  const forked = fork(import.meta.filename, ['--child', root, '--only', values.only]);
  const answer = () =>
    new Promise((resolve, reject) => {
      const failed = () => reject(new Error(`bench/before-after: ${root} ended`));
      forked.once('exit', failed);
      forked.once('message', (message) => {
        forked.off('exit', failed);
        resolve(message);
      });
    });
  const names = await answer();
  const ask = (message) => {
    forked.send(message);
    return answer();
  };
  return { names, ask, stop: () => forked.kill() };
}

/** The times of one case in both processes, chunk by chunk in turn. */
async function chunks(before, after, name) {
  const n = { before: await before.ask({ name }), after: await after.ask({ name }) };
  const times = [];
  for (let chunk = 0; chunk < CHUNKS; chunk++) {
    const was = await before.ask({ name, n: n.before });
    const now = await after.ask({ name, n: n.after });
    times.push({ was, ratio: now / was });
  }
  return { was: middle(times.map(({ was }) => was)), ratio: middle(times.map((t) => t.ratio)) };
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
  const results = {};
  for (let pair = 0; pair < Number(values.pairs); pair++) {
    const processes = [await start(before), await start(after)];
    for (const name of processes[0].names) {
      results[name] = [...(results[name] ?? []), await chunks(...processes, name)];
    }
    for (const each of processes) each.stop();
  }
  console.log(`Node ${process.versions.node}, ${values.pairs} pairs, AFTER : BEFORE, median (95 % interval)`);
  for (const [name, pairs] of Object.entries(results)) {
    const was = middle(pairs.map((pair) => pair.was)).toPrecision(3);
    console.log(`${name.padEnd(48)}${show(pairs.map((pair) => pair.ratio))}   was ${was} µs`);
  }
}

const roots = positionals.map((root) => resolve(root));
await (values.child ? child(roots[0]) : compare(...roots));
