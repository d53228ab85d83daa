import { Random } from '@chronograd/tensor';
import { expect, test } from 'vitest';
import { DataLoader, paddedBatches, windows } from '../../src/data/index.ts';
import {
  Adam,
  crossEntropy,
  Embedding,
  Linear,
  Module,
  mse,
  Recurrent,
  RNNCell,
  SGD,
} from '../../src/index.ts';
import { fit } from '../../src/training/index.ts';

class Forecaster extends Module {
  readonly recurrent = new Recurrent(new RNNCell(1, 3, { random: new Random(1) }));
  readonly decoder = new Linear(3, 1, { random: new Random(2) });
}

/** A run over shuffled windows, whose shuffle has its own seed. */
function forecaster(seed: number) {
  const model = new Forecaster();
  const series = Array.from({ length: 30 }, (_, t) => (t % 5) - 2);
  const data = windows(series, { steps: 4, targets: 'shifted' });
  const run = fit({
    model,
    optimizer: new SGD(model, { lr: 0.1 }),
    batches: new DataLoader(data, { batch: 4, random: new Random(seed) }),
    loss: (x, y) => mse(model.decoder.forward(model.recurrent.forward(x).outputs), y),
    steps: 20,
  });
  return { model, run };
}
const weights = (model: Module) => model.parameters().map((each) => each.toArray());

test('fit over a loader, stopped in the middle of an epoch, continues with the same batches, bit for bit', async () => {
  const whole = forecaster(1);
  const losses: number[] = [];
  let saved: ReturnType<typeof whole.run.snapshot> | null = null;
  for await (const event of whole.run) {
    if (event.type !== 'step') continue;
    losses.push(event.loss);
    if (event.step === 9) saved = whole.run.snapshot();
  }
  const resumed = forecaster(2);
  resumed.run.restore(saved!);
  const rest: number[] = [];
  for await (const event of resumed.run) if (event.type === 'step') rest.push(event.loss);
  expect(rest).toEqual(losses.slice(9));
  expect(weights(resumed.model)).toEqual(weights(whole.model));
});

class Classifier extends Module {
  readonly embedding = new Embedding(4, 4, { random: new Random(1) });
  readonly recurrent = new Recurrent(new RNNCell(4, 8, { random: new Random(2) }));
  readonly decoder = new Linear(8, 2, { random: new Random(3) });
}

test('A classifier of sequences of different lengths learns their first index from padded batches', async () => {
  const random = new Random(4);
  const sequences = Array.from({ length: 24 }, (_, i) =>
    Int32Array.from({ length: 1 + (i % 5) }, (_, t) => (t === 0 ? i % 2 : 2 + random.integer(2))),
  );
  const targets = Int32Array.from(sequences, (each) => each[0]!);
  const model = new Classifier();
  const batches = paddedBatches(sequences, { batch: 8, targets, buckets: 2, random });
  const run = fit({
    model,
    optimizer: new Adam(model, { lr: 0.02 }),
    batches,
    loss: ({ inputs, targets: y, lengths }) => {
      const { state } = model.recurrent.forward(model.embedding.forward(inputs), undefined, { lengths });
      return crossEntropy(model.decoder.forward(state), y);
    },
    steps: 60,
    plan: false,
  });
  const losses: number[] = [];
  for await (const event of run) if (event.type === 'step') losses.push(event.loss);
  expect(losses[0]).toBeGreaterThan(0.5);
  expect(Math.max(...losses.slice(-6))).toBeLessThan(0.3);
});
