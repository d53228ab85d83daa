/**
 * Runs in Node and in browsers: a run of `fit` in four shards. In browsers two more threads compute
 * them, and a worker that fails must end a run. A hash over its losses and weights.
 */
import { Adam, crossEntropy, Dropout, Linear, LSTMCell, Module, Recurrent } from '@chronograd/nn';
import { WorkerError, webWorkers } from '@chronograd/nn/parallel';
import { fit } from '@chronograd/nn/training';
import { Random, tensor } from '@chronograd/tensor';

const V = 11;
const [T, B] = [8, 8];
const COUNT = 3; // threads of a run
/** The workers of a page: those of a run, and of one that fails. */
export const WORKERS = 2 * (COUNT - 1);

class Model extends Module {
  constructor(random) {
    super();
    this.recurrent = new Recurrent(new LSTMCell(V, 16, { random }));
    this.dropout = new Dropout(0.2, { random });
    this.decoder = new Linear(16, V, { random });
  }
}

export function replica({ fails }) {
  const model = new Model(new Random(3));
  const loss = (x, y, before) => {
    if (fails) throw new RangeError('planned failure');
    const { outputs, state } = model.recurrent.forward(x, before);
    return { value: crossEntropy(model.decoder.forward(model.dropout.forward(outputs)), y), aux: state };
  };
  return { model, loss };
}

/** A run with the workers of the page, if it has any. */
function runOf(planned, fails) {
  const random = new Random(4);
  const characters = () =>
    tensor(
      Int32Array.from({ length: T * B }, () => random.integer(V)),
      { shape: [T, B] },
    );
  const { model, loss } = replica({ fails: false });
  const start = () => new Worker('/parallel-worker.min.js', { type: 'module' });
  const workers =
    globalThis.Worker === undefined ? null : webWorkers(start, { count: COUNT, data: { fails } });
  const run = fit({
    model,
    loss,
    optimizer: new Adam(model, { lr: 0.02 }),
    initialState: () => model.recurrent.initialState(B),
    batches: Array.from({ length: 4 }, () => [characters(), characters()]),
    epochs: 3,
    clip: { norm: 1 },
    plan: planned,
    shards: 4,
    workers,
  });
  return { run, model, workers };
}

async function requireFailure(planned) {
  const { run, workers } = runOf(planned, true);
  if (workers === null) return;
  try {
    for await (const _ of run);
  } catch (error) {
    if (error instanceof WorkerError && error.message.includes('RangeError: planned failure')) return;
    throw error;
  }
  throw new Error('a run whose workers fail has ended without an error');
}

/** @param hash adds tensors, and has the result as its text. */
export async function runParallel(hash, planned) {
  const { run, model } = runOf(planned, false);
  const losses = [];
  for await (const event of run) if (event.type === 'step') losses.push(event.loss);
  hash.add(tensor(losses, { dtype: 'float64' }));
  for (const parameter of model.parameters()) hash.add(parameter);
  await requireFailure(planned);
  return { hash: hash.toString(), loss: losses.at(-1) };
}
