import { ones, Parameter, zeros } from '@chronograd/tensor';
import { expect, test } from 'vitest';
import { Module, SGD } from '../../src/index.ts';
import {
  ExponentialMovingAverage,
  ReduceLROnPlateau,
  type ReduceLROnPlateauOptions,
} from '../../src/training/index.ts';

class Two extends Module {
  readonly first: Parameter = new Parameter(ones([2]));
  readonly second: Parameter = new Parameter(ones([2]));
  extra: Parameter | null = null;
}
const sgd = () => {
  const model = new Two();
  return new SGD(model, {
    lr: 1,
    groups: [{ parameters: model.first, lr: 0.5 }, { parameters: model.second }],
  });
};

/** Which of the measures reduce the rates, after a first measure of 8. */
const reductions = (options: ReduceLROnPlateauOptions, measures: readonly number[]): boolean[] => {
  const plateau = new ReduceLROnPlateau(sgd(), { patience: 0, ...options });
  expect(plateau.best).toBe(null);
  expect(plateau.step(8)).toBe(false);
  expect(plateau.best).toBe(8);
  return measures.map((measure) => plateau.step(measure));
};

test('An improvement is more than the threshold, as a share of the best measure or as a difference', () => {
  // 8 · (1 ∓ 0.25) and 8 ∓ 2 are the same measures; 16 · (1 + 0.25) is not 16 + 2.
  for (const thresholdMode of ['rel', 'abs'] as const) {
    const threshold = thresholdMode === 'rel' ? 0.25 : 2;
    expect(reductions({ mode: 'min', threshold, thresholdMode }, [6, 5.9, Number.NaN])).toEqual([
      true,
      false,
      true,
    ]);
    expect(reductions({ mode: 'max', threshold, thresholdMode }, [10, 10.1, -Infinity])).toEqual([
      true,
      false,
      true,
    ]);
    expect(reductions({ mode: 'max', threshold, thresholdMode }, [16, 19])).toEqual([
      false,
      thresholdMode === 'rel',
    ]);
    expect(reductions({ mode: 'min', threshold, thresholdMode }, [4, 2.5])).toEqual([
      false,
      thresholdMode === 'abs',
    ]);
  }
});

test('Rates of the optimizer and of groups with their own are multiplied, unless the change is tiny', () => {
  const optimizer = sgd();
  const plateau = new ReduceLROnPlateau(optimizer, { patience: 0, factor: 0.5, minLr: 0.25, eps: 0.25 });
  const rates = [1, 2, 3].map((measure) => {
    plateau.step(measure);
    return [optimizer.lr, ...optimizer.groups.map(({ lr }) => lr)];
  });
  // A change of 0.25 is not made.
  expect(rates).toEqual([
    [1, 0.5, null],
    [0.5, 0.5, null],
    [0.5, 0.5, null],
  ]);
});

test('Other optimizers, options, measures and states are refused', () => {
  for (const optimizer of [null, undefined, {}, new Two()])
    expect(() => new ReduceLROnPlateau(optimizer as never)).toThrow(
      'ReduceLROnPlateau: expected an optimizer',
    );
  for (const name of ['patience', 'threshold', 'cooldown', 'minLr', 'eps'])
    for (const value of [-1, Number.NaN, '1'])
      expect(() => new ReduceLROnPlateau(sgd(), { [name]: value as never })).toThrow(`for ${name}, got`);
  const plateau = new ReduceLROnPlateau(sgd(), { patience: 0 });
  for (const measure of [null, undefined, '1'])
    expect(() => plateau.step(measure as never)).toThrow('step: expected a number for the measure');
  for (const best of [Infinity, '1', undefined])
    expect(() => plateau.loadState({ best, bad: 0, cooldown: 0 } as never)).toThrow('for best, got');
  expect(plateau.state).toEqual({ best: null, bad: 0, cooldown: 0 });
  plateau.loadState(plateau.state);
});

test('An average counts its updates, and leaves out parameters that are added later', () => {
  const model = new Two();
  const average = new ExponentialMovingAverage(model, { decay: 0.5 });
  model.extra = new Parameter(ones([1]));
  model.first.assign(zeros([2]));
  for (let i = 1; i <= 2; i++) {
    average.update();
    expect(average.updates).toBe(i);
  }
  average.use(() => expect(model.extra?.item()).toBe(1));
  expect([...average.weights.keys()]).toEqual(['first', 'second']);
});
