/**
 * Runs in Node and in browsers: a run of `fit` that is left in the middle, saved in the storage of
 * the host, and resumed by another run. A hash over its losses and whole state.
 */
import { Adam, crossEntropy, Dropout, Linear, LSTMCell, Module, Recurrent } from '@chronograd/nn';
import { fit, indexedDBStorage, memoryStorage, ReduceLROnPlateau } from '@chronograd/nn/training';
import { Random, tensor } from '@chronograd/tensor';

const V = 11;
const STEPS = 8;
const LEFT_AT = 5;
const NAME = 'fit-case';

class Model extends Module {
  constructor(random) {
    super();
    this.recurrent = new Recurrent(new LSTMCell(V, 16, { random }));
    this.dropout = new Dropout(0.2, { random });
    this.decoder = new Linear(16, V, { random });
  }

  loss(x, y, before) {
    const { outputs, state } = this.recurrent.forward(x, before);
    return { value: crossEntropy(this.decoder.forward(this.dropout.forward(outputs)), y), aux: state };
  }
}

/** Batches that a seed draws. */
function batchesOf(seed, count) {
  const random = new Random(seed);
  const characters = () =>
    tensor(
      Int32Array.from({ length: 24 }, () => random.integer(V)),
      { shape: [8, 3] },
    );
  return Array.from({ length: count }, () => [characters(), characters()]);
}

function runOn(storage, planned, more = {}) {
  const model = new Model(new Random(3));
  const optimizer = new Adam(model, { lr: 0.01 });
  return fit({
    model,
    optimizer,
    loss: (x, y, state) => model.loss(x, y, state),
    initialState: () => model.recurrent.initialState(3),
    batches: batchesOf(4, 3),
    steps: STEPS,
    clip: { norm: 0.5 },
    ema: 0.9,
    validation: { batches: batchesOf(5, 2), every: 2 },
    plateau: new ReduceLROnPlateau(optimizer, { patience: 0 }),
    checkpoint: { storage, resume: true },
    plan: planned,
    ...more,
  });
}

/** The database of a page or worker, emptied; memory where there is none. */
async function newStorage() {
  const { indexedDB } = globalThis;
  if (indexedDB === undefined) return memoryStorage();
  await new Promise((resolve, reject) => {
    const request = indexedDB.deleteDatabase(NAME);
    request.onsuccess = resolve;
    request.onerror = () => reject(request.error);
  });
  return indexedDBStorage(indexedDB, NAME);
}

/** Long updates must let timers run. */
async function requirePauses(planned) {
  let ticks = 0;
  const timer = setInterval(() => ticks++, 1);
  const around = (update) => {
    const start = Date.now();
    while (Date.now() - start < 30);
    update();
  };
  for await (const _ of runOn(memoryStorage(), planned, { around }));
  clearInterval(timer);
  if (ticks === 0) throw new Error('fit let no timer run');
}

/** @param hash adds tensors, and has the result as its text. */
export async function runFit(hash, planned) {
  const storage = await newStorage();
  const first = runOn(storage, planned);
  for await (const event of first) if (event.type === 'step' && event.step === LEFT_AT) break;
  await first.save();
  const second = runOn(storage, planned);
  const events = [];
  for await (const event of second) events.push(event);
  if (events.find(({ type }) => type === 'step').step !== LEFT_AT + 1) throw new Error('fit did not resume');
  const { state, tensors } = second.snapshot();
  const losses = events.flatMap(({ loss }) => loss ?? []);
  hash.add(tensor(losses, { dtype: 'float64' }));
  const text = JSON.stringify({ state, events });
  hash.add(tensor(Int32Array.from(text, (character) => character.charCodeAt(0))));
  for (const name of [...tensors.keys()].sort()) {
    const { data, shape } = tensors.get(name);
    hash.add(tensor(data, { shape }));
  }
  await requirePauses(planned);
  return { hash: hash.toString(), loss: losses.at(-1) };
}
