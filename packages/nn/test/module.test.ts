import { grad, leavesOf, valueAndGrad } from '@chronograd/autograd';
import { memory, Parameter, Random, type Tensor, tensor, ValueError, zeros } from '@chronograd/tensor';
import { expect, test } from 'vitest';
import {
  Embedding,
  GRUCell,
  LayerNorm,
  Linear,
  LSTMCell,
  Module,
  Recurrent,
  RNNCell,
  SGD,
} from '../src/index.ts';
import { relativeError } from './differences.ts';

const layer = (inputs: number, outputs: number, bias = false) =>
  new Linear(inputs, outputs, { random: new Random(1), bias });

/** Parameters as fields, in arrays, in nested arrays and in modules, and other fields. */
class Mixed extends Module {
  readonly scale: Parameter = new Parameter(tensor([2]));
  readonly layers: readonly Linear[] = [layer(2, 3), layer(3, 4, true)];
  readonly grid: readonly (readonly Parameter[])[] = [
    [new Parameter(zeros([1]))],
    [new Parameter(zeros([5]))],
  ];
  readonly recurrent: Recurrent<RNNCell> = new Recurrent(new RNNCell(4, 2, { random: new Random(2) }));
  readonly constant: Tensor = zeros([7]);
  readonly names: readonly string[] = ['none'];
  readonly nothing: null = null;
  readonly options: object = { constant: zeros([7]) };
}

test('Parameters are named by their path through fields and arrays; what is no parameter or module has no name', () => {
  const model = new Mixed();
  expect(model.namedParameters().map(([name, { shape }]) => [name, ...shape])).toEqual([
    ['scale', 1],
    ['layers.0.weight', 3, 2],
    ['layers.1.weight', 4, 3],
    ['layers.1.bias', 4],
    ['grid.0.0', 1],
    ['grid.1.0', 5],
    ['recurrent.cell.weightIh', 2, 4],
    ['recurrent.cell.weightHh', 2, 2],
    ['recurrent.cell.biasIh', 2],
    ['recurrent.cell.biasHh', 2],
  ]);
  expect(model.parameterCount).toBe(1 + 6 + 12 + 4 + 1 + 5 + 8 + 4 + 2 + 2);
  expect(model.parameters()).toEqual(model.namedParameters().map(([, parameter]) => parameter));
  expect(model.namedModules().map(([name]) => name)).toEqual([
    '',
    'layers.0',
    'layers.1',
    'recurrent',
    'recurrent.cell',
  ]);
});

test('Parameters in a field where nothing would name and train them throw an error with the name of the field', () => {
  const one = () => new Parameter(zeros([1]));
  for (const field of [
    [layer(1, 1), 'tanh', layer(1, 1)],
    [one(), [one(), null]],
    { first: layer(1, 1) },
    new Map([['first', one()]]),
    new Set([layer(1, 1)]),
  ]) {
    class Hiding extends Module {
      readonly seen: Parameter = one();
      readonly parts: unknown = field;
    }
    for (const asked of ['namedParameters', 'namedModules', 'freeze'] as const) {
      expect(() => new Hiding()[asked]()).toThrow(ValueError);
      expect(() => new Hiding()[asked]()).toThrow(
        'Hiding: expected a parameter, a module, or an array of only these in the field parts, got parameters or modules where they would not be trained;',
      );
    }
  }
});

test("Gradients carry the parameters' names and shapes", () => {
  const model = new Mixed();
  const { grads } = valueAndGrad(model, () => model.scale.sum())();
  expect(leavesOf('test', grads).map(({ path, leaf }) => [path, leaf.shape])).toEqual(
    model.namedParameters().map(([name, { shape }]) => [name, shape]),
  );
  expect(grads.scale.toArray()).toEqual([1]);
  expect(grads.layers[1]!.weight.toTypedArray().every((g) => g === 0)).toBe(true);
});

/** An autoencoder whose decoder uses the encoder's matrix. */
class Tied extends Module {
  readonly embedding: Embedding;
  readonly decoder: Module & { readonly weight: Parameter };

  constructor() {
    super();
    this.embedding = new Embedding(3, 2, { random: new Random(3), dtype: 'float64' });
    this.decoder = new (class extends Module {
      readonly weight: Parameter;
      constructor(weight: Parameter) {
        super();
        this.weight = weight;
      }
    })(this.embedding.weight);
  }

