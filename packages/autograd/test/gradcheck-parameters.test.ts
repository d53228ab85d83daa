import { customGradient, type GradcheckReport, grad, gradcheck } from '@chronograd/autograd';
import { memory, normal, Parameter, Random, scope, type Tensor } from '@chronograd/tensor';
import { describe, expect, test } from 'vitest';
import { failure } from './gradcheck-failure.ts';

const random = new Random(4);
const float64 = (...shape: number[]): Tensor => normal(shape, { random, dtype: 'float64' });

describe('parameters are put back', () => {
  const w = new Parameter(float64(3, 2));
  const before = w.toTypedArray();
  const x = float64(2, 3);

  test('after a check that passes, to the bit', () => {
    gradcheck((w, x) => x.matmul(w).tanh(), [w, x], { order: 2 });
    expect(w.toTypedArray()).toEqual(before);
  });

  test('after a check that fails', () => {
    const wrong = customGradient(
      (w: Tensor) => w.exp(),
      (g) => [g],
    );
    failure(() => gradcheck((w) => wrong(w).sum(), [w]));
    expect(w.toTypedArray()).toEqual(before);
  });

  test('after the function threw at a moved parameter', () => {
    let calls = 0;
    const throwing = (): Tensor => {
      if (++calls > 20) throw new RangeError('enough');
      return x.matmul(w).sum();
    };
    expect(() => gradcheck(throwing, [w])).toThrow(new RangeError('enough'));
    expect(w.toTypedArray()).toEqual(before);
  });
});

test('a parameter is checked through the function that holds it, even if the argument is not used', () => {
  const w = new Parameter(float64(3));
  expect(gradcheck((_) => w.exp(), [w]).entries[0]!.ignored).toBe(false);
});

test('a check works inside a scope, and inside a differentiated function without touching its gradient', () => {
  const w = new Parameter(float64(3));
  const check = (): GradcheckReport => gradcheck((w) => w.tanh(), [w], { order: 2 });
  expect(scope(check).passed).toBe(true);
  const checked = grad((x: Tensor) => {
    const y = x.mul(w);
    check();
    return y.sum();
  })(float64(3));
  expect(checked.toArray()).toEqual(w.toArray());
});

test('a check outside of scopes leaves memory as it was', () => {
  const w = new Parameter(float64(70));
  gradcheck((w) => w.tanh(), [w], { order: 2 });
  const before = memory();
  gradcheck((w) => w.tanh(), [w], { order: 2 });
  expect(memory()).toEqual(before);
});
