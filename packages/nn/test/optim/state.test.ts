import { valueAndGrad } from '@chronograd/autograd';
import { memory, plan, ShapeError, tensor, ValueError, zeros } from '@chronograd/tensor';
import { expect, test } from 'vitest';
import {
  Adagrad,
  Adam,
  AdamW,
  exponentialDecay,
  type Module,
  type OptimizerState,
  RMSprop,
  SGD,
} from '../../src/index.ts';
import { exportedOptimizers, fiftySteps, gradientsOf, Pair } from './models.ts';

const schedule = exponentialDecay(0.95);
const optimizers = [
  ['SGD', (model: Module) => new SGD(model, { lr: 0.1, momentum: 0.9, schedule }), ['momentum']],
  ['Adagrad', (model: Module) => new Adagrad(model, { lrDecay: 0.1, schedule }), ['accumulator']],
  [
    'RMSprop',
    (model: Module) => new RMSprop(model, { centered: true, momentum: 0.9, schedule }),
    ['square', 'mean', 'momentum'],
  ],
  ['Adam', (model: Module) => new Adam(model, { schedule }), ['mean', 'square']],
  ['AdamW', (model: Module) => new AdamW(model, { schedule }), ['mean', 'square']],
  [
    'Adam with amsgrad',
    (model: Module) => new Adam(model, { schedule, amsgrad: true }),
    ['mean', 'square', 'maxSquare'],
  ],
] as const;

test('Every exported optimizer is among the cases', () => {
  const tested = optimizers.map(([, make]) => make(new Pair('float32')).constructor);
  expect(exportedOptimizers.filter((each) => !tested.includes(each))).toEqual([]);
});

test.each(optimizers)(
  '%s: an optimizer that loads the state of another continues its training bit for bit',
  (_, make) => {
    const [first, second] = [new Pair('float32'), new Pair('float32')];
    const [stopped, resumed] = [make(first), make(second)];
    const [early, late] = [fiftySteps().slice(0, 20), fiftySteps().slice(20)];
    // One of the two is frozen for a while, so that their updates are counted apart.
    first.vector.frozen = true;
    early.forEach((g, step) => {
      if (step === 7) first.unfreeze();
      stopped.update(gradientsOf(g, 'float32'));
    });
    const state = stopped.state();
    const saved = first
      .parameters()
      .map((parameter) => tensor(parameter.toTypedArray(), { shape: parameter.shape }));
    // What was saved stays as it was while the first goes on.
    for (const g of late) stopped.update(gradientsOf(g, 'float32'));
    resumed.loadState(state);
    second.parameters().forEach((parameter, i) => void parameter.assign(saved[i]!));
    expect([
      resumed.steps,
      resumed.state()['steps.matrix']!.item(),
      resumed.state()['steps.vector']!.item(),
    ]).toEqual([20, 20, 13]);
    for (const g of late) resumed.update(gradientsOf(g, 'float32'));
    expect(second.values).toEqual(first.values);
  },
);

test.each(optimizers)(
  '%s: entries of its state are named by quantity and parameter, with the parameter’s shape and dtype',
  (_, make, kept) => {
    const model = new Pair('float64');
    const state = make(model).state();
    const described = Object.entries(state).map(([name, { shape, dtype }]) => [name, dtype, ...shape]);
    expect(described).toEqual([
      ['lr', 'float64'],
      ['steps', 'int32'],
      ['steps.matrix', 'int32'],
      ...kept.map((what) => [`${what}.matrix`, 'float64', 2, 3]),
      ['steps.vector', 'int32'],
      ...kept.map((what) => [`${what}.vector`, 'float64', 4]),
    ]);
  },
);

test('A state that does not fit throws an error with all names at once, and nothing is loaded', () => {
  const model = new Pair('float32');
  const optimizer = new Adam(model);
  optimizer.update(gradientsOf(fiftySteps()[0]!, 'float32'));
  const state = optimizer.state();
  const { 'mean.matrix': _, ...less } = state;
  const wrong = { ...less, steps: tensor(3), 'mean.vector': zeros([5]), other: zeros([1]) };
  expect(() => optimizer.loadState(wrong)).toThrow(ShapeError);
  expect(() => optimizer.loadState(wrong)).toThrow(
    'Adam: the state does not fit this optimizer: missing mean.matrix; unexpected other; of another shape or dtype steps (float32 [] for int32 []), mean.vector (float32 [5] for float32 [4]); load the state() of an Adam with the same model and settings',
  );
  const negative = { ...state, 'steps.vector': tensor(-1, { dtype: 'int32' }) };
  expect(() => optimizer.loadState(negative)).toThrow(ValueError);
  expect(() => optimizer.loadState(negative)).toThrow(
    'Adam: expected a number from 0 on for steps.vector in the state, got -1',
  );
  expect(JSON.stringify(optimizer.state())).toBe(JSON.stringify(state));
  for (const none of [null, undefined, 3])
    expect(() => optimizer.loadState(none as unknown as OptimizerState)).toThrow(
      /^Adam: expected the result of state\(\) of an Adam for the state, got (null|undefined|a number)/,
    );
  const numbers = { ...state, steps: 3, 'mean.vector': undefined } as unknown as OptimizerState;
  expect(() => optimizer.loadState(numbers)).toThrow(
    'of another shape or dtype steps (a number for int32 []), mean.vector (undefined for float32 [4])',
  );
  const plain = new SGD(model, { lr: 0.1 });
  expect(() => plain.loadState(state)).toThrow(
    'SGD: the state does not fit this optimizer: missing none; unexpected mean.matrix',
  );
});

