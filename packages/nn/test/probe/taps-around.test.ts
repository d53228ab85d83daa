import { grad, valueAndGrad } from '@chronograd/autograd';
import { plan, Random, scope, type Tensor } from '@chronograd/tensor';
import { expect, test } from 'vitest';
import { Module, Recurrent } from '../../src/index.ts';
import { gradientFlow, recordTaps, type Taps } from '../../src/probe/index.ts';
import { numbers } from '../recurrent/problems.ts';
import { bits, NamingCell } from './problems.ts';

const [T, B, F, H] = [5, 2, 3, 2];

test('A planned function inside is recorded at each call, and recording inside a plan is replayed', () => {
  const recurrent = new Recurrent(new NamingCell(F, H, new Random(1)));
  const run = (x: Tensor) => recurrent.forward(x).outputs;
  const planned = plan(run);
  const recorded = plan((x: Tensor): Taps => recordTaps(recurrent, () => run(x)).taps);
  const inGradient = plan(
    valueAndGrad(recurrent, (x: Tensor) => {
      const { result, taps } = recordTaps(recurrent, () => run(x));
      return { value: result.square().sum(), aux: taps };
    }),
  );
  for (const seed of [1, 2, 3]) {
    const x = numbers(seed, T, B, F);
    const { taps } = recordTaps(recurrent, () => run(x));
    planned(x);
    const all = [recordTaps(recurrent, () => planned(x)).taps, recorded(x), inGradient(x).aux];
    for (const each of all) {
      expect(Object.keys(each)).toEqual(Object.keys(taps));
      for (const [name, tap] of Object.entries(taps))
        expect([name, bits(each[name]!)]).toEqual([name, bits(tap)]);
    }
  }
});

test('Probes within one another see the same, padding included, of the models that each is of', () => {
  class Model extends Module {
    readonly recurrent: Recurrent<NamingCell> = new Recurrent(new NamingCell(F, H, new Random(1)));
  }
  const model = new Model();
  const { recurrent } = model;
  const x = numbers(1, T, B, F);
  const run = () => recurrent.forward(x, undefined, { lengths: [T, 2] });
  const shown = (taps: Taps) => Object.entries(taps).map(([name, tap]) => [name, bits(tap)]);
  const alone = shown(recordTaps(recurrent, run).taps);
  const within = alone.map(([name, tap]) => [`recurrent.${name}`, tap]);
  const twice = recordTaps(model, () => recordTaps(recurrent, run));
  expect(shown(twice.taps)).toEqual(within);
  expect(shown(twice.result.taps)).toEqual(alone);
  const loss = () => run().outputs.square().sum();
  const around = recordTaps(model, () => gradientFlow(recurrent, loss));
  expect(shown(around.taps)).toEqual(within);
  expect(around.result).toEqual(gradientFlow(recurrent, loss));
  const inside = gradientFlow(recurrent, () => {
    const { result, taps } = recordTaps(model, run);
    expect(shown(taps)).toEqual(within);
    return result.outputs.square().sum();
  });
  expect(inside).toEqual(around.result);
});

test('What is recorded outlives the function that computed it, and carries no gradient, nor does it in a plan', () => {
  const recurrent = new Recurrent(new NamingCell(F, H, new Random(1)));
  const x = numbers(1, T, B, F);
  const { taps } = recordTaps(recurrent, () => scope(() => recurrent.forward(x).outputs.sum().item()));
  expect(taps['cell.z']!.toTypedArray().every((z) => z > 0 && z < 1)).toBe(true);
  const ofTaps = grad((x: Tensor) => {
    const { taps } = recordTaps(recurrent, () => recurrent.forward(x));
    return x.sum().add(taps['cell.z']!.add(taps['cell.state.h']!).sum());
  });
  const planned = plan(ofTaps);
  for (const g of [ofTaps(x), planned(x), planned(numbers(2, T, B, F))])
    expect(g.toTypedArray().every((each) => each === 1)).toBe(true);
});
