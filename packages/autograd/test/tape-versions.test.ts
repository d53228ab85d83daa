/** A parameter that an open tape still needs cannot be written; everything else can. */
import { customGradient, grad, valueAndGrad } from '@chronograd/autograd';
import { linear, Parameter, type Tensor, VersionError } from '@chronograd/tensor';
import { describe, expect, test } from 'vitest';
import { float64 } from './rules/plain.ts';

const x = float64([3]);
const make = (value: number): Parameter => new Parameter(float64([value]));

/** Ways to use a parameter that leave its tape in need of it. */
const uses: Readonly<Record<string, (w: Parameter, y: Tensor) => Tensor>> = {
  'a product': (w, y) => w.mul(y),
  'a view': (w, y) => w.reshape([1, 1]).mul(y),
  'a view of a view': (w, y) => w.expand([2, 1]).select(0).mul(y),
  'a function with its own backward': (w, y) =>
    customGradient(
      (a: Tensor, b: Tensor) => a.mul(b),
      (g, _, a, b) => [g.mul(b), g.mul(a)],
    )(w, y),
};

describe.each(Object.entries(uses))('after %s', (_name, use) => {
  test('writing throws, and the old value and the gradient stay', () => {
    const w = make(2);
    const f = grad({ w }, () => {
      const y = use(w, x);
      expect(() => w.assign(float64([7]))).toThrow(VersionError);
      return y.mul(w).sum();
    });
    expect(f().w.toArray()).toEqual([12]);
    expect(w.toArray()).toEqual([2]);
    w.assign(float64([5]));
    expect(f().w.toArray()).toEqual([30]);
  });

  test('writing throws also where the parameter is only met, not asked for', () => {
    const w = make(2);
    const f = (y: Tensor): Tensor => {
      const z = use(w, y).sum();
      w.assign(float64([7]));
      return z;
    };
    expect(() => grad(f)(x)).toThrow(VersionError);
    expect(w.toArray()).toEqual([2]);
  });
});

test('a parameter may be written before its first use inside, and after the function', () => {
  const w = make(2);
  const f = grad((y: Tensor) => {
    w.assign(w.mul(10));
    return w.mul(y).sum();
  });
  expect(f(x).toArray()).toEqual([20]);
  w.assign(float64([1]));
  expect(f(x).toArray()).toEqual([10]);
});

test('after a write, products by the transposed parameter see the new values, forward and backward', () => {
  const w = new Parameter(float64([1, 2, 3, 4]).reshape([2, 2]));
  const row = float64([[1, 10]]);
  const step = valueAndGrad((y: Tensor) => linear(y, w).add(y.matmul(w.transpose())).sum());
  expect([step(row).value.item(), step(row).grads.toArray()]).toEqual([128, [[8, 12]]]);
  w.assign(w.mul(10));
  expect([step(row).value.item(), step(row).grads.toArray()]).toEqual([1280, [[80, 120]]]);
});

test('another parameter may be written at any time', () => {
  const [w, other] = [make(2), make(100)];
  const { grads } = valueAndGrad({ w }, () => {
    const y = w.mul(w);
    other.assign(float64([1]));
    return y.sum();
  })();
  expect([grads.w.toArray(), other.toArray()]).toEqual([[4], [1]]);
});

test('a parameter may be written where no tape follows what it was used for', () => {
  const w = make(2);
  const f = (y: Tensor): Tensor => {
    const constant = w.mul(w);
    w.assign(float64([7]));
    return y.mul(constant).sum();
  };
  expect(grad(f)(x).toArray()).toEqual([4]);
});

test('an inner function that has returned needs nothing any more, an outer one that has not still does', () => {
  const w = make(2);
  const apart = (y: Tensor): Tensor => {
    grad((z: Tensor) => w.mul(z).sum())(float64([1]));
    w.assign(float64([7]));
    return w.mul(y).sum();
  };
  expect(grad(apart)(x).toArray()).toEqual([7]);
  const within = (y: Tensor): Tensor => {
    const inner = grad((z: Tensor) => w.mul(z).sum())(y);
    w.assign(float64([1]));
    return inner.sum();
  };
  expect(() => grad(within)(x)).toThrow(VersionError);
  expect(w.toArray()).toEqual([7]);
});

test('a function with its own backward cannot write what the tape around it needs, forward or backward', () => {
  const w = make(2);
  const writes = (y: Tensor): Tensor => {
    w.assign(float64([7]));
    return y.mul(2);
  };
  const forward = customGradient(writes, (g) => [g]);
  const backward = customGradient(
    (y: Tensor) => y.mul(2),
    (g) => [writes(g)],
  );
  for (const step of [forward, backward]) {
    expect(() => grad((y: Tensor) => step(w.mul(y)).sum())(x)).toThrow(VersionError);
    expect(w.toArray()).toEqual([2]);
  }
});

test('the message says what failed and what to do', () => {
  const w = make(2);
  const f = (): Tensor => {
    const y = w.mul(w).sum();
    w.assign(float64([7]));
    return y;
  };
  expect(grad({ w }, f)).toThrow(
    'assign: expected a parameter that no open gradient computation needs, got one whose value is still needed; update parameters after the differentiated function has returned',
  );
});
