import { Random, type Tensor } from '@chronograd/tensor';
import { expect, test } from 'vitest';
import { DataLoader, Streams } from '../../src/data/index.ts';
import { writeSafetensors } from '../../src/formats/safetensors/index.ts';
import { type Module, type Optimizer, SGD } from '../../src/index.ts';
import {
  type Batches,
  CheckpointError,
  type CheckpointStorage,
  type Fit,
  type FitEvent,
  type FitSnapshot,
  fit,
  memoryStorage,
  ReduceLROnPlateau,
  streamBatches,
} from '../../src/training/index.ts';
import { decodeSnapshot } from '../../src/training/snapshot.ts';
import { bitsOf, CharModel, eventsOf, optimizers, type State, text, valuesOf, windows } from './models.ts';

const STEPS = 12;

/** A run with all that a checkpoint has to hold. */
function everything(make: (model: Module) => Optimizer, storage?: CheckpointStorage) {
  const model = new CharModel();
  const optimizer = make(model);
  const run: Fit<State> = fit({
    model,
    optimizer,
    loss: (x, y, state) => model.loss(x, y, state),
    initialState: () => model.recurrent.initialState(2),
    batches: streamBatches(new Streams(text(50), { batch: 2, steps: 4 })),
    steps: STEPS,
    clip: { norm: 0.5 },
    ema: 0.9,
    validation: { every: 3, batches: windows(2, 40) },
    plateau: new ReduceLROnPlateau(optimizer, { patience: 0, factor: 0.5, threshold: 0.05 }),
    check: false,
    ...(storage === undefined ? {} : { checkpoint: { storage, resume: true } }),
  });
  return { model, run };
}

test.each(optimizers)(
  '%s: a run that is stopped at any of 20 events and resumed from its checkpoint ends with the same bits',
  async (_, make) => {
    const storage = memoryStorage();
    const whole = everything(make, storage);
    const events: FitEvent[] = [];
    const saved: Uint8Array[] = [];
    for await (const event of whole.run) {
      events.push(event);
      await whole.run.save();
      saved.push((await storage.read('fit.safetensors'))!);
    }
    const [bits, values] = [bitsOf(whole.run.snapshot()), valuesOf(whole.model)];
    // One other run resumes from them all. What it did before must not matter.
    const { run, model } = everything(make);
    const random = new Random(5);
    for (let trial = 0; trial < 20; trial++) {
      const at = random.integer(saved.length);
      run.restore(decodeSnapshot(saved[at]!));
      const step = events[at]!.step;
      const isLater = (event: FitEvent) => event.type === 'step' && event.step > step;
      const later = await eventsOf(run);
      expect(later.filter(isLater), `resumed after event ${at}`).toEqual(events.filter(isLater));
      expect(later.at(-1)).toEqual(events.at(-1));
      expect(bitsOf(run.snapshot())).toEqual(bits);
      expect(valuesOf(model)).toEqual(values);
    }
  },
);

test('A new run with the same storage goes on where the last one was killed, and ends with the same bits', async () => {
  const [, make] = optimizers[4]!;
  const whole = everything(make);
  await eventsOf(whole.run);
  const storage = memoryStorage();
  for (const killed of [3, 8, Infinity]) {
    const { run, model } = everything(make, storage);
    for await (const { type } of run) {
      if (type !== 'step' || run.step !== killed) continue;
      await run.save();
      break;
    }
    if (killed < Infinity) continue;
    expect(bitsOf(run.snapshot())).toEqual(bitsOf(whole.run.snapshot()));
    expect(valuesOf(model)).toEqual(valuesOf(whole.model));
  }
});

test('A run that is left with break and iterated again is the same run', async () => {
  const [, make] = optimizers[3]!;
  const whole = everything(make);
  await eventsOf(whole.run);
  const parts = everything(make);
  for (let ended = false; !ended; ) {
    let seen = 0;
    ended = true;
    for await (const event of parts.run) {
      if (event.type === 'done' || ++seen < 7) continue;
      ended = false;
      break;
    }
  }
  expect(bitsOf(parts.run.snapshot())).toEqual(bitsOf(whole.run.snapshot()));
  expect(valuesOf(parts.model)).toEqual(valuesOf(whole.model));
});

/** Five batches, shuffled in each epoch. */
function loader(): DataLoader<[Tensor, Tensor]> {
  const all = windows(5);
  const data = { length: 5, at: ([i = 0]: readonly number[]) => all[i]! };
  return new DataLoader(data, { batch: 1, random: new Random(4) });
}

const passes: readonly (readonly [string, () => Batches<[Tensor, Tensor]>])[] = [
  ['a DataLoader', loader],
  ['an array', () => windows(5)],
  ['a generator', () => windows(20)[Symbol.iterator]()],
  [
    'async batches that each pass shuffles',
    () =>
      async function* (epoch) {
        const parts = windows(5, 3 + epoch);
        yield* parts;
      },
  ],
];

