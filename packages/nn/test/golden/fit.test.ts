import { Parameter } from '@chronograd/tensor';
import { expect, test } from 'vitest';
import { Module, oneCycle, SGD } from '../../src/index.ts';
import { ExponentialMovingAverage, ReduceLROnPlateau } from '../../src/training/index.ts';
import { Generator } from './generator.ts';
import { report, type TorchOptions } from './torch.ts';
import { fixture, Golden } from './values.ts';

interface Numbers {
  readonly options: TorchOptions;
  readonly seed: number;
  readonly values: string;
}
/** fit.json: see scripts/golden_fit.py. */
const golden = fixture<{
  readonly cycles: readonly Omit<Numbers, 'seed'>[];
  readonly plateaus: readonly Numbers[];
  readonly averages: readonly (Omit<Numbers, 'options'> & { readonly decay: number })[];
}>('fit');

/** PyTorch's options by our names: `pct_start` is `pctStart`. */
const ours = (options: TorchOptions): object =>
  Object.fromEntries(
    Object.entries(options).map(([key, value]) => [
      key.replace(/_(.)/g, (_, c: string) => c.toUpperCase()),
      value,
    ]),
  );

class Pair extends Module {
  readonly parts: readonly Parameter[];
  constructor(draw: Generator) {
    super();
    this.parts = [new Parameter(draw.aroundZero(1, 4, 3)), new Parameter(draw.aroundZero(1, 5))];
  }
}

/** Compares each case, and reports the largest relative error. */
function compare<Case extends { readonly values: string }>(
  what: string,
  cases: readonly Case[],
  run: (each: Case, expected: Golden) => void,
): void {
  let worst = 0;
  for (const each of cases) {
    const expected = new Golden(each.values);
    run(each, expected);
    expected.end();
    expect(expected.worst, JSON.stringify({ ...each, values: '' })).toBeLessThanOrEqual(1e-12);
    worst = Math.max(worst, expected.worst);
  }
  report(what, cases.length, worst);
}

test('One-cycle rates agree with PyTorch, to 1e-12', () => {
  compare('one-cycle', golden.cycles, ({ options }, expected) => {
    const schedule = oneCycle(50, ours(options));
    for (let step = 0; step < 50; step++) expected.compareWhole([schedule(step)]);
    expect([50, 1000].map(schedule)).toEqual([schedule(49), schedule(49)]);
  });
});

test('Reductions on a plateau agree with PyTorch, of groups too, also if every measure is taken by a new object', () => {
  compare('reduce on plateau', golden.plateaus, ({ options, seed }, expected) => {
    const draw = new Generator(seed);
    const model = new Pair(new Generator(1));
    const optimizer = new SGD(model, { lr: 1, groups: [{ parameters: model.parts[1]!, lr: 0.25 }] });
    let plateau = new ReduceLROnPlateau(optimizer, ours(options));
    for (let step = 0; step < 40; step++) {
      const resumed = new ReduceLROnPlateau(optimizer, ours(options));
      resumed.loadState(JSON.parse(JSON.stringify(plateau.state)));
      plateau = resumed;
      const before = optimizer.lr;
      const reduced = plateau.step(draw.uniform() * (1 - step / 50));
      if (!reduced) expect(optimizer.lr).toBe(before);
      for (const rate of [optimizer.lr, optimizer.groups[0]!.lr ?? Number.NaN]) expected.compareWhole([rate]);
    }
  });
});

test('Averages of weights agree with PyTorch, to 1e-12', () => {
  compare('exponential moving averages', golden.averages, ({ decay, seed }, expected) => {
    const draw = new Generator(seed);
    const model = new Pair(draw);
    const average = new ExponentialMovingAverage(model, { decay });
    for (let step = 1; step <= 12; step++) {
      for (const part of model.parts) part.assign(part.add(draw.aroundZero(0.5, ...part.shape)));
      average.update();
      if (![1, 2, 12].includes(step)) continue;
      for (const part of average.weights.values()) expected.compareWhole(part.toTypedArray());
    }
    const weights = model.parts.map((part) => part.toArray());
    expect(average.use(() => model.parts.map((part) => part.toArray()))).toEqual(
      [...average.weights.values()].map((part) => part.toArray()),
    );
    expect(model.parts.map((part) => part.toArray())).toEqual(weights);
  });
});
