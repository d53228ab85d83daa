import { grad, gradcheck, hvp, valueAndGrad } from '@chronograd/autograd';
import {
  normal,
  Parameter,
  Random,
  ScopeError,
  ShapeError,
  type Tensor,
  tensor,
  ValueError,
  zeros,
} from '@chronograd/tensor';
import { expect, test } from 'vitest';
import { Embedding, functionalCall, Linear, Module, mse, Recurrent, RNNCell } from '../src/index.ts';
import { relativeError } from './differences.ts';

const dtype = 'float64';

class Model extends Module {
  readonly recurrent: Recurrent<RNNCell>;
  readonly layers: readonly Linear[];
  constructor(random: Random) {
    super();
    this.recurrent = new Recurrent(new RNNCell(2, 3, { random, dtype, biases: 1 }));
    this.layers = [new Linear(3, 2, { random, dtype }), new Linear(2, 1, { random, dtype })];
  }
  forward(x: Tensor): Tensor {
    return this.layers.reduce((h, layer) => layer.forward(h).tanh(), this.recurrent.forward(x).outputs);
  }
}

const random = new Random(1);
const [x, y] = [normal([4, 5, 2], { random, dtype }), normal([4, 5, 1], { random, dtype })];
const made = () => new Model(new Random(2));
const fieldsOf = (model: Model) =>
  model.namedParameters().map(([name, parameter]) => [name, parameter] as const);
const numbers = (tensors: readonly Tensor[]): number[] => tensors.flatMap((each) => [...each.toTypedArray()]);

/** Other weights by name, in a flat object. */
const others = (model: Model, seed: number): Record<string, Tensor> =>
  Object.fromEntries(
    fieldsOf(model).map(([name, { shape }]) => [name, normal(shape, { random: new Random(seed), dtype })]),
  );

test('The forward is that of a model with those parameters, and so are the gradients; the model is as before', () => {
  const [model, twin] = [made(), made()];
  const weights = others(model, 7);
  const before = fieldsOf(model);
  for (const [name, parameter] of fieldsOf(twin)) parameter.assign(weights[name]!);
  const wanted = valueAndGrad(twin, () => mse(twin.forward(x), y))();
  const lossOf = (at: Record<string, Tensor>) => functionalCall(model, at, () => mse(model.forward(x), y));
  const { value, grads } = valueAndGrad(lossOf)(weights);
  expect(value.item()).toBe(wanted.value.item());
  const { recurrent, layers } = wanted.grads;
  expect(grads['recurrent.cell.weightHh']!.toArray()).toEqual(recurrent.cell.weightHh.toArray());
  expect(grads['recurrent.cell.biasIh']!.toArray()).toEqual(recurrent.cell.biasIh!.toArray());
  expect(grads['layers.0.weight']!.toArray()).toEqual(layers[0]!.weight.toArray());
  expect(grads['layers.1.bias']!.toArray()).toEqual(layers[1]!.bias!.toArray());
  const after = fieldsOf(model);
  expect(after.every(([name, parameter], i) => name === before[i]![0] && parameter === before[i]![1])).toBe(
    true,
  );
});

test('Trees and flat names say the same; what is not named stays, and gets no gradient from the call', () => {
  const model = made();
  const weight = normal([1, 2], { random: new Random(3), dtype });
  const run = (parameters: object) => functionalCall(model, parameters, () => model.forward(x));
  const flat = run({ 'layers.1.weight': weight }).toArray();
  expect(run({ layers: { 1: { weight } } }).toArray()).toEqual(flat);
  expect(run({ layers: [{}, { weight }] }).toArray()).toEqual(flat);
  expect(run({}).toArray()).toEqual(model.forward(x).toArray());
  expect(run(model.parameterTree()).toArray()).toEqual(model.forward(x).toArray());
  expect(run({ layers: [{}, { weight }] }).toArray()).not.toEqual(model.forward(x).toArray());
  const { grads } = valueAndGrad({ weight, own: model.layers[1]!.weight }, () =>
    run({ 'layers.1.weight': weight }).sum(),
  )();
  expect(numbers([grads.own])).toEqual([0, 0]);
  expect(numbers([grads.weight])).not.toEqual([0, 0]);
});

