/** Runs of small models in shards, and workers in this process. */
import { type Dtype, Random, type Tensor, tensor } from '@chronograd/tensor';
import {
  Adam,
  crossEntropy,
  Dropout,
  Linear,
  LSTMCell,
  Module,
  Recurrent,
  RNNCell,
} from '../../src/index.ts';
import type { MakeReplica, Workers } from '../../src/parallel/index.ts';
import { serve } from '../../src/parallel/serve.ts';
import { type CarryFitOptions, type Fit, fit } from '../../src/training/index.ts';

export const CLASSES = 5;
export const BATCH = 12;
export const T = 6;

export class Model extends Module {
  readonly recurrent: Recurrent<RNNCell> | Recurrent<LSTMCell>;
  readonly dropout: Dropout;
  readonly decoder: Linear;

  constructor(cell: 'rnn' | 'lstm', p = 0.2, dtype: 'float32' | 'float64' = 'float32') {
    super();
    const random = new Random(1);
    this.recurrent = new Recurrent(
      cell === 'rnn'
        ? new RNNCell(CLASSES, 4, { random, dtype })
        : (new LSTMCell(CLASSES, 4, { random, dtype }) as never),
    );
    this.dropout = new Dropout(p, { random });
    this.decoder = new Linear(4, CLASSES, { random, dtype });
  }

  logits(x: Tensor, before: unknown): { logits: Tensor; state: unknown } {
    const { outputs, state } = this.recurrent.forward(x, before as never);
    return { logits: this.decoder.forward(this.dropout.forward(outputs)), state };
  }
}

export const indices = (random: Random, shape: readonly [number, number], dtype: Dtype = 'int32'): Tensor =>
  tensor(
    Int32Array.from({ length: shape[0] * shape[1] }, () => random.integer(CLASSES)),
    { shape, dtype },
  );

/** Seeded batches `[x, y]`. */
export function batchesOf(count: number, batch = BATCH): [Tensor, Tensor][] {
  const random = new Random(3);
  return Array.from({ length: count }, () => [indices(random, [T, batch]), indices(random, [T, batch])]);
}

/** A replica of a small model. */
export function replica(cell: 'rnn' | 'lstm' = 'lstm') {
  const model = new Model(cell);
  const loss = (x: Tensor, y: Tensor, before: unknown) => {
    const { logits, state } = model.logits(x, before);
    return { value: crossEntropy(logits, y), aux: state };
  };
  return { model, loss };
}

type More = Partial<CarryFitOptions<[Tensor, Tensor], unknown>>;

/** A run with a carried state, which is reset every 10 batches. */
export function runOf(cell: 'rnn' | 'lstm', more: More = {}): { model: Model; run: Fit<unknown> } {
  const { model, loss } = replica(cell);
  const optimizer = new Adam(model, { lr: 0.02 });
  const run = fit({
    model,
    optimizer,
    loss,
    initialState: () => model.recurrent.initialState(BATCH) as unknown,
    batches: batchesOf(10),
    epochs: 100,
    steps: 50,
    clip: { norm: 1 },
    check: false,
    ...more,
  });
  return { model, run };
}

/** Workers in this process. Their messages are copied as by `postMessage`. */
export function localWorkers<Data>(
  make: MakeReplica<Data>,
  options: { count: number; shared?: boolean; data?: Data },
): Workers & { readonly closed: number[] } {
  const closed: number[] = [];
  const { count, shared = false, data } = options;
  // A copy would have no shared memory: structuredClone refuses it.
  const copy = (message: unknown): unknown => (shared ? message : structuredClone(message));
  return {
    count,
    data,
    shared,
    closed,
    start: (rank) => {
      const toRun: ((message: unknown) => void)[] = [];
      const toWorker: ((message: unknown) => void)[] = [];
      const deliver = (to: ((message: unknown) => void)[]) => (message: unknown) => {
        const copied = copy(message);
        queueMicrotask(() => {
          for (const each of to) each(copied);
        });
      };
      serve(
        { post: deliver(toRun), listen: (receive) => void toWorker.push(receive) },
        make as MakeReplica<never>,
      );
      return {
        post: deliver(toWorker),
        listen: (receive) => void toRun.push(receive),
        close: () => void closed.push(rank),
      };
    },
  };
}