test('Two hundred updates of any optimizer leave no more in memory than a hundred', () => {
  for (const [, make] of optimizers) {
    const optimizer = make(new Pair('float32'));
    const gradients = fiftySteps().map((g) => gradientsOf(g, 'float32'));
    const kept = () => {
      for (const g of [...gradients, ...gradients]) optimizer.update(g);
      return memory().persistent;
    };
    expect(kept()).toEqual(kept());
  }
});

test('Learning rates that changed are saved and loaded, of groups too; one that follows the optimizer goes on following', () => {
  const made = (model: Pair, lr: number) =>
    new SGD(model, { lr, groups: [{ parameters: model.matrix, lr: 0.5 }, { parameters: model.vector }] });
  const [first, second] = [new Pair('float64'), new Pair('float64')];
  const [stopped, resumed] = [made(first, 0.1), made(second, 0.9)];
  const [own, following] = stopped.groups;
  stopped.lr = 0.025;
  own!.lr = 1 / 3;
  const state = stopped.state();
  expect(Object.keys(state).filter((name) => name.startsWith('lr'))).toEqual(['lr', 'lr.0']);
  const rates = ({ lr, groups }: SGD) => [lr, ...groups.map((group) => group.lr)];
  resumed.loadState(state);
  expect(rates(resumed)).toEqual([0.025, 1 / 3, null]);
  for (const g of fiftySteps()) for (const each of [stopped, resumed]) each.update(gradientsOf(g, 'float64'));
  expect(second.values).toEqual(first.values);
  // The saved value overrides a group's, and a value that is set later overrides the saved one.
  own!.lr = null;
  following!.lr = 0.7;
  resumed.loadState(stopped.state());
  expect(rates(resumed)).toEqual([0.025, null, 0.7]);
  resumed.lr = 0.2;
  expect(rates(resumed)).toEqual([0.2, null, 0.7]);
  // A state without rates leaves them.
  const { lr: _, 'lr.1': __, ...without } = stopped.state();
  resumed.loadState(without);
  expect(rates(resumed)).toEqual([0.2, null, 0.7]);
  for (const [name, wrong, message] of [
    ['lr', tensor(-1, { dtype: 'float64' }), 'expected a number from 0 on for lr in the state, got -1'],
    [
      'lr.0',
      tensor(Number.NaN, { dtype: 'float64' }),
      'expected a number from 0 on for lr.0 in the state, got NaN',
    ],
    ['lr', tensor(1), 'lr (float32 [] for float64 [])'],
    ['lr.2', tensor(1, { dtype: 'float64' }), 'unexpected lr.2'],
  ] as const) {
    expect(() => resumed.loadState({ ...stopped.state(), [name]: wrong })).toThrow(message);
    expect(rates(resumed)).toEqual([0.2, null, 0.7]);
  }
});

test('A learning rate that is set while a planned function trains counts from the next update on, as without the plan', () => {
  const x = tensor([1, -2, 3], { dtype: 'float64' });
  const train = (planned: boolean) => {
    const model = new Pair('float64');
    const optimizer = new Adam(model, { lr: 0.1 });
    const loss = valueAndGrad(model, () =>
      model.matrix.mul(x).square().sum().add(model.vector.square().sum()),
    );
    const step = planned ? plan(loss) : loss;
    const losses = Array.from({ length: 30 }, (_, n) => {
      if (n === 10) optimizer.lr = 0.01;
      if (n === 20) optimizer.lr = 0;
      const { value, grads } = step();
      optimizer.update(grads);
      return value.item();
    });
    return { losses, values: model.values };
  };
  const [plain, replayed] = [train(false), train(true)];
  expect(replayed).toEqual(plain);
  expect(plain.losses[21]).toBe(plain.losses[29]);
  expect(plain.losses[12]).not.toBe(plain.losses[13]);
});
