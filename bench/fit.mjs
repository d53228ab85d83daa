/**
 * Measures `fit` beside the same loop by hand: RNNCell, H 128, T 30, planned, float32, clipped by
 * value, Adagrad. After `pnpm build`:
 *
 *   node bench/fit.mjs [--rounds 60]
 *
 * The loop by hand is that of the bench (bench/src/ours/train.ts). Both train the same model on the
 * same windows, so their losses are compared bit for bit first. Then they run chunks of 100 ms in
 * turn, the first one alternating. Times are processor time. Prints the median of the rounds'
 * ratios fit : by hand, and their quartiles.
 */
import { parseArgs } from 'node:util';
import { Adagrad, crossEntropy } from '@chronograd/nn';
import { fit } from '@chronograd/nn/training';
import { kernelsInUse, tensor, useFastestKernels } from '@chronograd/tensor';
import { cases } from './dist/cases.js';
import { Windows } from './dist/data.js';
import { makeModel } from './dist/ours/model.js';
import { prepareTraining } from './dist/ours/train.js';
import { median } from './dist/statistics.js';

const { values } = parseArgs({ options: { rounds: { type: 'string', default: '60' } } });
const CHUNK_MS = 100;
const WARM_MS = 2_000;
const CELL = 'RNNCell';

/** Both loops of a case. `run` makes n steps and returns the last loss. */
function contestants(spec) {
  const { T, B } = spec;
  const byHand = prepareTraining('float32')(spec, CELL);
  const model = makeModel(spec, CELL, 'float32');
  const windows = new Windows(T, B);
  const indices = (data) => tensor(data, { shape: [T, B] });
  const batches = {
    next() {
      const { inputs, targets, restarted } = windows.next();
      return { value: [indices(inputs), indices(targets)], restarted };
    },
    state: null,
    restore() {},
  };
  const initial = model.recurrent.initialState(B);
  const events = fit({
    model,
    optimizer: new Adagrad(model, { lr: 0.05, eps: 1e-8, epsPlace: 'inside' }),
    batches,
    initialState: () => initial,
    loss: (x, y, before) => {
      const { logits, state } = model.forward(x, before);
      return { value: crossEntropy(logits, y), aux: state };
    },
    clip: { value: 5 },
  })[Symbol.asyncIterator]();
  return {
    byHand: async (n) => {
      byHand.run(n);
      return byHand.loss();
    },
    withFit: async (n) => {
      let loss = Number.NaN;
      for (let i = 0; i < n; i++) ({ loss } = (await events.next()).value);
      return loss;
    },
  };
}

/** Microseconds of processor time of a step. */
async function time(run, n) {
  const before = process.cpuUsage();
  await run(n);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / n;
}

useFastestKernels();
console.log(`Node ${process.versions.node}, ${kernelsInUse()} kernels, ${values.rounds} rounds`);
for (const spec of cases.filter(({ id }) => /^train-h128-t30-b(1|32)$/.test(id))) {
  const { byHand, withFit } = contestants(spec);
  for (let i = 0; i < 100; i++) {
    const [wanted, loss] = [await byHand(1), await withFit(1)];
    if (loss !== wanted)
      throw new Error(`bench/fit: step ${i + 1}: expected a loss of ${wanted}, got ${loss}`);
  }
  let n = 1;
  for (const run of [byHand, withFit])
    for (const end = performance.now() + WARM_MS; performance.now() < end; ) await run(n);
  while ((await time(byHand, n)) * n < CHUNK_MS * 1e3) n *= 2;
  const times = [];
  for (let round = 0; round < Number(values.rounds); round++) {
    const first = round % 2 === 0 ? byHand : withFit;
    const a = await time(first, n);
    const b = await time(first === byHand ? withFit : byHand, n);
    times.push(first === byHand ? { hand: a, ratio: b / a } : { hand: b, ratio: a / b });
  }
  const ratios = times.map(({ ratio }) => ratio).toSorted((a, b) => a - b);
  const quartile = (share) => ratios[Math.floor(share * (ratios.length - 1))].toFixed(3);
  const hand = median(times.map((each) => each.hand)).toFixed(0);
  console.log(
    `batch ${spec.B}: fit : by hand ${median(ratios).toFixed(3)} (${quartile(0.25)} … ${quartile(0.75)}), by hand ${hand} µs`,
  );
}