test('Gradients of single examples add up to that of their sum', () => {
  const model = made();
  const tree = model.parameterTree();
  const of = (b: number) =>
    grad((weights: object) =>
      functionalCall(model, weights, () =>
        mse(model.forward(x.slice(null, [b, b + 1])), y.slice(null, [b, b + 1])),
      ),
    );
  const names = Object.keys(others(model, 0));
  const flat = (tree: unknown): number[] =>
    names.flatMap((name) =>
      numbers([name.split('.').reduce((at, key) => (at as Record<string, unknown>)[key], tree) as Tensor]),
    );
  const single = [0, 1, 2, 3, 4].map((b) => flat(of(b)(tree)));
  const whole = flat(valueAndGrad(model, () => mse(model.forward(x), y))().grads);
  const mean = whole.map((_, i) => single.reduce((sum, each) => sum + each[i]!, 0) / 5);
  expect(relativeError(mean, whole)).toBeLessThanOrEqual(1e-13);
});

test('It can be differentiated twice: Hessians, and a loss after a step of descent, equal differences', () => {
  const model = made();
  const weights = {
    weight: others(model, 4)['layers.0.weight']!,
    hidden: others(model, 4)['recurrent.cell.weightHh']!,
  };
  const lossOf = ({ weight, hidden }: typeof weights) =>
    functionalCall(model, { 'layers.0.weight': weight, 'recurrent.cell.weightHh': hidden }, () =>
      mse(model.forward(x), y),
    );
  gradcheck(lossOf, [weights], { order: 2 });
  const direction = { weight: normal([2, 3], { random, dtype }), hidden: normal([3, 3], { random, dtype }) };
  const by = 1e-4;
  const moved = (sign: number) => {
    const at = (name: 'weight' | 'hidden') => weights[name].add(direction[name].mul(sign * by));
    return grad(lossOf)({ weight: at('weight'), hidden: at('hidden') });
  };
  const [ahead, behind] = [moved(1), moved(-1)];
  const slopes = (['weight', 'hidden'] as const).map((name) => ahead[name].sub(behind[name]).div(2 * by));
  const { product } = hvp(lossOf, weights, direction);
  expect(relativeError(numbers([product.weight, product.hidden]), numbers(slopes))).toBeLessThanOrEqual(1e-6);
  const adapted = (at: typeof weights) => {
    const step = grad(lossOf)(at);
    return lossOf({
      weight: at.weight.sub(step.weight.mul(0.5)),
      hidden: at.hidden.sub(step.hidden.mul(0.5)),
    });
  };
  gradcheck(adapted, [weights]);
});

test('Tied parameters are replaced in all places, under any of their names', () => {
  class Tied extends Module {
    readonly embedding: Embedding = new Embedding(3, 2, { random: new Random(1), dtype });
    readonly again: readonly Parameter[] = [this.embedding.weight];
  }
  const model = new Tied();
  const weight = normal([3, 2], { random, dtype });
  const run = () => [model.embedding.weight, model.again[0]];
  for (const name of ['embedding.weight', 'again.0'])
    expect(functionalCall(model, { [name]: weight }, run)).toEqual([weight, weight]);
  expect(functionalCall(model, { 'embedding.weight': weight, 'again.0': weight }, run)).toEqual([
    weight,
    weight,
  ]);
  expect(() => functionalCall(model, { 'embedding.weight': weight, 'again.0': weight.mul(2) }, run)).toThrow(
    'functionalCall: expected one tensor for tied parameters, got another one for again.0',
  );
  expect(run()).toEqual([model.embedding.weight, model.embedding.weight]);
  expect(model.embedding.weight).toBeInstanceOf(Parameter);
});

test('After a throw, a promise, and calls within calls, every parameter is back in its place', () => {
  const model = made();
  const before = fieldsOf(model).map(([, parameter]) => parameter);
  const restored = () => {
    const now = model.parameters();
    return now.length === before.length && now.every((parameter, i) => parameter === before[i]);
  };
  const weights = others(model, 5);
  const thrown = () =>
    functionalCall(model, weights, () => {
      throw new RangeError('inside');
    });
  expect(thrown).toThrow(RangeError);
  expect(restored()).toBe(true);
  expect(() => functionalCall(model, weights, async () => model.forward(x))).toThrow(ScopeError);
  expect(restored()).toBe(true);
  const nested = functionalCall(model, weights, () => {
    const inner = functionalCall(model, { 'layers.1.bias': zeros([1], { dtype }) }, () =>
      model.layers[1]!.bias!.item(),
    );
    return [inner, model.layers[1]!.bias === weights['layers.1.bias']];
  });
  expect(nested).toEqual([0, true]);
  expect(restored()).toBe(true);
});

