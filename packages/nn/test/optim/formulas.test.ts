import { tensor, ValueError } from '@chronograd/tensor';
import { expect, test } from 'vitest';
import { Adagrad, Adam, AdamW, type Module, type Optimizer, RMSprop, SGD } from '../../src/index.ts';
import { relativeError } from '../differences.ts';
import { exportedOptimizers, fiftySteps, gradientsOf, Pair } from './models.ts';
import { Plain, plainAdagrad, plainAdam, plainRmsprop, plainSgd } from './plain.ts';

type Any = Optimizer<{ readonly lr: number }, object>;
type Case = readonly [
  name: string,
  make: (model: Module) => Any,
  rule: () => ReturnType<typeof plainSgd>,
  lr: number,
];

const cases: readonly Case[] = [
  ['SGD', (model) => new SGD(model, { lr: 0.1 }), () => plainSgd(0, 0, false, 0), 0.1],
  [
    'SGD with weight decay',
    (model) => new SGD(model, { lr: 0.1, weightDecay: 0.2 }),
    () => plainSgd(0, 0, false, 0.2),
    0.1,
  ],
  [
    'SGD with momentum',
    (model) => new SGD(model, { lr: 0.05, momentum: 0.9 }),
    () => plainSgd(0.9, 0, false, 0),
    0.05,
  ],
  [
    'SGD with momentum, dampening and weight decay',
    (model) => new SGD(model, { lr: 0.05, momentum: 0.8, dampening: 0.3, weightDecay: 0.1 }),
    () => plainSgd(0.8, 0.3, false, 0.1),
    0.05,
  ],
  [
    "SGD with Nesterov's momentum and weight decay",
    (model) => new SGD(model, { lr: 0.05, momentum: 0.9, nesterov: true, weightDecay: 0.1 }),
    () => plainSgd(0.9, 0, true, 0.1),
    0.05,
  ],
  ['Adagrad', (model) => new Adagrad(model), () => plainAdagrad(0, 0, 1e-10, 'outside', 0), 0.01],
  [
    'Adagrad with epsilon inside',
    (model) => new Adagrad(model, { lr: 0.1, eps: 1e-8, epsPlace: 'inside' }),
    () => plainAdagrad(0, 0, 1e-8, 'inside', 0),
    0.1,
  ],
  [
    'Adagrad with decays and a first accumulator',
    (model) =>
      new Adagrad(model, { lr: 0.5, lrDecay: 0.1, weightDecay: 0.2, initialAccumulator: 0.3, eps: 1e-3 }),
    () => plainAdagrad(0.1, 0.2, 1e-3, 'outside', 0.3),
    0.5,
  ],
  ['RMSprop', (model) => new RMSprop(model), () => plainRmsprop(0.99, 1e-8, false, 0, 0), 0.01],
  [
    'RMSprop, centered',
    (model) => new RMSprop(model, { lr: 0.02, alpha: 0.9, centered: true }),
    () => plainRmsprop(0.9, 1e-8, true, 0, 0),
    0.02,
  ],
  [
    'RMSprop with momentum, weight decay and a large epsilon',
    (model) => new RMSprop(model, { lr: 0.02, alpha: 0.95, eps: 0.1, momentum: 0.9, weightDecay: 0.1 }),
    () => plainRmsprop(0.95, 0.1, false, 0.9, 0.1),
    0.02,
  ],
  [
    'RMSprop, centered, with momentum',
    (model) => new RMSprop(model, { centered: true, momentum: 0.5, eps: 1e-4 }),
    () => plainRmsprop(0.99, 1e-4, true, 0.5, 0),
    0.01,
  ],
  ['Adam', (model) => new Adam(model), () => plainAdam(0.9, 0.999, 1e-8, 0, false), 0.001],
  [
    'Adam with weight decay',
    (model) => new Adam(model, { lr: 0.1, betas: [0.8, 0.9], eps: 1e-3, weightDecay: 0.2 }),
    () => plainAdam(0.8, 0.9, 1e-3, 0.2, false),
    0.1,
  ],
  ['AdamW', (model) => new AdamW(model), () => plainAdam(0.9, 0.999, 1e-8, 0.01, true), 0.001],
  [
    'AdamW with much decay',
    (model) => new AdamW(model, { lr: 0.1, betas: [0, 0.5], weightDecay: 0.5 }),
    () => plainAdam(0, 0.5, 1e-8, 0.5, true),
    0.1,
  ],
  [
    'Adam with amsgrad and weight decay',
    (model) => new Adam(model, { lr: 0.1, betas: [0.8, 0.7], eps: 1e-3, weightDecay: 0.2, amsgrad: true }),
    () => plainAdam(0.8, 0.7, 1e-3, 0.2, false, true),
    0.1,
  ],
  [
    'AdamW with amsgrad',
    (model) => new AdamW(model, { lr: 0.01, betas: [0.9, 0.6], amsgrad: true }),
    () => plainAdam(0.9, 0.6, 1e-8, 0.01, true, true),
    0.01,
  ],
];

