import { plan, Random, type Tensor, zerosLike } from '@chronograd/tensor';
import { expect, test } from 'vitest';
import { Recurrent } from '../../src/index.ts';
import { gradientFlow } from '../../src/probe/index.ts';
import { relativeError } from '../differences.ts';
import { numbers } from '../recurrent/problems.ts';
import { bits, NamingCell } from './problems.ts';

const [T, B, F, H] = [5, 2, 3, 2];

test('A padded sequence has the gradients that it has alone, and none in its padding', () => {
  const recurrent = new Recurrent(new NamingCell(F, H, new Random(1)));
  const x = numbers(1, T, 1, F);
  const alone = gradientFlow(recurrent, () =>
    recurrent
      .forward(x.slice([0, 3]))
      .outputs.square()
      .sum(),
  );
  const padded = gradientFlow(recurrent, () =>
    recurrent
      .forward(x, undefined, { lengths: [3] })
      .outputs.square()
      .sum(),
  );
  for (const [name, wanted] of Object.entries(alone.norms)) {
    expect(relativeError(padded.norms[name]!, [...wanted, 0, 0], 1e-300)).toBeLessThan(1e-14);
  }
});

test('Gates have gradients too; frozen weights have no contributions, and states theirs all the same', () => {
  const recurrent = new Recurrent(new NamingCell(F, H, new Random(1)));
  const loss = () =>
    recurrent
      .forward(numbers(1, T, B, F))
      .outputs.square()
      .sum();
  const free = gradientFlow(recurrent, loss);
  expect(Object.keys(free.norms).sort()).toEqual(['cell.n', 'cell.output', 'cell.state.h', 'cell.z']);
  expect(free.norms['cell.z']!.every((each) => each > 0)).toBe(true);
  recurrent.cell.hidden.freeze();
  const part = gradientFlow(recurrent, loss);
  expect(Object.keys(part.contributions)).toEqual(['cell.input.weight', 'cell.input.bias']);
  recurrent.freeze();
  const frozen = gradientFlow(recurrent, loss);
  expect(frozen.contributions).toEqual({});
  expect(part.norms).toEqual(free.norms);
  expect(frozen.norms).toEqual(free.norms);
});

test('A step on which the loss does not depend contributes nothing', () => {
  const recurrent = new Recurrent(new NamingCell(F, H, new Random(1)));
  const flow = gradientFlow(
    recurrent,
    () =>
      recurrent
        .forward(numbers(1, T, B, F))
        .outputs.select(2)
        .sum(),
    {
      keepSteps: true,
    },
  );
  const { norms, steps } = flow.contributions['cell.input.weight']!;
  expect([...norms].map((each) => each > 0)).toEqual([true, true, true, false, false]);
  expect(steps![4]!.toArray()).toEqual(zerosLike(recurrent.cell.input.weight).toArray());
  expect([...flow.norms['cell.state.h']!].map((each) => each > 0)).toEqual([true, true, true, false, false]);
});

test('Steps that no gradient goes back to, after the window whose state the loss takes, have zeros of the right shapes', () => {
  const recurrent = new Recurrent(new NamingCell(F, H, new Random(1)));
  const x = numbers(1, 4, B, F);
  const loss = (windows: number) => () => {
    const { state } = recurrent.forward(x.slice([0, 2]));
    if (windows === 2) recurrent.forward(x.slice([2, 4]), state);
    return state.h.mul(numbers(2, B, H)).sum();
  };
  const [short, long] = [1, 2].map((windows) => gradientFlow(recurrent, loss(windows), { keepSteps: true }));
  for (const [name, norms] of Object.entries(short!.norms)) {
    expect(long!.norms[name]).toEqual(Float64Array.of(...norms, 0, 0));
    const g = long!.gradients![name]!;
    expect([g.shape, g.dtype]).toEqual([[4, B, H], 'float64']);
    expect(
      g
        .slice([2, 4])
        .toTypedArray()
        .every((each) => each === 0),
    ).toBe(true);
  }
  for (const [name, { steps }] of Object.entries(long!.contributions)) {
    const [before, after] = [steps!.slice(0, 2), steps!.slice(2)];
    expect(before.map(bits)).toEqual(short!.contributions[name]!.steps!.map(bits));
    expect(after.map(bits)).toEqual([0, 1].map(() => bits(zerosLike(before[0]!))));
  }
});

test('Gradients are measured where a planned function is called; inside a plan that is rejected', () => {
  const recurrent = new Recurrent(new NamingCell(F, H, new Random(1)));
  const x = numbers(1, T, B, F);
  const loss = (x: Tensor) => recurrent.forward(x).outputs.square().sum();
  const planned = plan(loss);
  planned(x);
  expect(gradientFlow(recurrent, () => planned(x)).norms).toEqual(
    gradientFlow(recurrent, () => loss(x)).norms,
  );
  const inside = plan((x: Tensor) => {
    gradientFlow(recurrent, () => loss(x));
    return x;
  });
  expect(() => inside(x)).toThrow('plan: gradientFlow measured gradients inside');
  expect(Object.getOwnPropertyNames(recurrent.cell)).not.toContain('step');
});
