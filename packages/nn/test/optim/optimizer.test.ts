import { valueAndGrad } from '@chronograd/autograd';
import {
  memory,
  ones,
  type Parameter,
  Random,
  ShapeError,
  type Tensor,
  tensor,
  trimMemory,
  ValueError,
  VersionError,
  zeros,
} from '@chronograd/tensor';
import { expect, test } from 'vitest';
import {
  Adagrad,
  Adam,
  AdamW,
  functionalCall,
  Linear,
  Module,
  Optimizer,
  type OptimizerOptions,
  type OptimizerStep,
  type Rate,
  RMSprop,
  SGD,
} from '../../src/index.ts';
import { fiftySteps, gradientsOf, Pair } from './models.ts';

const linearOf = (seed: number): Linear => new Linear(2, 1, { random: new Random(seed) });

const optimizers = [
  ['SGD', (model: Pair) => new SGD(model, { lr: 0.1 })],
  ['SGD with momentum', (model: Pair) => new SGD(model, { lr: 0.1, momentum: 0.9 })],
  ['Adagrad', (model: Pair) => new Adagrad(model, { lr: 0.1 })],
  ['RMSprop', (model: Pair) => new RMSprop(model, { centered: true, momentum: 0.9 })],
  ['Adam', (model: Pair) => new Adam(model, { weightDecay: 0.1 })],
  ['AdamW', (model: Pair) => new AdamW(model)],
] as const;

test.each(optimizers)(
  '%s: gradients that do not fit throw an error with all names at once, and nothing is updated',
  (_, make) => {
    const model = new Pair('float32');
    const before = model.values;
    const optimizer = make(model);
    const { matrix, vector } = gradientsOf(fiftySteps()[0]!, 'float32');
    const refused = (grads: object) => {
      expect(() => optimizer.update(grads)).toThrow(ShapeError);
      expect(model.values).toEqual(before);
      return expect(() => optimizer.update(grads));
    };
    refused({}).toThrow('missing matrix, vector; unexpected none; of another shape or dtype none');
    refused({ matrix, vector, other: { deep: zeros([1]) }, more: zeros([2]) }).toThrow(
      'missing none; unexpected other.deep, more; of another shape or dtype none',
    );
    refused({ matrix, vektor: vector }).toThrow('missing vector; unexpected vektor;');
    refused({ matrix, vector: zeros([5]) }).toThrow('vector (float32 [5] for float32 [4])');
    refused({ matrix: matrix.cast('float64'), vector: zeros([1]) }).toThrow(
      'of another shape or dtype matrix (float64 [2, 3] for float32 [2, 3]), vector (float32 [1] for float32 [4]); pass the grads that valueAndGrad(model, …) returned',
    );
  },
);

test.each(optimizers)('%s: frozen parameters are passed by, with or without a gradient', (_, make) => {
  const model = new Pair('float32');
  const optimizer = make(model);
  const { matrix, vector } = gradientsOf(fiftySteps()[0]!, 'float32');
  model.vector.frozen = true;
  const [m, v] = [model.matrix.toArray(), model.vector.toArray()];
  optimizer.update({ matrix });
  optimizer.update({ matrix, vector });
  expect(model.vector.toArray()).toEqual(v);
  expect(model.matrix.toArray()).not.toEqual(m);
  model.unfreeze();
  expect(() => optimizer.update({ matrix })).toThrow('missing vector');
  optimizer.update({ matrix, vector });
  expect(model.vector.toArray()).not.toEqual(v);
});

test.each(optimizers)(
  '%s: an update inside of the differentiated function throws an error, and the parameter keeps its value',
  (_, make) => {
    const model = new Pair('float32');
    const before = model.values;
    const optimizer = make(model);
    const grads = gradientsOf(fiftySteps()[0]!, 'float32');
    const step = valueAndGrad(model, () => {
      const value = model.matrix.square().sum().add(model.vector.square().sum());
      optimizer.update(grads);
      return value;
    });
    const state = JSON.stringify(optimizer.state());
    expect(step).toThrow(VersionError);
    expect(model.values).toEqual(before);
    expect(JSON.stringify(optimizer.state())).toBe(state);
  },
);

test('Where a tape has saved but one of the parameters, an update moves neither, nor what is kept of them', () => {
  for (const [, make] of optimizers) {
    const model = new Pair('float32');
    const before = model.values;
    const optimizer = make(model);
    const state = JSON.stringify(optimizer.state());
    const step = valueAndGrad({ vector: model.vector }, () => {
      const value = model.vector.square().sum();
      optimizer.update(gradientsOf(fiftySteps()[0]!, 'float32'));
      return value;
    });
    expect(step).toThrow(VersionError);
    expect([model.values, JSON.stringify(optimizer.state())]).toEqual([before, state]);
  }
});

test('An optimizer of one’s own is a class with `apply`', () => {
  class SignDescent extends Optimizer {
    constructor(model: Module, options: OptimizerOptions<Rate> = {}) {
      super(model, options, { defaults: { lr: 0.01 } });
    }
    protected override apply(
      parameter: Parameter,
      gradient: Tensor,
      { settings }: OptimizerStep<Rate>,
    ): void {
      parameter.assign(parameter.sub(gradient.sign().mul(settings.lr)));
    }
  }
  const model = new Pair('float64');
  const before = model.values;
  const g = fiftySteps()[0]!;
  const optimizer = new SignDescent(model);
  optimizer.update(gradientsOf(g, 'float64'));
  expect(model.values).toEqual(before.map((p, i) => p - 0.01 * Math.sign(g[i]!)));
  expect(Object.keys(optimizer.state())).toEqual(['lr', 'steps', 'steps.matrix', 'steps.vector']);
});