test('Every exported optimizer is among the cases', () => {
  const tested = cases.map(([, make]) => make(new Pair('float32')).constructor);
  expect(exportedOptimizers.filter((each) => !tested.includes(each))).toEqual([]);
});

test.each(cases)(
  '%s: fifty steps equal plain numbers to 1e-12 in float64, 1e-5 in float32, also where lr changes on the way',
  (_, make, rule, lr) => {
    for (const [dtype, tolerance] of [
      ['float64', 1e-12],
      ['float32', 1e-5],
    ] as const) {
      const model = new Pair(dtype);
      const optimizer = make(model);
      expect(optimizer.lr).toBe(lr);
      const plain = new Plain(model.values, rule);
      fiftySteps().forEach((g, step) => {
        if (step === 25) optimizer.lr = lr / 2;
        optimizer.update(gradientsOf(g, dtype));
        plain.update(g, step < 25 ? lr : lr / 2);
        expect(relativeError(model.values, plain.values)).toBeLessThanOrEqual(tolerance);
      });
    }
  },
);

test.each(cases)(
  '%s: a parameter that was frozen starts and continues with the count of its updates',
  (_, make, rule, lr) => {
    const model = new Pair('float64');
    const optimizer = make(model);
    const matrix = new Plain(model.matrix.toTypedArray(), rule);
    const vector = new Plain(model.vector.toTypedArray(), rule);
    fiftySteps().forEach((g, step) => {
      model.vector.frozen = step < 10 || (step >= 20 && step < 25);
      optimizer.update(gradientsOf(g, 'float64'));
      matrix.update(g.slice(0, 6), lr);
      if (!model.vector.frozen) vector.update(g.slice(6), lr);
    });
    expect(relativeError(model.values, [...matrix.values, ...vector.values])).toBeLessThanOrEqual(1e-12);
  },
);

test.each(cases)(
  '%s: gradients of 0 leave finite parameters; a learning rate of 0 moves nothing',
  (_, make) => {
    const model = new Pair('float32');
    const optimizer = make(model);
    const zeros = gradientsOf(new Array<number>(10).fill(0), 'float32');
    for (let step = 0; step < 3; step++) optimizer.update(zeros);
    expect(model.values.every(Number.isFinite)).toBe(true);
    const before = model.values;
    optimizer.lr = 0;
    optimizer.update(gradientsOf(fiftySteps()[0]!, 'float32'));
    expect(model.values).toEqual(before);
  },
);

test('Centered RMSprop stays finite where all gradients are equal, and rounding takes the variance below 0', () => {
  // The variance goes to 0 as 0.5^t·g², and float32 rounds s − m² to either side of it.
  for (const g of [0.1, 0.3, 0.7, 1.1]) {
    const model = new Pair('float32');
    const optimizer = new RMSprop(model, { alpha: 0.5, centered: true });
    const gradients = gradientsOf(new Array<number>(10).fill(g), 'float32');
    for (let step = 0; step < 60; step++) optimizer.update(gradients);
    expect(model.values.every(Number.isFinite)).toBe(true);
  }
});

