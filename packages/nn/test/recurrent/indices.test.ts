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
        const layers = [[make(V, random), make(V, random)] as const, make(2 * H, random), gru(H, random)];
        const recurrent = new Recurrent(layers, options);
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

test('Without classes a cell of your own receives the indices, with a projection and without', () => {
  const random = new Random(1);
  const embedding = new Embedding(V, V, { random, dtype });
  class Reading extends JoiningCell {
    override step(x: Tensor, h: Tensor): Step<Tensor> {
      return super.step(embedding.forward(x), h);
    }
  }
  class Projecting extends ProductCell {
    override project(x: Tensor): Tensor {
      return super.project(embedding.forward(x));
    }
  }
  const x = indicesOf(4);
  for (const [own, bare] of [
    [new Reading(V, new Random(2)), new JoiningCell(V, new Random(2))],
    [new Projecting(V, new Random(2)), new ProductCell(V, new Random(2))],
  ] as const) {
    const wanted = new Recurrent<AnyCell>(bare).forward(embedding.forward(x)).outputs;
    for (const inputs of [{}, { inputs: 'indices' }] as const)
      expect(numbers(new Recurrent<AnyCell>(own, inputs).forward(x).outputs)).toEqual(numbers(wanted));
    expect(() =>
      new Recurrent<AnyCell>(bare, { inputs: 'numbers' }).forward(embedding.forward(x)),
    ).not.toThrow();
  }
});

test('Each class is projected at most once, and cells that select columns receive indices', () => {
  const seen: string[] = [];
  const spy = <C extends ProjectedCell<Tensor>>(cell: C): C => {
    const project = cell.project.bind(cell);
    return Object.assign(cell, {
      project: (x: Tensor) => {
        seen.push(`${x.dtype} ${x.shape}`);
        return project(x);
      },
    });
  };
  const options = { random: new Random(1), dtype } as const;
  const run = (cell: AnyCell, T: number, classes = V) => {
    seen.length = 0;
    new Recurrent(cell, { classes }).forward(indicesOf(T));
    return seen;
  };
  const random = new Random(1);
  expect(run(spy(new ProductCell(V, random)), 4)).toEqual([`${dtype} ${V},${V}`]);
  expect(run(spy(new ProductCell(6, random)), 2, 6)).toEqual([`${dtype} 6,6`]);
  expect(run(spy(new ProductCell(V, random)), 1)).toEqual([`${dtype} 1,${B},${V}`]);
  const cell = () => spy(new GRUCell(V, H, options));
  for (const given of [
    cell(),
    zoneout(cell(), 0.1, { random }),
    variationalDropout(cell(), { state: 0.1, random }),
  ])
    expect(run(given, 4)).toEqual([`int32 4,${B}`]);
  expect(run(variationalDropout(cell(), { input: 0.1, random }), 4)).toEqual([`${dtype} 4,${B},${V}`]);
});

test('One-hot vectors have the dtype of the state, and float32 without a float state', () => {
  class Stateless extends Cell<unknown> {
    readonly start: unknown;
    constructor(start: unknown) {
      super();
      this.start = start;
    }
    initialState(): unknown {
      return this.start;
    }
    step(x: Tensor, state: unknown): Step<unknown> {
      return { output: x, state };
    }
  }
  const dtypeFor = (start: unknown) =>
    new Recurrent(new Stateless(start), { classes: V }).forward(indicesOf(1)).outputs.dtype;
  expect(dtypeFor([])).toBe('float32');
  expect(dtypeFor([indicesOf(1), 3])).toBe('float32');
  expect(dtypeFor({ h: tensor([1]) })).toBe('float32');
  expect(dtypeFor({ n: indicesOf(1), h: tensor([1], { dtype }) })).toBe(dtype);
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
  // The hint is for cells that read numbers, and for no other error.
  class Failing extends JoiningCell {
    override step(): never {
      throw new RangeError('its own');
    }
  }
  expect(() => new Recurrent(new Failing(V, random)).forward(x)).toThrow(/^its own$/);
  refused({}, oneHot(x, V + 1, dtype)).not.toThrow(hint);
  expect(() => new Recurrent(cell, { classes: V - 1 }).forward(x)).not.toThrow(hint);
  expect(() => new Recurrent(cell, { inputs: 'indices' }).forward(x)).not.toThrow(hint);
  refused({ classes: V, inputs: 'numbers' }).toThrow("expected inputs: 'indices' beside classes, got");
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
