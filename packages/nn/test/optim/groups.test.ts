import { valueAndGrad } from '@chronograd/autograd';
import { Parameter, Random, tensor, zeros } from '@chronograd/tensor';
import { expect, test } from 'vitest';
import { Adam, Embedding, Linear, Module, RMSprop, SGD } from '../../src/index.ts';
import { fiftySteps, gradientsOf, Pair } from './models.ts';

const twoPairs = () => [new Pair('float64'), new Pair('float64')] as const;

test('A group has its own settings, and what it does not name is as for all; the others are not touched by it', () => {
  const [model, twin] = twoPairs();
  const options = { lr: 0.1, eps: 1e-3, weightDecay: 0.2 };
  const own = { lr: 0.01, weightDecay: 0, betas: [0.5, 0.6] } as const;
  const grouped = new Adam(model, { ...options, groups: [{ parameters: [model.vector], ...own }] });
  const wholly = [new Adam(twin, options), new Adam(twin, { ...options, ...own })] as const;
  expect(grouped.groups.map(({ names, lr }) => [names, lr])).toEqual([[['vector'], 0.01]]);
  for (const g of fiftySteps()) {
    const gradients = gradientsOf(g, 'float64');
    grouped.update(gradients);
    // Each twin optimizer moves one of the two, while the other is frozen.
    twin.vector.frozen = true;
    wholly[0].update(gradients);
    [twin.vector.frozen, twin.matrix.frozen] = [false, true];
    wholly[1].update(gradients);
    twin.unfreeze();
  }
  expect(model.values).toEqual(twin.values);
});

test('Rates may change: a group without its own follows the optimizer, one with its own does not', () => {
  const [model] = twoPairs();
  const optimizer = new SGD(model, {
    lr: 0,
    groups: [
      { parameters: model.matrix, momentum: 0.5 },
      { parameters: model.vector, lr: 0 },
    ],
  });
  const [own, following] = [optimizer.groups[1]!, optimizer.groups[0]!];
  const moved = () => {
    const before = [model.matrix, model.vector].map((each) => each.toArray());
    optimizer.update(gradientsOf(new Array<number>(10).fill(1), 'float64'));
    return [model.matrix, model.vector].map((each, i) => `${each.toArray()}` !== `${before[i]}`);
  };
  expect(moved()).toEqual([false, false]);
  optimizer.lr = 0.1;
  expect(moved()).toEqual([true, false]);
  own.lr = 0.1;
  expect(moved()).toEqual([true, true]);
  following.lr = 0;
  expect(moved()).toEqual([false, true]);
  own.lr = -1;
  expect(moved).toThrow('SGD: expected a finite number from 0 on for lr, got -1');
});

test('A frozen group is not updated, with or without a gradient, until it is unfrozen', () => {
  const [model] = twoPairs();
  const optimizer = new RMSprop(model, { groups: [{ parameters: model.vector, frozen: true }] });
  const { matrix, vector } = gradientsOf(fiftySteps()[0]!, 'float64');
  const [m, v] = [model.matrix.toArray(), model.vector.toArray()];
  optimizer.update({ matrix });
  optimizer.update({ matrix, vector });
  expect(model.matrix.toArray()).not.toEqual(m);
  expect(model.vector.toArray()).toEqual(v);
  optimizer.groups[0]!.frozen = false;
  expect(() => optimizer.update({ matrix })).toThrow('missing vector');
  optimizer.update({ matrix, vector });
  expect(model.vector.toArray()).not.toEqual(v);
});

test('Groups of other parameters, of the same ones twice, or of none throw an error with their number', () => {
  const [model, other] = twoPairs();
  const made =
    (...groups: (object | null)[]) =>
    () =>
      new Adam(model, { groups: groups as { parameters: Pair }[] });
  expect(made({ parameters: model.matrix }, { parameters: other })).toThrow(
    'Adam: group 1: expected parameters of the model, got a parameter [2, 3] that is not in it',
  );
  expect(made({ parameters: model.matrix }, { parameters: model })).toThrow(
    'Adam: group 1: expected parameters of no other group, got matrix a second time',
  );
  expect(made({ parameters: [] })).toThrow('Adam: group 0: expected parameters of the model, got none');
  expect(made({ lr: 0.1 })).toThrow(
    'Adam: group 0: expected { parameters } with a parameter, a module, or an array of them, got undefined',
  );
  expect(made(null)).toThrow(
    'Adam: group 0: expected { parameters } with a parameter, a module, or an array of them, got undefined',
  );
  expect(made({ parameters: model.vector, eps: -1 })).toThrow(
    'Adam: expected a number above 0 for eps, got -1',
  );
  expect(made({ parameters: model.vector, lr: -1 })).toThrow(
    'Adam: expected a finite number from 0 on for lr, got -1',
  );
  expect(made({ parameters: [model.vector, model.vector] })).not.toThrow();
  expect(() => new Adam(model, { groups: { parameters: model } as unknown as [] })).toThrow(
    'Adam: expected an array for groups, got an object: [{ parameters:',
  );
});

test('Weights that are tied are updated once, in one group, by the sum of their gradients; frozen ones never', () => {
  class Tied extends Module {
    readonly embedding: Embedding = new Embedding(5, 3, { random: new Random(1), dtype: 'float64' });
    readonly decoder: Linear = new Linear(3, 5, { random: new Random(2), dtype: 'float64' });
    readonly fixed: Parameter = new Parameter(zeros([5], { dtype: 'float64' }));
    readonly again: Parameter = this.embedding.weight;
  }
  const model = new Tied();
  model.fixed.frozen = true;
  const ids = tensor([0, 4, 4], { dtype: 'int32' });
  const step = valueAndGrad(model, () => {
    const h = model.embedding.forward(ids);
    return model.decoder.forward(h).add(model.fixed).add(h.matmul(model.again.transpose())).square().sum();
  });
  const { grads } = step();
  const before = model.again.toTypedArray();
  const g = grads.again.toTypedArray();
  const optimizer = new SGD(model, {
    lr: 0.1,
    momentum: 0.9,
    groups: [{ parameters: model.embedding, lr: 0.2 }],
  });
  optimizer.update(grads);
  expect([...model.embedding.weight.toTypedArray()]).toEqual([...before].map((p, i) => p - 0.2 * g[i]!));
  expect(Object.keys(optimizer.state())).toContain('momentum.embedding.weight');
  expect(Object.keys(optimizer.state())).not.toContain('momentum.again');
  expect(model.fixed.toArray()).toEqual([0, 0, 0, 0, 0]);
});
