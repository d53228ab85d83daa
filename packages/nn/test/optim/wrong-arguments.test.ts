import { grad } from '@chronograd/autograd';
import { ChronogradError, Parameter, ShapeError, type Tensor, tensor, ValueError } from '@chronograd/tensor';
import { expect, test } from 'vitest';
import {
  Adam,
  clipByGlobalNorm,
  globalNorm,
  linearWarmup,
  Module,
  oneCycle,
  RMSprop,
  SGD,
} from '../../src/index.ts';
import { exportedOptimizers, gradientsOf, Pair } from './models.ts';

const ten = Array.from({ length: 10 }, (_, i) => i + 1);

test('Gradients that differ in dtype or shape alone, or are no tree, are refused, and nothing is updated', () => {
  const model = new Pair('float32');
  const before = model.values;
  const good = gradientsOf(ten, 'float32');
  for (const Made of exportedOptimizers) {
    const optimizer = new Made(model, { lr: 0.1 });
    for (const bad of [
      gradientsOf(ten, 'float64'),
      { ...good, vector: good.vector.cast('float64') },
      { ...good, vector: good.vector.unsqueeze(0) },
      { ...good, extra: good.vector.neg() },
    ])
      expect(() => optimizer.update(bad)).toThrow(ShapeError);
    for (const bad of [null, undefined, 3, 'grads', true, { ...good, vector: null }])
      expect(() => optimizer.update(bad as never)).toThrow(ChronogradError);
  }
  expect(model.values).toEqual(before);
});

test('All that valueAndGrad returned is no gradient, but a model may have parts of those names', () => {
  class Named extends Module {
    readonly value: Parameter = new Parameter(tensor([1]));
    readonly grads: Parameter = new Parameter(tensor([2]));
    readonly aux: Parameter = new Parameter(tensor([3]));
  }
  const model = new Named();
  const [sgd, g] = [new SGD(model, { lr: 1 }), tensor([0.5])];
  sgd.update({ value: g, grads: g, aux: g });
  expect(model.parameters().map((x) => x.item())).toEqual([0.5, 1.5, 2.5]);
  for (const part of [
    { aux: g },
    { value: g },
    { grads: g, aux: g },
    { value: g, aux: g },
    { value: g, grads: g },
  ])
    expect(() => sgd.update(part)).toThrow('update: gradients do not fit the model');
  expect(() => sgd.update({ value: 1, grads: { value: g }, aux: null })).toThrow('pass its grads');
});

test('A part that has been replaced by anything else is reported', () => {
  class Outer extends Module {
    part: unknown = new Pair('float32');
  }
  for (const other of [null, undefined, 3, 'part', {}, [], new Pair('float32')]) {
    const model = new Outer();
    const grads = { part: gradientsOf(ten, 'float32') };
    const sgd = new SGD(model, { lr: 0.1 });
    model.part = other;
    expect(() => sgd.update(grads)).toThrow('matrix of the model is another one now');
  }
});

test('Settings that are undefined have their defaults, and groups hold settings alone', () => {
  const model = new Pair('float32');
  const options = { lr: undefined, eps: undefined, betas: undefined, schedule: null } as never;
  const [adam, plain] = [new Adam(model, options), new Adam(model)];
  expect(adam.lr).toBe(plain.lr);
  expect(adam.schedule).toBe(null);
  const group = { parameters: model.vector, frozen: true, eps: undefined } as never;
  const [made] = new Adam(model, { groups: [group] }).groups;
  expect(made!.settings).toEqual({
    ...{ lr: plain.lr, betas: [0.9, 0.999], eps: 1e-8, weightDecay: 0, amsgrad: false },
  });
});

test('Models, groups and settings of another kind are refused', () => {
  const model = new Pair('float32');
  for (const other of [null, undefined, {}, 3])
    expect(() => new SGD(other as never, { lr: 1 })).toThrow('SGD: expected a model, got ');
  const group = { parameters: { vector: model.vector } } as never;
  expect(() => new SGD(model, { lr: 1, groups: [group] })).toThrow(
    'expected { parameters } with a parameter',
  );
  for (const betas of [[0.9], [0.9, 0.99, 0.999], 'ab', { length: 2 }])
    expect(() => new Adam(model, { betas: betas as never })).toThrow('expected two numbers');
});

test('A state lacks nothing but learning rates, and its numbers are finite', () => {
  const model = new Pair('float32');
  for (const [optimizer, names] of [
    [new RMSprop(model), ['square.matrix', 'square.vector']],
    [
      new RMSprop(model, { momentum: 0.5, centered: true }),
      ['matrix', 'vector'].flatMap((name) => [`square.${name}`, `mean.${name}`, `momentum.${name}`]),
    ],
  ] as const) {
    const state = optimizer.state();
    const counts = ['lr', 'steps', 'steps.matrix', 'steps.vector'];
    expect(Object.keys(state).sort()).toEqual([...counts, ...names].sort());
    for (const name of Object.keys(state)) {
      const { [name]: _, ...rest } = state;
      const load = expect(() => optimizer.loadState(rest));
      if (name === 'lr') load.not.toThrow();
      else load.toThrow(`missing ${name}`);
    }
    for (const lr of [Infinity, Number.NaN, -1])
      expect(() => optimizer.loadState({ ...state, lr: tensor(lr, { dtype: 'float64' }) })).toThrow(
        ValueError,
      );
  }
});

test('Norms of zeros are 0, and limits are positive numbers', () => {
  const grads = gradientsOf(
    ten.map(() => 0),
    'float32',
  );
  for (const normType of [1, 2, 3, Infinity]) {
    expect(globalNorm(grads, { normType })).toBe(0);
    expect(clipByGlobalNorm(grads, 1, { normType })).toEqual({ grads, norm: 0 });
  }
  for (const [limit, got] of [
    ['5', '"5"'],
    [[5], 'an array'],
    [0, '0'],
    [Number.NaN, 'NaN'],
  ] as const)
    expect(() => clipByGlobalNorm(grads, limit as never)).toThrow(
      `clipByGlobalNorm: expected a positive number for maxNorm, got ${got}`,
    );
});

test('In an open scope, where gradients are in the arena, an update leaves them as they are', () => {
  const model = new Pair('float64');
  const adam = new Adam(model, { lr: 0.1 });
  const loss = (): Tensor => model.matrix.square().sum().add(model.vector.square().sum());
  const inner = grad(model, loss);
  const doubled = grad((x: Tensor) => {
    const before = x.mul(2);
    const expected = before.toArray();
    adam.update(inner());
    expect(before.toArray()).toEqual(expected);
    return before.sum();
  });
  doubled(tensor(ten, { dtype: 'float64' }));
});

test('A schedule after the warm-up starts at its own first step', () => {
  const schedule = linearWarmup(4, { from: 0.5, after: (step) => 0.25 - step / 100 });
  expect([3, 4, 5].map(schedule)).toEqual([0.5 + 0.5 * 0.75, 0.25, 0.24]);
});

test('A rise of one step is at its peak from the first step on', () => {
  expect(oneCycle(10, { pctStart: 0.1 })(0)).toBe(1);
});
