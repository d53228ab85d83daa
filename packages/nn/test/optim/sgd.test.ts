import { expect, test } from 'vitest';
import { SGD } from '../../src/index.ts';
import { relativeError } from '../differences.ts';
import { fiftySteps, gradientsOf, Pair } from './models.ts';

test.each([
  ['float64', 1e-12],
  ['float32', 1e-5],
] as const)(
  'Fifty steps in %s equal p − lr·g in plain numbers, also where lr changes on the way',
  (dtype, tolerance) => {
    const model = new Pair(dtype);
    const optimizer = new SGD(model, { lr: 0.1 });
    const p = model.values;
    fiftySteps().forEach((g, step) => {
      if (step === 25) optimizer.lr = 0.01;
      optimizer.update(gradientsOf(g, dtype));
      g.forEach((each, i) => {
        p[i]! -= (step < 25 ? 0.1 : 0.01) * each;
      });
      expect(relativeError(model.values, p)).toBeLessThanOrEqual(tolerance);
    });
  },
);

test('A learning rate of 0, or gradients of 0, move nothing', () => {
  const model = new Pair('float32');
  const before = model.values;
  new SGD(model, { lr: 0 }).update(gradientsOf(fiftySteps()[0]!, 'float32'));
  new SGD(model, { lr: 1 }).update(gradientsOf(new Array<number>(10).fill(0), 'float32'));
  expect(model.values).toEqual(before);
});
