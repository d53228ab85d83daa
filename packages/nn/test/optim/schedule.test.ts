import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  AdamW,
  cosineDecay,
  exponentialDecay,
  linearWarmup,
  type Schedule,
  SGD,
  stepDecay,
} from '../../src/index.ts';
import { fiftySteps, gradientsOf, Pair } from './models.ts';

const count = fc.integer({ min: 1, max: 1000 });
const share = fc.double({ min: 0, max: 1, noNaN: true });

test('Each schedule is its formula, in plain numbers, at every step', () => {
  fc.assert(
    fc.property(count, fc.nat({ max: 2000 }), share, (steps, step, x) => {
      const close = (schedule: Schedule, wanted: number) =>
        expect(Math.abs(schedule(step) - wanted)).toBeLessThanOrEqual(1e-13);
      close(stepDecay(steps, x), x ** Math.floor(step / steps));
      close(stepDecay(steps), 0.1 ** Math.floor(step / steps));
      close(exponentialDecay(x), x ** step);
      const turned = Math.min(step, steps) / steps;
      close(cosineDecay(steps, x), x + ((1 - x) * (1 + Math.cos(Math.PI * turned))) / 2);
      close(linearWarmup(steps, { from: x }), step < steps ? x + ((1 - x) * step) / steps : 1);
    }),
    { seed: 1, numRuns: 300 },
  );
});

test('A cosine begins at exactly 1 and ends at exactly its floor; a warm-up begins at 1 / steps and ends at 1', () => {
  expect([0, 10, 11].map(cosineDecay(10, 0.25))).toEqual([1, 0.25, 0.25]);
  expect([0, 4, 5].map(linearWarmup(4))).toEqual([0.25, 1, 1]);
});

test('What comes after a warm-up counts from its end', () => {
  const both = linearWarmup(3, { after: cosineDecay(5) });
  for (let step = 3; step < 12; step++) expect(both(step)).toBe(cosineDecay(5)(step - 3));
});

test('An optimizer with a schedule goes as one whose rates are set by hand, those of its groups too', () => {
  const schedule = linearWarmup(10, { after: exponentialDecay(0.9) });
  const [model, twin] = [new Pair('float64'), new Pair('float64')];
  const optimizer = new AdamW(model, { lr: 0.1, schedule, groups: [{ parameters: model.vector, lr: 0.3 }] });
  const byHand = new AdamW(twin, { lr: 0.1, groups: [{ parameters: twin.vector, lr: 0.3 }] });
  fiftySteps().forEach((g, step) => {
    expect(optimizer.steps).toBe(step);
    byHand.lr = 0.1 * schedule(step);
    byHand.groups[0]!.lr = 0.3 * schedule(step);
    optimizer.update(gradientsOf(g, 'float64'));
    byHand.update(gradientsOf(g, 'float64'));
  });
  expect(model.values).toEqual(twin.values);
});

test('Invalid counts and factors, and a schedule that returns none, are rejected by name', () => {
  expect(() => stepDecay(0)).toThrow('stepDecay: expected a whole number from 1 on for every, got 0');
  expect(() => stepDecay(2, -1)).toThrow('stepDecay: expected a number from 0 on for factor, got -1');
  expect(() => exponentialDecay(Number.NaN)).toThrow(
    'exponentialDecay: expected a number from 0 on for factor, got NaN',
  );
  expect(() => cosineDecay(1.5)).toThrow('cosineDecay: expected a whole number from 1 on for steps, got 1.5');
  expect(() => linearWarmup(10, { from: -0.1 })).toThrow(
    'linearWarmup: expected a number from 0 on for from, got -0.1',
  );
  const half = 0.5 as unknown as Schedule;
  expect(() => linearWarmup(10, { after: half })).toThrow(
    'linearWarmup: expected a function from the number of updates to a factor for after, got a number',
  );
  const model = new Pair('float32');
  expect(() => new SGD(model, { lr: 1, schedule: half })).toThrow(
    'SGD: expected a function from the number of updates to a factor for schedule, got a number',
  );
  const before = model.values;
  const optimizer = new SGD(model, { lr: 0.1, schedule: (step) => 1 - step });
  const gradients = gradientsOf(fiftySteps()[0]!, 'float32');
  optimizer.lr = 0;
  for (let step = 0; step < 2; step++) optimizer.update(gradients);
  expect(() => optimizer.update(gradients)).toThrow(
    'SGD: expected a finite number from 0 on for schedule(2), got -1',
  );
  expect([model.values, optimizer.steps]).toEqual([before, 2]);
});
