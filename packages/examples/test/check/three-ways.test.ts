import { normal, Parameter, Random, tensor } from '@chronograd/tensor';
import { describe, expect, test } from 'vitest';
import { threeWays } from '../../src/check/three-ways.ts';

const x = () => new Parameter(normal([2, 3], { random: new Random(1), dtype: 'float64' }));

describe('Gradients three ways', () => {
  test('agree, and leave the parameters as they were', () => {
    const p = x();
    const before = [...p.toTypedArray()];
    const [row] = threeWays({ target: { p }, loss: () => p.tanh().sum(), byHand: null });
    expect(row).toMatchObject({ name: 'p', elements: 6, byHand: null, handError: null, ok: true });
    expect(row!.differenceError).toBeLessThan(1e-9);
    expect([...p.toTypedArray()]).toEqual(before);
  });

  test('A wrong gradient by hand is shown at its element; one that is missing or of another shape is wrong too', () => {
    const p = x();
    const byHand = Array.from(p.toTypedArray(), (value) => 2 * value);
    const ask = (p0: unknown) =>
      threeWays({ target: { p }, loss: () => p.square().sum(), byHand: { p: p0 } })[0]!;
    expect(ask(Float64Array.from(byHand))).toMatchObject({ ok: true });
    const wrong = ask(Float64Array.from(byHand).with(4, 7));
    expect(wrong).toMatchObject({ ok: false, index: [1, 1], byHand: 7 });
    expect(wrong.autograd).toBeCloseTo(wrong.differences, 9);
    expect(ask([1, 2])).toMatchObject({ ok: false });
  });

  test('A wrong gradient by autograd is shown too', () => {
    const p = x();
    const [row] = threeWays({ target: { p }, loss: () => p.detach().mul(p).sum(), byHand: null });
    expect(row).toMatchObject({ ok: false });
    expect(row!.differences).toBeCloseTo(2 * row!.autograd, 6);
  });

  test('A kink nearby is no mistake', () => {
    const p = new Parameter(tensor([5e-4, -3e-4, 2e-5, 1], { dtype: 'float64' }));
    const [row] = threeWays({ target: { p }, loss: () => p.relu().sum(), byHand: { p: [1, 0, 1, 1] } });
    expect(row).toMatchObject({ ok: true });
  });
});