  loss(first: Tensor, second: Tensor): Tensor {
    const indices = tensor([0, 2], { dtype: 'int32' });
    return first.gather(indices).matmul(second.transpose()).tanh().sum();
  }
}

test('A tied parameter counts once, under its first name', () => {
  const model = new Tied();
  expect(model.namedParameters().map(([name]) => name)).toEqual(['embedding.weight']);
  expect(model.parameterCount).toBe(6);
});

test('A tied parameter gets the sum of the gradients of its places, as one tensor in the tree of gradients', () => {
  const model = new Tied();
  const { embedding, decoder } = model;
  const { grads } = valueAndGrad(model, () => model.loss(embedding.weight, decoder.weight))();
  const apart = [new Parameter(embedding.weight), new Parameter(embedding.weight)] as const;
  const [first, second] = valueAndGrad(apart, () => model.loss(...apart))().grads;
  const wanted = first.add(second).toTypedArray();
  expect(relativeError(grads.embedding.weight.toTypedArray(), wanted)).toBeLessThanOrEqual(1e-15);
  expect(grads.decoder.weight).toBe(grads.embedding.weight);
});

test('A tied parameter is updated once', () => {
  const model = new Tied();
  const { weight } = model.embedding;
  const before = weight.toTypedArray();
  const { grads } = valueAndGrad(model, () => model.loss(weight, weight))();
  new SGD(model, { lr: 0.5 }).update(grads);
  const g = grads.embedding.weight.toTypedArray();
  expect([...weight.toTypedArray()]).toEqual([...before].map((p, i) => p - 0.5 * g[i]!));
});

test('Frozen parameters get no gradient and no update; unfrozen they train again', () => {
  const model = new Mixed();
  const optimizer = new SGD(model, { lr: 1 });
  const loss = valueAndGrad(model, () =>
    model.parameters().reduce((sum, parameter) => sum.add(parameter.square().sum()), tensor(0)),
  );
  model.scale.frozen = true;
  model.layers[0]!.freeze();
  model.recurrent.freeze();
  model.grid[0]![0]!.frozen = true;
  const { grads } = loss();
  const names = leavesOf('test', grads).map(({ path }) => path);
  expect(names).toEqual(['layers.1.weight', 'layers.1.bias', 'grid.1.0']);

  const before = model.parameters().map((parameter) => String(parameter));
  optimizer.update(grads);
  const moved = model.namedParameters().filter(([, parameter], i) => String(parameter) !== before[i]);
  expect(moved.map(([name]) => name)).toEqual(['layers.1.weight', 'layers.1.bias']);
  expect(model.namedParameters().length).toBe(10);

  model.unfreeze();
  expect(leavesOf('test', loss().grads).length).toBe(10);
  optimizer.update(loss().grads);
  expect(model.scale.item()).toBe(-2);
});

test('Training and evaluation mode reach every module inside', () => {
  const model = new Mixed();
  const modes = () => model.namedModules().map(([, { training }]) => training);
  expect(modes()).toEqual([true, true, true, true, true]);
  expect(model.evaluate()).toBe(model);
  expect(modes()).toEqual([false, false, false, false, false]);
  model.recurrent.train();
  expect(modes()).toEqual([false, false, false, true, true]);
  expect(model.train()).toBe(model);
  expect(modes()).toEqual([true, true, true, true, true]);
});

test('Disposing of a module gives all of its memory back, and any later use of it throws', () => {
  const before = memory().persistent;
  {
    using model = new Mixed();
    expect(memory().persistent.tensors - before.tensors).toBe(10);
    expect(model.scale.item()).toBe(2);
  }
  expect(memory().persistent).toEqual(before);
  const model = new Mixed();
  model[Symbol.dispose]();
  expect(() => model.layers[0]!.forward(zeros([1, 2]))).toThrow(
    /Parameter was used after it had been disposed/,
  );
});

test('a module that contains itself is rejected by name, without an endless loop', () => {
  class Loop extends Module {
    inner: { up: Module }[] | Module | null = null;
  }
  const [outer, inner] = [new Loop(), new Loop()];
  outer.inner = inner;
  inner.inner = outer;
  expect(() => outer.parameters()).toThrow(
    /Loop: expected a tree, got a Loop at inner.inner that holds itself; keep references to outer modules/,
  );
});

