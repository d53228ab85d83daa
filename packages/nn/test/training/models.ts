import { Random, type Tensor, tensor } from '@chronograd/tensor';
import {
  Adagrad,
  Adam,
  AdamW,
  crossEntropy,
  Dropout,
  exponentialDecay,
  Linear,
  LSTMCell,
  Module,
  type Optimizer,
  Recurrent,
  RMSprop,
  SGD,
} from '../../src/index.ts';
import type { FitEvent, FitSnapshot } from '../../src/training/index.ts';

export const CLASSES = 5;

/** A small character model with dropout. */
export class CharModel extends Module {
  readonly recurrent: Recurrent<LSTMCell>;
  readonly dropout: Dropout;
  readonly decoder: Linear;

  constructor(seed = 1, p = 0.2) {
    super();
    const random = new Random(seed);
    this.recurrent = new Recurrent(new LSTMCell(CLASSES, 4, { random }));
    this.dropout = new Dropout(p, { random });
    this.decoder = new Linear(4, CLASSES, { random });
  }

  loss(x: Tensor, y: Tensor, before: State): { value: Tensor; aux: State } {
    const { outputs, state } = this.recurrent.forward(x, before);
    return { value: crossEntropy(this.decoder.forward(this.dropout.forward(outputs)), y), aux: state };
  }
}
export type State = { readonly h: Tensor; readonly c: Tensor };

/** Seeded text: mostly each character's successor. */
export function text(length: number, seed = 2): Int32Array {
  const random = new Random(seed);
  let last = 0;
  return Int32Array.from({ length }, () => {
    last = random.uniform() < 0.8 ? (last + 1) % CLASSES : random.integer(CLASSES);
    return last;
  });
}

/** Windows of seeded text as batches. */
export const windows = (count: number, seed = 3, steps = 4, batch = 2): [Tensor, Tensor][] =>
  Array.from({ length: count }, (_, i) => {
    const shape = [steps, batch];
    const part = (add: number): Tensor => tensor(text(steps * batch, seed + 2 * i + add), { shape });
    return [part(0), part(1)];
  });

const schedule = exponentialDecay(0.99);
/** Every optimizer with some state. */
export const optimizers: readonly (readonly [string, (model: Module) => Optimizer])[] = [
  ['SGD', (model) => new SGD(model, { lr: 0.1, momentum: 0.9, schedule })],
  ['Adagrad', (model) => new Adagrad(model, { lr: 0.1, lrDecay: 0.01 })],
  ['RMSprop', (model) => new RMSprop(model, { lr: 0.01, centered: true, momentum: 0.5 })],
  ['Adam', (model) => new Adam(model, { lr: 0.02, amsgrad: true, schedule })],
  ['AdamW', (model) => new AdamW(model, { lr: 0.02 })],
];

export const valuesOf = (model: Module): number[] =>
  model.parameters().flatMap((parameter) => [...parameter.toTypedArray()]);

/** A snapshot as text, every bit of it: the state, and each tensor by name. */
export const bitsOf = ({ state, tensors }: FitSnapshot): Readonly<Record<string, string>> => {
  const entries = [...tensors].map(([name, { shape, data }]): [string, string] => {
    const bytes = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
    return [name, `${shape.join('×')} ${bytes.toString('base64')}`];
  });
  return { ...Object.fromEntries(entries), state: JSON.stringify(state) };
};

/** All events of a run. */
export async function eventsOf(run: AsyncIterable<FitEvent>): Promise<FitEvent[]> {
  const events: FitEvent[] = [];
  for await (const event of run) events.push(event);
  return events;
}
