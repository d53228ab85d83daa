/** A run with worker threads. Prints its last state, and how it ended. */
import { Adam } from '@chronograd/nn';
import { nodeWorkers } from '@chronograd/nn/parallel/node';
import { fit } from '@chronograd/nn/training';
import { Random, tensor } from '@chronograd/tensor';
import { CLASSES, replica } from './replica.mjs';

const {
  shards,
  count,
  steps,
  fail = null,
  plan = true,
  module = './replica.mjs',
} = JSON.parse(process.argv[2]);
const [T, B] = [6, 12];
const random = new Random(9);
const characters = () =>
  tensor(
    Int32Array.from({ length: T * B }, () => random.integer(CLASSES)),
    { shape: [T, B] },
  );
const { model, loss } = replica();
const threads = nodeWorkers(new URL(module, import.meta.url), {
  count,
  data: { fail: fail === 'terminate' ? null : fail },
});
const links = [];
const start = (rank) => {
  links.push(threads.start(rank));
  return links.at(-1);
};
const run = fit({
  model,
  optimizer: new Adam(model, { lr: 0.01 }),
  loss,
  initialState: () => model.recurrent.initialState(B),
  batches: Array.from({ length: 10 }, () => [characters(), characters()]),
  epochs: 100,
  steps,
  clip: { norm: 1 },
  plan,
  shards,
  workers: { ...threads, start },
});
let error = null;
try {
  for await (const { step } of run) if (fail === 'terminate' && step === 5) links[0].close();
} catch (thrown) {
  error = `${thrown.name}: ${thrown.message}`;
}
const { state, tensors } = run.snapshot();
const text = JSON.stringify({ model: [...tensors].map(([name, { data }]) => [name, [...data]]) });
console.log(JSON.stringify({ text, error, step: run.step, state }));