const options = { random: new Random(1) };
const shipped = [
  ['weight', () => new Linear(2, 2, options)],
  ['weight', () => new Embedding(2, 2, options)],
  ['bias', () => new LayerNorm(2)],
  ['weightHh', () => new RNNCell(2, 2, options)],
  ['biasIh', () => new LSTMCell(2, 2, options)],
  ['weightIh', () => new GRUCell(2, 2, options)],
] as const;

test.each(shipped)(
  'a plain tensor in the place of a parameter throws an error, from the start: %s',
  (field, make) => {
    const module: Module = make();
    Object.assign(module, { [field]: zeros([2, 2]) });
    const message = `${module.constructor.name}: expected a Parameter in the field ${field}, as before, got a plain tensor`;
    expect(() => grad(module, () => zeros([]))()).toThrow(ValueError);
    expect(() => grad(module, () => zeros([]))()).toThrow(message);
    expect(() => new SGD(module, { lr: 0.1 })).toThrow(message);
    expect(() => module.freeze()).toThrow(message);
    Object.assign(module, { [field]: new Parameter(zeros([2, 2])) });
    grad(module, () => zeros([]))();
  },
);

test('in a module of one’s own, it throws an error once the parameter has been seen; constants may stay what they are', () => {
  class Scaled extends Module {
    readonly scale: Tensor = new Parameter(tensor([2]));
    readonly shift: Tensor = tensor([1]);
  }
  const module = new Scaled();
  grad(module, () => module.scale.sum())();
  Object.assign(module, { scale: tensor([3]) });
  expect(() => grad(module, () => module.scale.sum())()).toThrow(
    'Scaled: expected a Parameter in the field scale',
  );
  Object.assign(module, { scale: null });
  expect(grad(module, () => zeros([]))()).toEqual({});
});

test('in an array, it throws an error as in a field, also where the array is another one', () => {
  class Stacked extends Module {
    levels: Tensor[][] = [[new Parameter(tensor([2])), new Parameter(tensor([1]))]];
  }
  const module = new Stacked();
  const step = grad(module, () => module.levels[0]![1]!.sum());
  step();
  module.levels = [[tensor([2]), tensor([1])]];
  expect(() => step()).toThrow('Stacked: expected a Parameter in the field levels.0.0');
  module.levels = [];
  expect(grad(module, () => zeros([]))()).toEqual({});
});

test.each([
  ['a Map', new Map([['a', layer(2, 2)]])],
  ['a Set', new Set([layer(2, 2)])],
  ['a plain object', { a: layer(2, 2) }],
  ['an array beside other things', [layer(2, 2), 3]],
])('parameters in %s are refused where gradients are taken, as they are where they are named', (_, field) => {
  class Hiding extends Module {
    readonly weight: Parameter = new Parameter(zeros([1]));
    readonly parts: unknown = field;
  }
  const module = new Hiding();
  const message = 'in the field parts, got parameters or modules where they would not be trained';
  expect(() => module.parameters()).toThrow(message);
  expect(() => grad(module, () => module.weight.sum())()).toThrow(message);
  expect(() => grad({ module }, () => module.weight.sum())()).toThrow(message);
});

test('A parameter in a field named __proto__ is trained as any other', () => {
  class Odd extends Module {
    readonly ['__proto__']: Parameter = new Parameter(tensor([1, 2]));
  }
  const model = new Odd();
  const [[name, parameter]] = model.namedParameters() as [[string, Parameter]];
  const { grads } = valueAndGrad(model, () => parameter.square().sum())();
  expect([name, Object.keys(grads)]).toEqual(['__proto__', ['__proto__']]);
  new SGD(model, { lr: 0.25 }).update(grads);
  expect(parameter.toArray()).toEqual([0.5, 1]);
  expect(Object.getPrototypeOf(model)).toBe(Odd.prototype);
});

test('train(false) is evaluation mode, as in PyTorch; anything but a boolean throws an error', () => {
  const layer = new Linear(1, 1, { random: new Random(1) });
  expect(layer.train(false).training).toBe(false);
  expect(layer.train().training).toBe(true);
  expect(() => layer.train(0 as unknown as boolean)).toThrow('train: expected true or false for mode, got 0');
});
