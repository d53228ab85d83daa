import { Parameter, tensor } from '@chronograd/tensor';
import { expect, test } from 'vitest';
import { Adagrad, type AdagradOptions, Module } from '../../src/index.ts';
import { relativeError } from '../differences.ts';
import { fiftySteps, gradientsOf, Pair } from './models.ts';

type Settings = Required<Pick<AdagradOptions, 'lr' | 'eps' | 'epsPlace' | 'initialAccumulator'>>;

/** Adagrad over plain numbers. */
function plainAdagrad(p: number[], options: Settings): (g: number[]) => void {
  const { lr, eps, epsPlace, initialAccumulator } = options;
  const s = p.map(() => initialAccumulator);
  return (gs) => {
    gs.forEach((g, i) => {
      s[i]! += g * g;
      p[i]! -= (lr * g) / (epsPlace === 'inside' ? Math.sqrt(s[i]! + eps) : Math.sqrt(s[i]!) + eps);
    });
  };
}

const defaults: Settings = {
  lr: 0.01,
  eps: 1e-10,
  epsPlace: 'outside',
  initialAccumulator: 0,
};
const variants: AdagradOptions[] = [
  {},
  { lr: 0.1, eps: 1e-8, epsPlace: 'inside' },
  { lr: 0.1, eps: 1e-8, epsPlace: 'outside' },
  { lr: 0.5, eps: 1e-3, epsPlace: 'inside', initialAccumulator: 0.1 },
  { eps: 0, initialAccumulator: 0.1 },
];

test.each(variants)('Fifty steps equal plain numbers to 1e-12 in float64, 1e-5 in float32: %o', (options) => {
  for (const [dtype, tolerance] of [
    ['float64', 1e-12],
    ['float32', 1e-5],
  ] as const) {
    const model = new Pair(dtype);
    const optimizer = new Adagrad(model, options);
    const p = model.values;
    const step = plainAdagrad(p, { ...defaults, ...options });
    for (const g of fiftySteps()) {
      optimizer.update(gradientsOf(g, dtype));
      step(g);
      expect(relativeError(model.values, p)).toBeLessThanOrEqual(tolerance);
    }
  }
});

test('At a gradient of 1e-6 the place of epsilon decides a factor of 100, as its documentation says', () => {
  const moved = (epsPlace: 'inside' | 'outside') => {
    const model = new Pair('float64');
    const before = model.values[0]!;
    new Adagrad(model, { lr: 1, eps: 1e-8, epsPlace }).update(
      gradientsOf(new Array<number>(10).fill(1e-6), 'float64'),
    );
    return before - model.values[0]!;
  };
  expect(moved('outside') / moved('inside')).toBeCloseTo(100, -1);
});

test('Accumulators begin at their first value, never shrink, and are named and shaped as the parameters', () => {
  const model = new Pair('float32');
  const optimizer = new Adagrad(model, { initialAccumulator: 0.1 });
  const sums = () => [...optimizer.accumulators.values()].flatMap((sum) => [...sum.toTypedArray()]);
  expect([...optimizer.accumulators].map(([name, { shape, dtype }]) => [name, shape, dtype])).toEqual(
    model.namedParameters().map(([name, { shape, dtype }]) => [name, shape, dtype]),
  );
  expect(sums()).toEqual(new Array(10).fill(Math.fround(0.1)));
  for (const g of fiftySteps()) {
    const before = sums();
    const p = model.values;
    optimizer.update(gradientsOf(g, 'float32'));
    sums().forEach((sum, i) => void expect(sum).toBeGreaterThanOrEqual(before[i]!));
    g.forEach((each, i) => {
      if (each === 0) expect([sums()[i], model.values[i]]).toEqual([before[i], p[i]]);
    });
  }
});

class Single extends Module {
  readonly p: Parameter = new Parameter(tensor([0]));
}

test('A gradient whose square is 0 in float32 gives a finite step, of the right size', () => {
  // 1e-23² = 1e-46, below half of the smallest float32: the accumulator stays 0, and epsilon alone
  // divides.
  for (const [epsPlace, wanted] of [
    ['outside', -(0.1 * 1e-23) / 1e-8],
    ['inside', -(0.1 * 1e-23) / 1e-4],
  ] as const) {
    const model = new Single();
    const optimizer = new Adagrad(model, { lr: 0.1, eps: 1e-8, epsPlace });
    for (let step = 1; step <= 50; step++) {
      optimizer.update({ p: tensor([1e-23]) });
      expect(optimizer.accumulators.get('p')!.item()).toBe(0);
      expect(model.p.item() / (step * wanted)).toBeCloseTo(1, 5);
    }
  }
  const model = new Single();
  new Adagrad(model, { lr: 1, eps: 1e-8, epsPlace: 'inside' }).update({ p: tensor([1e-40]) });
  expect(model.p.item() / -1e-36).toBeCloseTo(1, 4);
});

test('Accumulators loaded with assign go on as if never stopped, bit for bit', () => {
  const [whole, first, second] = [new Pair('float32'), new Pair('float32'), new Pair('float32')];
  const options: AdagradOptions = { lr: 0.1, eps: 1e-8, epsPlace: 'inside' };
  const [uninterrupted, before, after] = [whole, first, second].map(
    (model) => new Adagrad(model, options),
  ) as [Adagrad, Adagrad, Adagrad];
  fiftySteps().forEach((g, step) => {
    if (step === 20) {
      for (const [name, sum] of before.accumulators) after.accumulators.get(name)!.assign(sum);
      second.parameters().forEach((parameter, i) => void parameter.assign(first.parameters()[i]!));
    }
    uninterrupted.update(gradientsOf(g, 'float32'));
    (step < 20 ? before : after).update(gradientsOf(g, 'float32'));
  });
  expect(second.values).toEqual(whole.values);
});

test('Invalid numbers are rejected by name', () => {
  const model = new Single();
  expect(() => new Adagrad(model, { eps: -1 })).toThrow(
    'Adagrad: expected a number from 0 on for eps, got -1',
  );
  expect(() => new Adagrad(model, { eps: Number.NaN })).toThrow('for eps, got NaN');
  expect(() => new Adagrad(model, { initialAccumulator: -0.1 })).toThrow(
    'Adagrad: expected a number from 0 on for initialAccumulator, got -0.1',
  );
  expect(() => new Adagrad(model, { eps: 0 })).toThrow(
    'Adagrad: expected eps or initialAccumulator above 0, got 0 for both',
  );
});
