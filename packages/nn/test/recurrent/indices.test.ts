import { concat, normal, oneHot, Parameter, Random, type Tensor, tensor } from '@chronograd/tensor';
import { describe, expect, test } from 'vitest';
import {
  type AnyCell,
  Cell,
  Embedding,
  GRUCell,
  LSTM,
  LSTMCell,
  ProjectedCell,
  Recurrent,
  type RecurrentOptions,
  type Step,
  stateDict,
  variationalDropout,
  zoneout,
} from '../../src/index.ts';
import { stepJacobians } from '../../src/probe/index.ts';
import { relativeError } from '../differences.ts';
import { gradientError, measure } from './problems.ts';

const [V, B, H] = [5, 3, 2];
const dtype = 'float64';
const numbers = (x: Tensor): number[] => [...x.toTypedArray()];

/** Reads numbers alone, by its own product, with a projection. */
class ProductCell extends ProjectedCell<Tensor> {
  readonly ofInput: Parameter;
  readonly ofState: Parameter;
  constructor(inputs: number, random: Random) {
    super();
    this.ofInput = new Parameter(normal([inputs, H], { random, dtype }));
    this.ofState = new Parameter(normal([H, H], { random, dtype }));
  }
  initialState(batch: number): Tensor {
    return this.zeroState(batch, H);
  }
  project(x: Tensor): Tensor {
    return x.matmul(this.ofInput);
  }
  advance(projected: Tensor, h: Tensor): Step<Tensor> {
    const next = projected.add(h.matmul(this.ofState)).tanh();
    return { output: next, state: next };
  }
}

/** Reads numbers alone, without a projection. */
class JoiningCell extends Cell<Tensor> {
  readonly weight: Parameter;
  constructor(inputs: number, random: Random) {
    super();
    this.weight = new Parameter(normal([inputs + H, H], { random, dtype }));
  }
  initialState(batch: number): Tensor {
    return this.zeroState(batch, H);
  }
  step(x: Tensor, h: Tensor): Step<Tensor> {
    const next = concat([x, h], 1).matmul(this.weight).tanh();
    return { output: next, state: next };
  }
}

const gru = (inputs: number, random: Random) => new GRUCell(inputs, H, { random, dtype });
const CELLS: Readonly<Record<string, (inputs: number, random: Random) => AnyCell>> = {
  GRUCell: gru,
  'a cell with a projection': (inputs, random) => new ProductCell(inputs, random),
  'a cell without': (inputs, random) => new JoiningCell(inputs, random),
  'zoneout around a GRUCell': (inputs, random) =>
    zoneout(gru(inputs, random), 0.3, { random: new Random(3) }),
  'variational dropout around a GRUCell': (inputs, random) =>
    variationalDropout(gru(inputs, random), { input: 0.3, state: 0.3, random: new Random(3) }),
};

const indicesOf = (T: number): Tensor => {
  const random = new Random(4);
  const values = Int32Array.from({ length: T * B }, () => random.integer(V));
  return tensor(values, { shape: [T, B] });
};
/** Indices that are not valid at padded steps. */
const spoiled = (x: Tensor, lengths: readonly number[]): Tensor => {
  const values = Int32Array.from(x.toTypedArray(), (value, i) =>
    Math.floor(i / B) < lengths[i % B]! ? value : -7,
  );
  return tensor(values, { shape: x.shape });
};

describe.each(Object.entries(CELLS))('Classes for %s', (_, make) => {
  // More classes than steps, or fewer.
  test.each([1, 4])('equal one-hot vectors over %d steps, both directions, with padding and without', (T) => {
    const x = indicesOf(T);
    for (const lengths of [null, [T, 1, T - 1]]) {
      const padding = lengths === null ? {} : { lengths };
      const run = (options: RecurrentOptions, inputs: Tensor) => {
        const random = new Random(1);
        const recurrent = new Recurrent([[make(V, random), make(V, random)], gru(2 * H, random)], options);
        return measure({ recurrent }, () => recurrent.forward(inputs, undefined, padding));
      };
      const wanted = run({}, oneHot(x, V, dtype));
      const got = run({ classes: V }, lengths === null ? x : spoiled(x, lengths));
      expect(relativeError(numbers(got.outputs), numbers(wanted.outputs))).toBeLessThanOrEqual(1e-13);
      expect(gradientError(got.grads, wanted.grads)).toBeLessThanOrEqual(1e-12);
    }
  });
});

test('An embedding is looked up before the first layer: the results are those of looking up first', () => {
  const [T, E, lengths] = [4, 3, [4, 1, 2]];
  const x = indicesOf(T);
  const parts = () => {
    const random = new Random(1);
    return { embedding: new Embedding(V, E, { random, dtype }), cell: new JoiningCell(E, random) };
  };
  const [own, first] = [parts(), parts()];
  const recurrent = new Recurrent(own.cell, { embedding: own.embedding });
  const apart = new Recurrent(first.cell);
  for (const padding of [{}, { lengths }]) {
    const inputs = 'lengths' in padding ? spoiled(x, lengths) : x;
    const got = measure({ recurrent }, () => recurrent.forward(inputs, undefined, padding));
    const wanted = measure({ recurrent: apart, embedding: first.embedding }, () =>
      apart.forward(first.embedding.forward(x), undefined, padding),
    );
    expect(numbers(got.outputs)).toEqual(numbers(wanted.outputs));
    const gradient = [got.grads.get('recurrent.embedding.weight'), wanted.grads.get('embedding.weight')];
    expect(relativeError(numbers(gradient[0]!), numbers(gradient[1]!))).toBeLessThanOrEqual(1e-14);
  }
  expect([...stateDict(recurrent).keys()]).toEqual(['weight_l0', 'embedding.weight']);
  expect(stepJacobians(recurrent, x).shape).toEqual([T, B, H, H]);
  const random = new Random(1);
  const lstm = new LSTM(E, H, { random, embedding: new Embedding(V, E, { random }), layers: 2 });
  expect(lstm.forward(x).outputs.shape).toEqual([T, B, H]);
});

test('Wrong inputs and options are errors with a cure', () => {
  const random = new Random(1);
  const [x, cell] = [indicesOf(2), new JoiningCell(V, random)];
  const embedding = new Embedding(V, 2, { random });
  const refused = (options: RecurrentOptions, inputs = x) =>
    expect(() => new Recurrent(cell, options).forward(inputs));
  const hint = 'pass { classes: V } or { embedding } to Recurrent';
  refused({}).toThrow(hint);
  expect(() => new Recurrent(new ProductCell(V, random)).forward(x)).toThrow(hint);
  refused({ inputs: 'numbers' }).toThrow("got int32 [2, 3]; pass inputs: 'indices' for indices");
  refused({ classes: V }, oneHot(x, V)).toThrow('Recurrent: expected int32 indices [T, B], got float32');
  refused({ classes: V, batchFirst: true }, x.unsqueeze(0)).toThrow(
    'expected int32 indices [B, T], got [1, 2',
  );
  refused({ classes: V - 1 }, x.mul(0).add(V - 1)).toThrow('expected indices from 0 to 3, got 4');
  refused({ inputs: 'words' as 'indices' }).toThrow("'numbers' or 'indices' for inputs");
  refused({ classes: 0 }).toThrow('a whole number from 1 on for classes');
  refused({ classes: V, embedding }).toThrow('expected classes or embedding, got both');
  refused({ embedding, inputs: 'numbers' }).toThrow("expected inputs: 'indices' beside embedding");
  refused({ embedding: new LSTMCell(1, 1, { random }) as never }).toThrow(
    'expected an Embedding for embedding',
  );
});
