import { Parameter } from '@chronograd/tensor';
import { expect, test } from 'vitest';
import { cosineDecay, exponentialDecay, linearWarmup, Module, stepDecay } from '../../src/index.ts';
import { Generator } from './generator.ts';
import { golden, optimizerOf, report } from './torch.ts';
import { Golden } from './values.ts';

class Pair extends Module {
  readonly parts: readonly [Parameter, Parameter];
  constructor(draw: Generator) {
    super();
    this.parts = [new Parameter(draw.aroundZero(1, 4, 3)), new Parameter(draw.aroundZero(1, 5))];
  }
}

test('Optimizers agree with PyTorch over 50 steps of given gradients, to 1e-12', () => {
  let worst = 0;
  for (const { name, options, seed, values } of golden.optimizers) {
    const draw = new Generator(seed);
    const model = new Pair(draw);
    const optimizer = optimizerOf(name, model, options);
    const expected = new Golden(values);
    for (let step = 1; step <= 50; step++) {
      const scale = step <= 25 ? 1 : 0.01;
      optimizer.update({ parts: [draw.aroundZero(scale, 4, 3), draw.aroundZero(scale, 5)] });
      if ([1, 2, 10, 50].includes(step))
        for (const parameter of model.parts) expected.compareWhole(parameter.toTypedArray());
    }
    expected.end();
    expect(expected.worst, `${name} ${JSON.stringify(options)}`).toBeLessThanOrEqual(1e-12);
    worst = Math.max(worst, expected.worst);
  }
  report('optimizers, 50 steps', golden.optimizers.length, worst);
});

test('Learning rates that change, and a state that is saved and loaded, agree with PyTorch, to 1e-12', () => {
  let worst = 0;
  for (const { name, options, own, seed, values } of golden.resumed) {
    const draw = new Generator(seed);
    const model = new Pair(draw);
    const make = () => optimizerOf(name, model, options, [{ parameters: model.parts[1], lr: own }]);
    let optimizer = make();
    for (let step = 1; step <= 50; step++) {
      optimizer.update({ parts: [draw.aroundZero(1, 4, 3), draw.aroundZero(1, 5)] });
      if (step === 10 || step === 35) {
        optimizer.lr *= 0.3;
        for (const group of optimizer.groups) group.lr = (group.lr ?? Number.NaN) * 0.3;
      }
      if (step === 20) {
        const state = optimizer.state();
        optimizer = make();
        optimizer.loadState(state);
      }
    }
    const expected = new Golden(values);
    expected.compareWhole([optimizer.lr, ...optimizer.groups.map(({ lr }) => lr ?? Number.NaN)]);
    for (const parameter of model.parts) expected.compareWhole(parameter.toTypedArray());
    expected.end();
    expect(expected.worst, name).toBeLessThanOrEqual(1e-12);
    worst = Math.max(worst, expected.worst);
  }
  report('resumed optimizers', golden.resumed.length, worst);
});

test("Schedules are PyTorch's", () => {
  const schedules: Readonly<Record<string, (step: number) => number>> = {
    step: stepDecay(7, 0.3),
    exponential: exponentialDecay(0.9),
    cosine: cosineDecay(49, 0.1),
    warmup: linearWarmup(20, { from: 0.25 }),
  };
  let worst = 0;
  for (const { name, values } of golden.schedules) {
    const expected = new Golden(values);
    for (let step = 0; step < 50; step++) expected.compareWhole([schedules[name]!(step)]);
    expected.end();
    expect(expected.worst, name).toBeLessThanOrEqual(1e-12);
    worst = Math.max(worst, expected.worst);
  }
  report('schedules', golden.schedules.length, worst);
});
