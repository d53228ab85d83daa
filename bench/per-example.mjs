/**
 * Measures gradients by example beside one gradient of the batch, and beside B of one example each:
 * H 128, T 30, V 65, B 32, float32, planned. After `pnpm build`:
 *
 *   node bench/per-example.mjs [--rounds 20]
 *
 * All run in turn in one process. Each round begins with another one. Prints the medians of the
 * rounds in milliseconds, and as ratios to one gradient of the batch.
 */
import { parseArgs } from 'node:util';
import {
  clippedMeanGradients,
  perExampleGradients,
  perExampleNorms,
  valueAndGrad,
} from '@chronograd/autograd';
import { crossEntropy, GRUCell, Linear, LSTMCell, Module, Recurrent, RNNCell } from '@chronograd/nn';
import { kernelsInUse, plan, Random, tensor, useFastestKernels } from '@chronograd/tensor';
import { median } from './dist/statistics.js';

const { values } = parseArgs({ options: { rounds: { type: 'string', default: '20' } } });
const [T, B, V, H] = [30, 32, 65, 128];

class Model extends Module {
  constructor(Cell) {
    super();
    const random = new Random(1);
    this.recurrent = new Recurrent(new Cell(V, H, { random }));
    this.decoder = new Linear(H, V, { random });
  }
  losses(x, y) {
    return crossEntropy(this.decoder.forward(this.recurrent.forward(x).outputs), y, { reduction: 'none' });
  }
}

/** The runs by name, each for the whole batch. */
function runsOf(Cell) {
  const model = new Model(Cell);
  const classes = (factor) => Int32Array.from({ length: T * B }, (_, i) => (i * i * factor) % V);
  const batch = [7, 11].map((factor) => tensor(classes(factor), { shape: [T, B] }));
  const single = Array.from({ length: B }, (_, b) => batch.map((x) => x.slice(null, [b, b + 1])));
  const each = (x, y) => model.losses(x, y).mean(0);
  const mean = plan(valueAndGrad(model, (x, y) => model.losses(x, y).mean()));
  const alone = plan(valueAndGrad(model, (x, y) => model.losses(x, y).mean()));
  const planned = {
    'one gradient of the batch': mean,
    'gradients by example': plan(perExampleGradients(model, each)),
    'norms by example': plan(perExampleNorms(model, each)),
    'clipped mean': plan(clippedMeanGradients(model, each, 1)),
  };
  const runs = Object.entries(planned).map(([name, run]) => [name, () => run(...batch)]);
  return [...runs, [`${B} gradients of one example`, () => single.forEach((args) => void alone(...args))]];
}

useFastestKernels();
console.log(`Node ${process.versions.node}, ${kernelsInUse()} kernels`);
for (const Cell of [RNNCell, LSTMCell, GRUCell]) {
  const runs = runsOf(Cell);
  const times = new Map(runs.map(([name]) => [name, []]));
  for (const [, run] of runs) for (let i = 0; i < 3; i++) run();
  for (let round = 0; round < Number(values.rounds); round++) {
    for (let i = 0; i < runs.length; i++) {
      const [name, run] = runs[(round + i) % runs.length];
      const start = performance.now();
      run();
      times.get(name).push(performance.now() - start);
    }
  }
  const [first] = [...times.values()].map(median);
  for (const [name, all] of times) {
    console.log(
      `${Cell.name.padEnd(9)} ${name.padEnd(26)} ${median(all).toFixed(2)} ms  ${(median(all) / first).toFixed(2)}`,
    );
  }
}