test.each(optimizers)('%s: gradients may be views of any strides', (_, make) => {
  const [model, other] = [new Pair('float32'), new Pair('float32')];
  const { matrix, vector } = gradientsOf(fiftySteps()[0]!, 'float32');
  const turned = tensor(matrix.transpose().toArray()).transpose();
  make(model).update({ matrix, vector });
  make(other).update({ matrix: turned, vector: vector.flip().reshape([4]).flip() });
  expect(other.values).toEqual(model.values);
});

test('A learning rate that is negative, NaN or infinite throws an error with the name of the optimizer', () => {
  const model = new Pair('float32');
  for (const lr of [-0.1, Number.NaN, Number.POSITIVE_INFINITY]) {
    expect(() => new SGD(model, { lr })).toThrow(ValueError);
    expect(() => new SGD(model, { lr })).toThrow(`SGD: expected a finite number from 0 on for lr, got ${lr}`);
    expect(() => new Adagrad(model, { lr })).toThrow(
      `Adagrad: expected a finite number from 0 on for lr, got ${lr}`,
    );
    const optimizer = new SGD(model, { lr: 0.1 });
    const before = model.values;
    optimizer.lr = lr;
    expect(() => optimizer.update(gradientsOf(fiftySteps()[0]!, 'float32'))).toThrow(
      `SGD: expected a finite number from 0 on for lr, got ${lr}`,
    );
    expect(model.values).toEqual(before);
  }
});

test('A model without parameters is rejected, since parameters in private fields would not be trained', () => {
  class Hidden extends Module {
    readonly #inner = new Pair('float32');
    get inner(): Pair {
      return this.#inner;
    }
  }
  expect(() => new SGD(new Hidden(), { lr: 0.1 })).toThrow(
    'SGD: expected a model with parameters, got a Hidden without any; parameters must be in its fields, and not in #private ones',
  );
});

test('A part that was replaced after the optimizer was made is named, and nothing is updated', () => {
  class Net extends Module {
    readonly layers: Linear[] = [linearOf(1), linearOf(2)];
    head: Linear = linearOf(3);
  }
  const model = new Net();
  const step = valueAndGrad(model, () => model.head.forward(ones([1, 2])).sum());
  for (const make of [() => new SGD(model, { lr: 0.1 }), () => new Adam(model)]) {
    const optimizer = make();
    optimizer.update(step().grads);
    const { head } = model;
    model.head = linearOf(4);
    const before = model.parameters().map(String);
    expect(() => optimizer.update(step().grads)).toThrow(ValueError);
    expect(() => optimizer.update(step().grads)).toThrow(
      'but head.weight of the model is another one now; make a new',
    );
    expect(model.parameters().map(String)).toEqual(before);
    make().update(step().grads);
    model.head = head;
    model.layers.reverse();
    expect(() => optimizer.update(step().grads)).toThrow('layers.0.weight of the model is another one now');
    model.layers.reverse();
    optimizer.update(step().grads);
  }
});

test('A part that was added after the optimizer was made is named, and nothing is updated', () => {
  class Net extends Module {
    readonly layers: Linear[] = [linearOf(1)];
  }
  const model = new Net();
  const step = valueAndGrad(model, () => ones([2]).sum());
  const optimizer = new SGD(model, { lr: 0.1 });
  model.layers.push(linearOf(2));
  expect(() => optimizer.update(step().grads)).toThrow(
    'update: expected the parameters that this SGD was made for, but the model also has layers.1.weight, layers.1.bias now; make a new SGD',
  );
  model.layers.pop();
  optimizer.update(step().grads);
});

test('Parameters that a functionalCall replaces temporarily are updated too', () => {
  const model = linearOf(1);
  const optimizer = new SGD(model, { lr: 1 });
  const { grads } = valueAndGrad(model, () => model.forward(ones([1, 2])).sum())();
  const before = model.weight.toArray();
  functionalCall(model, { weight: zeros([1, 2]) }, () => optimizer.update(grads));
  expect(model.weight.toArray()).not.toEqual(before);
});

test('update given all that valueAndGrad returned asks for its grads', () => {
  const model = linearOf(1);
  const result = valueAndGrad(model, () => model.forward(ones([1, 2])).sum())();
  const optimizer = new SGD(model, { lr: 0.1 });
  expect(() => optimizer.update(result)).toThrow(/^update: expected the gradients, .*; pass its grads/);
  optimizer.update(result.grads);
});

test('An update reads the gradients of a backward pass where they are, without copying them in', () => {
  const bytes: number[] = [];
  class Reads extends Optimizer {
    protected override apply(_: Parameter, gradient: Tensor): void {
      const before = memory().arena.bytes;
      gradient.sum();
      bytes.push(memory().arena.bytes - before);
    }
  }
  const model = new Pair('float64');
  const optimizer = new Reads(model, {}, { defaults: { lr: 1 } });
  const { grads } = valueAndGrad(model, () => model.matrix.sum().add(model.vector.sum()))();
  optimizer.update(grads);
  trimMemory();
  optimizer.update(grads);
  const result = 16; // a number, in a block of the arena
  expect(bytes).toEqual([result, result, 6 * 8 + result, 4 * 8 + result]);
});