test('Names that are no parameters, other shapes and dtypes throw one error together, and nothing is replaced', () => {
  const model = made();
  const run = (parameters: object) => () =>
    functionalCall(model, parameters, () => expect.fail('not to be run'));
  const wrong = { layers: [{ weight: zeros([2, 2]) }, { wieght: zeros([1, 2]) }] };
  expect(run(wrong)).toThrow(ShapeError);
  expect(run(wrong)).toThrow(
    'functionalCall: the tensors do not fit the model: missing none; unexpected layers.1.wieght; of another shape or dtype layers.0.weight (float32 [2, 2] for float64 [2, 3]); its parameters are recurrent.cell.weightIh, recurrent.cell.weightHh',
  );
  expect(run({ layers: [{ weight: 3 }] })).toThrow(ValueError);
  expect(run({ layers: [{ weight: 3 }] })).toThrow(
    'functionalCall: expected a tensor, a module, or arrays or objects of them, got a number at layers.0.weight',
  );
  expect(run([tensor([1])])).toThrow('unexpected 0');
});

test('A checkpointed loop in the call runs again with the same parameters: the gradients are those without, of calls in calls and second order too', () => {
  const cell = new RNNCell(2, 3, { random: new Random(3), dtype });
  const gradients = [false, true, 3].map((checkpoint) => {
    const recurrent = new Recurrent(cell, { checkpoint });
    const loss = () => recurrent.forward(x).outputs.square().sum();
    const twice = () => functionalCall(cell, { weightHh: cell.weightHh.mul(2) }, loss);
    const nested = () =>
      functionalCall(cell, { weightIh: cell.weightIh.exp(), weightHh: cell.weightHh.tanh() }, twice);
    const slope = () => {
      const g = grad((weightHh: Tensor) => functionalCall(cell, { weightHh }, loss))(cell.weightHh.mul(1));
      return g.square().sum();
    };
    return [twice, nested, slope].map((fn) => {
      const g = grad(cell, fn)();
      return numbers([g.weightHh, g.weightIh, g.biasIh!]);
    });
  });
  for (const kept of gradients.slice(1)) {
    kept.forEach((each, i) => {
      expect(Math.abs(each[0]!)).toBeGreaterThan(1e-3);
      expect(relativeError(each, gradients[0]![i]!)).toBeLessThanOrEqual(1e-12);
    });
  }
  expect(cell.weightHh).toBeInstanceOf(Parameter);
});

test('Gradients of a model inside a functionalCall that replaces some of its parameters are rejected', () => {
  const model = made();
  const loss = () => mse(model.forward(x), y);
  const [first] = model.layers as [Linear];
  const inside = (weights: object, body: () => unknown) => () => functionalCall(model, weights, body);
  const replaced = { layers: [{ weight: zeros([2, 3], { dtype }) }] };
  const message = 'Linear: expected its own parameters, but a functionalCall has replaced weight;';
  expect(inside(replaced, () => grad(model, loss)())).toThrow(ValueError);
  expect(inside(replaced, () => grad(model, loss)())).toThrow(message);
  expect(inside(replaced, () => grad(first, loss)())).toThrow(message);
  expect(inside(replaced, () => model.parameters())).toThrow(message);
  // A part that was left alone, and modes.
  inside(replaced, () => grad(model.recurrent, loss)())();
  inside(replaced, () => model.evaluate())();
  grad(model, loss)();
});

test('Parameters in an array that a functionalCall replaces are named by their place', () => {
  class Listed extends Module {
    readonly weights: readonly Parameter[] = [new Parameter(zeros([1])), new Parameter(zeros([1]))];
  }
  const model = new Listed();
  expect(() =>
    functionalCall(model, { weights: { 1: zeros([1]) } }, () => grad(model, () => zeros([]))()),
  ).toThrow('a functionalCall has replaced weights.1;');
});

test('Tensors in a Map, or in a tree that contains itself, are rejected', () => {
  const loop: Record<string, unknown> = {};
  loop.layers = [loop];
  for (const [weights, message] of [
    [new Map([['layers.0.weight', zeros([2, 3], { dtype })]]), 'got a Map'],
    [{ layers: new Map() }, 'got a Map at layers'],
    [loop, 'got an object at layers.0 that holds itself'],
  ] as const) {
    expect(() => functionalCall(made(), weights, () => 0)).toThrow(ValueError);
    expect(() => functionalCall(made(), weights, () => 0)).toThrow(message);
  }
});
