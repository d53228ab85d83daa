/** Planned training equals training, bit for bit. Changes of a model between steps are noticed. */
import { hvp, valueAndGrad } from '@chronograd/autograd';
import {
  normal,
  ones,
  Parameter,
  PlanError,
  plan,
  Random,
  scope,
  type Tensor,
  tensor,
} from '@chronograd/tensor';
import { expect, test } from 'vitest';
import {
  Adagrad,
  clipByValue,
  crossEntropy,
  Dropout,
  detectAnomaly,
  functionalCall,
  Linear,
  LSTMCell,
  Module,
  mse,
  Recurrent,
} from '../src/index.ts';

class Model extends Module {
  readonly recurrent: Recurrent<LSTMCell>;
  readonly dropout: Dropout;
  readonly decoder: Linear;
  constructor(random: Random) {
    super();
    this.recurrent = new Recurrent(new LSTMCell(5, 4, { random }));
    this.dropout = new Dropout(0.3, { random });
    this.decoder = new Linear(4, 5, { random });
  }
}

/** Trains a model for some steps, planned or not, and gives every loss and every weight. */
function trained(planned: boolean, steps: number, verify = 0): number[] {
  const random = new Random(3);
  const data = new Random(4);
  const model = new Model(random);
  const optimizer = new Adagrad(model, { lr: 0.1 });
  const eager = valueAndGrad(model, (x: Tensor, y: Tensor, state: { h: Tensor; c: Tensor }) => {
    const { outputs, state: aux } = model.recurrent.forward(x, state);
    return { value: crossEntropy(model.decoder.forward(model.dropout.forward(outputs)), y), aux };
  });
  const step = planned ? plan(eager, { verify }) : eager;
  const window = (): Tensor =>
    tensor(
      Array.from({ length: 6 }, () => [data.integer(5), data.integer(5)]),
      { dtype: 'int32' },
    );
  let state = model.recurrent.initialState(2);
  const losses: number[] = [];
  for (let i = 0; i < steps; i++) {
    if (i === 8) model.evaluate();
    if (i === 12) model.train();
    if (i === 16) model.decoder.freeze();
    if (i === 20) model.decoder.unfreeze();
    const { loss, aux } = scope(() => {
      const { value, grads, aux } = step(window(), window(), state);
      optimizer.update(clipByValue(grads, 0.05));
      return { loss: value.item(), aux };
    });
    state = aux;
    losses.push(loss);
  }
  return [...losses, ...model.parameters().flatMap((each) => [...each.toTypedArray()])];
}

test('a planned training step gives the same losses and weights, bit for bit, through dropout, evaluation and freezing', () => {
  expect(trained(true, 24)).toEqual(trained(false, 24));
});

test('a step that is verified at every replay gives the same bits, dropout included', () => {
  expect(trained(true, 24, 24)).toEqual(trained(false, 24));
});

test('a parameter that is put in the place of another is noticed', () => {
  class Scale extends Module {
    factor = new Parameter(tensor([2]));
  }
  const model = new Scale();
  const step = plan(valueAndGrad(model, (x: Tensor) => x.mul(model.factor).sum()));
  const x = tensor([3]);
  expect(step(x).value.item()).toBe(6);
  model.factor = new Parameter(tensor([5]));
  expect(step(x).value.item()).toBe(15);
});

test('second derivatives can be planned', () => {
  const f = (x: Tensor): Tensor => x.tanh().mul(x).sum();
  const product = (x: Tensor, v: Tensor): Tensor => hvp(f, x, v).product;
  const planned = plan(product);
  const random = new Random(1);
  for (let i = 0; i < 3; i++) {
    const [x, v] = [normal([4], { random, dtype: 'float64' }), normal([4], { random, dtype: 'float64' })];
    expect(planned(x, v).toArray()).toEqual(product(x, v).toArray());
  }
});

test('a planned function can be differentiated: it runs as itself then', () => {
  const planned = plan((x: Tensor) => x.square().sum());
  planned(ones([2]));
  expect(valueAndGrad(planned)(tensor([3, 4])).grads.toArray()).toEqual([6, 8]);
});

test('while anomalies are looked for, the function itself runs, so that they are found by name', () => {
  const model = new Linear(2, 1, { random: new Random(1) });
  const step = plan(
    valueAndGrad(model, (x: Tensor) => mse(model.forward(x).square().neg().log(), ones([1, 1]))),
  );
  const x = tensor([[1, 1]]);
  step(x);
  expect(() => detectAnomaly(model, () => step(x))).toThrow(/log made NaN/);
});

test('an update inside of a plan throws an error', () => {
  const model = new Linear(2, 1, { random: new Random(1) });
  const optimizer = new Adagrad(model);
  const lossAndGrads = valueAndGrad(model, (x: Tensor) => model.forward(x).sum());
  const before = model.weight.toArray();
  expect(() => plan((x: Tensor) => optimizer.update(lossAndGrads(x).grads))(ones([1, 2]))).toThrow(PlanError);
  expect(model.weight.toArray()).toEqual(before);
});

test("another source of dropout's masks is noticed, as where a run goes on from a saved state", () => {
  const dropout = new Dropout(0.5, { random: new Random(1) });
  const planned = plan((x: Tensor) => dropout.forward(x));
  const masks = [0, 1].map(() => {
    dropout.random = new Random(9);
    return planned(ones([16])).toArray();
  });
  expect(masks[1]).toEqual(masks[0]);
});

test('what changes in arrays, empty places and plain trees is noticed', () => {
  class Layers extends Module {
    readonly layers = [new Parameter(tensor([2]))];
    extra: Parameter | null = null;
  }
  const model = new Layers();
  const product = (x: Tensor): Tensor =>
    [...model.layers, ...(model.extra === null ? [] : [model.extra])]
      .reduce((y: Tensor, w) => y.mul(w), x)
      .sum();
  const step = plan(valueAndGrad(model, product));
  const values = [
    () => {},
    () => model.layers.push(new Parameter(tensor([3]))),
    () => {
      model.layers[0] = new Parameter(tensor([5]));
    },
    () => {
      model.extra = new Parameter(tensor([7]));
    },
  ].map((change) => {
    change();
    return step(tensor([1])).value.item();
  });
  expect(values).toEqual([2, 6, 15, 105]);

  const tree = { w: new Parameter(tensor([2])) };
  const square = plan(valueAndGrad(tree, (x: Tensor) => tree.w.square().mul(x).sum()));
  square(tensor([1]));
  tree.w = new Parameter(tensor([5]));
  const { value, grads } = square(tensor([1]));
  expect([value.item(), grads.w.toArray()]).toEqual([25, [10]]);
});

test('within functionalCall a planned function sees the replaced tensors', () => {
  const model = new Linear(1, 1, { random: new Random(1), bias: false });
  const planned = plan((x: Tensor) => model.forward(x));
  planned(ones([1, 1]));
  const inside = functionalCall(model, { weight: tensor([[42]]) }, () => planned(ones([1, 1])));
  expect(inside.toArray()).toEqual([[42]]);
});