test('Invalid settings are rejected by name', () => {
  const model = new Pair('float32');
  const refused = (make: () => Any) => expect(make);
  refused(() => new SGD(model, { lr: 0.1, momentum: -1 })).toThrow(
    'SGD: expected a number from 0 on for momentum, got -1',
  );
  refused(() => new SGD(model, { lr: 0.1, dampening: Number.NaN })).toThrow(
    'SGD: expected a finite number for dampening, got NaN',
  );
  refused(() => new SGD(model, { lr: 0.1, nesterov: true })).toThrow(
    'SGD: expected a momentum above 0 and no dampening with nesterov, got momentum 0 and dampening 0',
  );
  refused(() => new SGD(model, { lr: 0.1, momentum: 0.5, nesterov: true, dampening: 0.1 })).toThrow(
    'and dampening 0.1',
  );
  refused(() => new Adagrad(model, { lrDecay: -1 })).toThrow(
    'Adagrad: expected a number from 0 on for lrDecay, got -1',
  );
  refused(() => new Adagrad(model, { epsPlace: 'in' as 'inside' })).toThrow(
    `Adagrad: expected 'inside' or 'outside' for epsPlace, got "in"`,
  );
  refused(() => new RMSprop(model, { alpha: 1 })).toThrow(
    'RMSprop: expected a number from 0 on, below 1 for alpha, got 1',
  );
  refused(() => new RMSprop(model, { eps: 0 })).toThrow('RMSprop: expected a number above 0 for eps, got 0');
  refused(() => new RMSprop(model, { momentum: Number.POSITIVE_INFINITY })).toThrow(
    'RMSprop: expected a number from 0 on for momentum, got Infinity',
  );
  refused(() => new Adam(model, { betas: [0.9, 1] })).toThrow(
    'Adam: expected a number from 0 on, below 1 for betas, got 1',
  );
  refused(() => new Adam(model, { betas: 0.9 as unknown as [number, number] })).toThrow(
    'Adam: expected two numbers [β₁, β₂] for betas, got 0.9',
  );
  refused(() => new AdamW(model, { weightDecay: -0.1 })).toThrow(
    'AdamW: expected a number from 0 on for weightDecay, got -0.1',
  );
  refused(() => new Adam(model, { amsgrad: 1 as unknown as boolean })).toThrow(
    'Adam: expected true or false for amsgrad, got 1',
  );
  refused(() => new AdamW(model, { eps: '1' as unknown as number })).toThrow(
    'AdamW: expected a number above 0 for eps, got "1"',
  );
});

test.each(exportedOptimizers.map((each) => [each.name, each] as const))(
  '%s: every number among its settings is required to be a number',
  (_, Made) => {
    const model = new Pair('float32');
    const [group] = new Made(model, { lr: 0.1, groups: [{ parameters: model.matrix }] }).groups;
    for (const [name, value] of Object.entries<unknown>({ ...group!.settings })) {
      const numbers = [value].flat();
      if (!numbers.every((each) => typeof each === 'number')) continue;
      for (const wrong of [Number.NaN, '0.5'])
        for (const i of numbers.keys()) {
          const setting = Array.isArray(value) ? numbers.with(i, wrong as number) : wrong;
          const make = () => new Made(model, { lr: 0.1, [name]: setting });
          expect(make, name).toThrow(ValueError);
          expect(make).toThrow(`for ${name}, got `);
        }
    }
  },
);

test('In plain JavaScript, the error for missing options or a missing model shows what to write', () => {
  const model = new Pair('float32');
  const plain = SGD as unknown as new (...args: unknown[]) => SGD;
  expect(() => new plain(model)).toThrow('SGD: expected { lr: 0.1 } for the options, got undefined');
  expect(() => new plain(model, {})).toThrow('SGD: expected a finite number from 0 on for lr, got undefined');
  const adam = Adam as unknown as new (...args: unknown[]) => Adam;
  expect(() => new adam(model, 0.01)).toThrow(
    'Adam: expected { lr: 0.01 }, or nothing, for the options, got a number',
  );
  expect(() => new adam([{ parameters: model }])).toThrow(
    'Adam: expected a model, got an array; pass groups in the options: new Adam(model, { groups:',
  );
  expect(() => new adam({ p: tensor([1]) })).toThrow('Adam: expected a model, got an object');
});
