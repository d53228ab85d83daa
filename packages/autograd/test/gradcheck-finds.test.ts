import { customGradient, gradcheck } from '@chronograd/autograd';
import { full, normal, Random, type Tensor, tensor } from '@chronograd/tensor';
import { describe, expect, test } from 'vitest';
import { failure } from './gradcheck-failure.ts';

const random = new Random(2);
const float64 = (...shape: number[]): Tensor => normal(shape, { random, dtype: 'float64' });

describe('second order', () => {
  /** x² with a correct backward whose derivative is cut: 2x is captured from outside the inputs. */
  const cut = customGradient(
    (x: Tensor) => x.square(),
    (g, _, x) => [g.mul(tensor(x.toTypedArray(), { shape: x.shape })).mul(2)],
  );

  test('a backward whose derivative is cut passes in first order and is caught in second', () => {
    const x = float64(3);
    expect(gradcheck((x) => cut(x), [x]).passed).toBe(true);
    const { message, report } = failure(() => gradcheck((x) => cut(x), [x], { order: 2 }));
    expect(message).toMatch(
      /the second-order gradient of the gradient of inputs\[0\] \[\d\] with respect to inputs\[0\] at \[\d\]/,
    );
    expect(report.entries.filter(({ failed }) => failed > 0)).toMatchObject([
      { order: 2, input: 'inputs[0]' },
    ]);
  });

  test('the same in a large tensor', () => {
    const { report } = failure(() => gradcheck((x) => cut(x).sum(), [float64(200)], { order: 2 }));
    expect(report.entries.find(({ failed }) => failed > 0)).toMatchObject({ order: 2, input: 'inputs[0]' });
  });

  test('a backward that is cut from its cotangent is caught by the entry of the cotangent', () => {
    const fn = customGradient(
      (x: Tensor) => x.exp(),
      (g, y) => [tensor(g.toTypedArray(), { shape: g.shape }).mul(y)],
    );
    const { report } = failure(() => gradcheck((x) => fn(x), [float64(3)], { order: 2 }));
    expect(report.entries.find(({ failed }) => failed > 0)!.input).toBe('cotangent');
  });
});

describe('hints', () => {
  const at = (fn: (x: Tensor) => Tensor, ...values: number[]): string =>
    failure(() => gradcheck(fn, [tensor(values, { dtype: 'float64' })])).message;

  test('at a kink the message gives both slopes', () => {
    expect(at((x) => x.relu(), 1, 0)).toContain(
      'hint: the function has a kink there: its slope is 0 to the left and 1 to the right',
    );
  });

  test('a function that is only strongly curved is not said to have a kink', () => {
    const fn = customGradient(
      (x: Tensor) => x.mul(1e4).exp(),
      (g, y) => [g.mul(y).mul(1e4 + 1)],
    );
    expect(at((x) => fn(x), 1e-4)).not.toContain('kink');
  });

  test('a kink is no excuse for a number outside of its slopes', () => {
    const fn = customGradient(
      (x: Tensor) => x.relu(),
      (g, _, x) => [full(x.shape, 7, { dtype: 'float64' }).mul(g)],
    );
    expect(at((x) => fn(x), 0)).not.toContain('kink');
  });

  test('a constant factor is named', () => {
    expect(
      at(
        (x) =>
          customGradient(
            (x: Tensor) => x.exp(),
            (g, y) => [g.mul(y).mul(-3)],
          )(x),
        1,
        2,
      ),
    ).toContain('hint: autograd is -3 times the differences wherever it is wrong');
  });

  test('a gradient that got lost is distinguished from a wrong one', () => {
    expect(at((x) => x.mul(x.detach().exp()).sub(x.mul(1)).detach(), 1, 2)).toContain(
      'hint: autograd gives 0',
    );
  });

  test('an infinite gradient sends to detectAnomaly, the edge of a domain inward', () => {
    expect(at((x) => x.sqrt(), 0, 1)).toContain('detectAnomaly');
    expect(at((x) => x.pow(1.5), 0, 1)).toContain('edge of its domain');
  });

  test('the message holds both numbers, the relative error, how many failed, and the table', () => {
    const fn = customGradient(
      (x: Tensor) => x.square().sum(),
      (g, _, x) => [g.mul(x).mul(tensor([2, 4], { dtype: 'float64' }))],
    );
    expect(at((x) => fn(x), 1, 3)).toMatchInlineSnapshot(`
      "gradcheck: the gradient of the result with respect to inputs[0] at [1]: autograd 12, differences 6, relative error 5.0e-1; 1 of 2 elements failed
      hint: usual suspects: a missing term, a transpose, a sum over a broadcast axis, a cast to float32 inside
             input      shape  order  tried       failed  worst at          autograd  differences  relative
      WRONG  inputs[0]  [2]    1      2 elements  1       [1] → the result  12        6            5.0e-1"
    `);
  });
});
