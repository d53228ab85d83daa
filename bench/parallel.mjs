/**
 * Measures updates of `fit` in shards, with one thread and with several: a character network of H
 * 128, T 30, V 65, Adagrad, clipping by norm. After a build:
 *
 *   node bench/parallel.mjs [--workers 2] [--rounds 30] [--seconds 0.06] [--only lstm-b32]
 *   node bench/parallel.mjs --bits    compares the weights after 500 steps with 1, 2 and 3 workers
 *
 * Each round runs every contestant for some time, in turn. Prints the median and the best wall time
 * per update, and the median processor time, which is that of all threads. Two ratios follow, to
 * the whole batch and to one worker on the same shards: the median of the rounds' ratios, and after
 * it the ratio of the best times, which other programs affect least.
 */
import { createHash } from 'node:crypto';
import { loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { Adagrad } from '@chronograd/nn';
import { nodeWorkers } from '@chronograd/nn/parallel/node';
import { fit } from '@chronograd/nn/training';
import { Random, tensor, useFastestKernels } from '@chronograd/tensor';
import { median, ratioOf } from './dist/statistics.js';
import { replica, V } from './parallel-replica.mjs';

const { values } = parseArgs({
  options: {
    workers: { type: 'string', default: '2' },
    rounds: { type: 'string', default: '30' },
    seconds: { type: 'string', default: '0.06' },
    only: { type: 'string', default: '' },
    bits: { type: 'boolean', default: false },
  },
});
const T = 30;
const module = new URL('./parallel-replica.mjs', import.meta.url);

/** Seeded batches of B streams. */
function batchesOf(B) {
  const random = new Random(9);
  const characters = () =>
    tensor(
      Int32Array.from({ length: T * B }, () => random.integer(V)),
      { shape: [T, B] },
    );
  return Array.from({ length: 10 }, () => [characters(), characters()]);
}

/** A run of `count` threads. */
function runOf(data, B, shards, count, more = {}) {
  const { model, loss } = replica(data);
  const run = fit({
    model,
    loss,
    optimizer: new Adagrad(model, { lr: 0.05 }),
    batches: batchesOf(B),
    epochs: 1e9,
    initialState: () => model.recurrent.initialState(B),
    clip: { norm: 1 },
    check: false,
    shards,
    workers: count === 1 ? null : nodeWorkers(module, { count, data }),
    ...more,
  });
  return { run, model };
}

async function compareBits() {
  for (const [cell, B, shards] of [
    ['rnn', 8, 4],
    ['lstm', 8, 4],
    ['lstm', 12, 6],
  ])
    for (const count of [1, 2, 3]) {
      const data = { cell, hidden: 32, dropout: 0.1 };
      const { run, model } = runOf(data, B, shards, count, { steps: 500, epochs: 50 });
      for await (const _ of run);
      const hash = createHash('sha256');
      for (const parameter of model.parameters())
        hash.update(new Uint8Array(parameter.toTypedArray().buffer));
      console.log(`${cell} ${shards} shards, ${count} workers: ${hash.digest('hex').slice(0, 16)}`);
    }
}

/** Updates for some seconds. @returns milliseconds per update: wall and processor time */
async function measure(updates, seconds) {
  const [start, cpu] = [performance.now(), process.cpuUsage()];
  let count = 0;
  for (; performance.now() - start < seconds * 1000; count++) await updates.next();
  const { user, system } = process.cpuUsage(cpu);
  return { wall: (performance.now() - start) / count, cpu: (user + system) / 1000 / count };
}

async function compare(cell, B) {
  const workers = Number(values.workers);
  const most = 2 * workers;
  const contestants = [
    [1, 1],
    [workers, 1],
    [workers, workers],
    [most, 1],
    [most, workers],
  ].map(([shards, count]) => ({
    shards,
    count,
    updates: runOf({ cell, hidden: 128 }, B, shards, count).run[Symbol.asyncIterator](),
    rounds: [],
  }));
  for (const { updates } of contestants) await measure(updates, 0.5);
  for (let round = 0; round < Number(values.rounds); round++)
    for (const { updates, rounds } of contestants)
      rounds.push(await measure(updates, Number(values.seconds)));
  const walls = ({ rounds }) => rounds.map(({ wall }) => wall);
  const [whole] = contestants;
  for (const [i, each] of contestants.entries()) {
    const alone = each.count > 1 ? contestants[i - 1] : null;
    const best = (of) => Math.min(...walls(of));
    const ratio = (other) =>
      `${ratioOf(walls(each), walls(other), 'lower').toFixed(2)} ${(best(other) / best(each)).toFixed(2)} ×`;
    console.log(
      [
        `${cell} B ${B}`.padEnd(12),
        `${each.shards} shards, ${each.count} ${each.count > 1 ? 'workers' : 'worker'}`.padEnd(22),
        `${median(walls(each)).toFixed(2)} ms`.padStart(10),
        `${best(each).toFixed(2)} ms`.padStart(10),
        `${median(each.rounds.map(({ cpu }) => cpu)).toFixed(2)} ms`.padStart(10),
        ratio(whole).padStart(14),
        (alone === null ? '' : ratio(alone)).padStart(14),
      ].join(''),
    );
    await each.updates.return();
  }
}

if (values.bits) await compareBits();
else {
  const [load] = loadavg();
  console.log(`Node ${process.versions.node}, ${useFastestKernels()} kernels, load ${load.toFixed(2)}`);
  if (load > 0.5) console.log('warning: other programs are running; the figures are not reliable');
  const times = ['wall', 'best', 'processor'].map((name) => name.padStart(10));
  const ratios = ['whole', 'one worker'].map((name) => name.padStart(14));
  console.log([' '.repeat(34), ...times, ...ratios].join(''));
  for (const cell of ['rnn', 'lstm'])
    for (const B of [32, 128]) if (`${cell}-b${B}`.includes(values.only)) await compare(cell, B);
}