test.each(passes)('A run on %s resumes in the middle of a pass', async (_, batches) => {
  const made = () => {
    const model = new CharModel();
    const loss = (x: Tensor, y: Tensor) => model.loss(x, y, model.recurrent.initialState(2));
    const optimizer = new SGD(model, { lr: 0.5 });
    return fit({
      model,
      optimizer,
      loss,
      batches: batches(),
      epochs: 3,
      steps: 7,
      accumulate: 2,
      check: false,
    });
  };
  const whole = made();
  const snapshots: FitSnapshot[] = [];
  for await (const event of whole) if (event.type === 'step') snapshots.push(whole.snapshot());
  expect(whole.step).toBe(7);
  for (const at of [0, 1, 2, 4, 6]) {
    const resumed = made();
    resumed.restore(snapshots[at]!);
    await eventsOf(resumed);
    expect(bitsOf(resumed.snapshot())).toEqual(bitsOf(whole.snapshot()));
  }
});

test('A checkpoint of another model, of other options or of damaged bytes is refused by name, and changes nothing', async () => {
  const [, make] = optimizers[3]!;
  const storage = memoryStorage();
  const { run, model } = everything(make, storage);
  run.stop();
  await eventsOf(run);
  const before = valuesOf(model);
  const bytes = (await storage.read('fit.safetensors'))!;
  const { tensors, state } = run.snapshot();
  const without = new Map([...tensors].filter(([name]) => name !== 'model.decoder.bias'));
  expect(() => run.restore({ state, tensors: without })).toThrow(CheckpointError);
  expect(() => run.restore({ state, tensors: without })).toThrow(
    'fit: the checkpoint does not fit the model: missing decoder.bias;',
  );
  const carried = [...tensors.keys()].find((name) => name.startsWith('carried'))!;
  for (const [change, problem] of [
    [[], `missing ${carried}; unexpected none; of another`],
    [
      [[carried, { dtype: 'F32', shape: [1], data: Float32Array.of(0) }]],
      `dtype ${carried} (float32 [1] for `,
    ],
  ] as const) {
    const changed = new Map([...tensors].filter(([name]) => name !== carried));
    for (const [name, x] of change) changed.set(name, x);
    const refused = () => run.restore({ state, tensors: changed });
    expect(refused).toThrow('fit: the checkpoint does not fit the carried state: ');
    expect(refused).toThrow(problem);
  }
  expect(() => run.restore({ state: { ...(state as object), version: 2 }, tensors })).toThrow(
    'fit: expected a state of version 1, got a number',
  );
  expect(() => run.restore({ state: { ...(state as object), randoms: [] }, tensors })).toThrow(
    'fit: expected the states of 1 random generators, got 0',
  );
  expect(valuesOf(model)).toEqual(before);
  const other = everything(optimizers[0]![1], storage);
  await expect(eventsOf(other.run)).rejects.toThrow('fit: the checkpoint cannot be used: SGD: the state');
  for (const cut of [bytes.slice(0, -1), bytes.slice(0, 5), new Uint8Array(0)]) {
    await storage.write('fit.safetensors', cut);
    await expect(eventsOf(everything(make, storage).run)).rejects.toThrow(CheckpointError);
  }
  const plain = fit({
    model,
    optimizer: make(model),
    loss: (x, y, s) => model.loss(x, y, s),
    initialState: () => model.recurrent.initialState(2),
    batches: windows(1),
    checkpoint: { storage },
  });
  await expect(eventsOf(plain)).rejects.toThrow('fit: expected no fit.safetensors in the storage, got one');
});

test('What is no snapshot is refused, and nothing changes', () => {
  const [, make] = optimizers[0]!;
  const { run, model } = everything(make);
  const before = valuesOf(model);
  const { state, tensors } = run.snapshot();
  const { randoms: _, ...rest } = state as Record<string, never>;
  for (const wrong of [
    null,
    undefined,
    {},
    { tensors },
    { state: null, tensors },
    { state },
    { state, tensors: {} },
    { state: rest, tensors },
  ])
    expect(() => run.restore(wrong as never)).toThrow(CheckpointError);
  expect(() => run.restore({ state: rest as never, tensors })).toThrow('random generators, got none');
  const noAverage = new Map([...tensors].filter(([name]) => !name.startsWith('average.')));
  expect(() => run.restore({ state, tensors: noAverage })).toThrow(
    'fit: the checkpoint does not fit the average of the weights: missing ',
  );
  const best = new Map([...tensors, ['best.other', tensors.get('model.decoder.bias')!]]);
  expect(() => run.restore({ state, tensors: best })).toThrow(
    'fit: the checkpoint does not fit the best weights: missing ',
  );
  expect(valuesOf(model)).toEqual(before);
  run.restore({ state: { ...(state as object), plateau: null }, tensors });
});

test('A checkpoint with one wrong bit, and another file, are refused', async () => {
  const storage = memoryStorage();
  const { run } = everything(optimizers[0]![1], storage);
  await run.save();
  const bytes = (await storage.read('fit.safetensors'))!;
  const flipped = bytes.with(bytes.length - 1, bytes.at(-1)! ^ 1);
  expect(() => decodeSnapshot(flipped)).toThrow(CheckpointError);
  expect(() => decodeSnapshot(flipped)).toThrow(/^fit: the checkpoint is damaged: its checksum/);
  expect(() => decodeSnapshot(writeSafetensors(new Map()))).toThrow(
    /^fit: expected a checkpoint of fit, got another safetensors file/,
  );
});
