/** What fails inside a differentiated function leaves everything as it was. */
import { customGradient, detectAnomaly, grad, hvp, jvp, valueAndGrad, vjp } from '@chronograd/autograd';
import { memory, Parameter, ScopeError, scope, type Tensor } from '@chronograd/tensor';
import { runtime } from '@chronograd/tensor/engine';
import { describe, expect, test } from 'vitest';
import { float64 } from './rules/plain.ts';

const weight = new Parameter(float64([2, -1, 0.5, 3]).reshape([2, 2]));
const input = float64([[1, 4]]);

const loss = (x: Tensor): Tensor => x.matmul(weight).matmul(weight.transpose()).tanh().sum();
const gradient = (): unknown => grad({ weight }, () => loss(input))().weight.toArray();
const expected = gradient();

class Thrown extends Error {}

const fail = (_: Tensor): never => {
  throw new Thrown('on purpose');
};

/** Its backward throws. */
const trap = customGradient((x: Tensor) => x.mul(2), fail, 'trap');

/** Its backward walks back on a separate tape, and fails there. */
const deepTrap = customGradient(
  (x: Tensor) => x.mul(2),
  (g) => [grad((y: Tensor) => trap(y).sum())(g)],
  'deepTrap',
);

/** Runs what must fail, and holds the library's state after it against that before. */
function expectUntouched(attempt: () => unknown, error: new (message: string) => Error): void {
  const { arena, persistent } = memory();
  expect(attempt).toThrow(error);
  expect(memory().arena.tensors).toBe(arena.tensors);
  expect(memory().arena.bytes).toBe(arena.bytes);
  expect(memory().persistent).toEqual(persistent);
  expect(runtime.recording).toBe(false);
  expect(gradient()).toEqual(expected);
}

const one = float64(1);
const x = float64([[1, 2]]);

/** Every way into a differentiated function. */
const entrances: Readonly<Record<string, (f: (x: Tensor) => Tensor) => unknown>> = {
  grad: (f) => grad(f)(x),
  'valueAndGrad of a target': (f) => valueAndGrad({ weight }, () => f(x.matmul(weight)))(),
  vjp: (f) => vjp(f, x, one),
  jvp: (f) => jvp(f, x, x),
  hvp: (f) => hvp(f, x, x),
  'grad in grad': (f) => grad((y: Tensor) => grad(f)(y).sum())(x),
  'grad in jvp': (f) => jvp((y: Tensor) => grad(f)(y).sum(), x, x),
  'grad in a scope': (f) => scope(() => grad(f)(x)),
  'grad under detectAnomaly': (f) => detectAnomaly(() => grad(f)(x)),
};

describe.each(Object.entries(entrances))('%s', (_name, enter) => {
  test('a throw in the function leaves no trace', () => {
    expectUntouched(() => enter((y) => fail(loss(y))), Thrown);
  });

  test('a throw in the backward of a part leaves no trace', () => {
    expectUntouched(() => enter((y) => loss(trap(y))), Thrown);
  });

  test('a throw in a backward inside of a backward leaves no trace', () => {
    expectUntouched(() => enter((y) => loss(deepTrap(y))), Thrown);
  });

  test('an error of an op leaves no trace', () => {
    expectUntouched(() => enter((y) => loss(y.transpose())), Error);
  });

  test('a promise throws an error and leaves no trace', async () => {
    const broken = async (y: Tensor): Promise<Tensor> => {
      const inside = loss(y);
      await Promise.resolve();
      return inside.mul(2);
    };
    expectUntouched(() => enter(broken as unknown as (y: Tensor) => Tensor), ScopeError);
    // The code after the await finds its tensors freed, and changes nothing else.
    await new Promise((resolve) => setTimeout(resolve));
    expect(gradient()).toEqual(expected);
  });
});

test('an outer function that catches what an inner one threw still gets its gradient', () => {
  const f = (y: Tensor): Tensor => {
    const before = y.mul(y);
    for (const inner of [fail, (z: Tensor) => trap(z).sum(), (z: Tensor) => loss(z.transpose())]) {
      expect(() => grad(inner)(y)).toThrow();
    }
    return before.add(y.mul(3)).sum();
  };
  expect(grad(f)(x).toArray()).toEqual([[5, 7]]);
});

test('an outer function that catches the error for a promise still gets its gradient', () => {
  const broken = (async (z: Tensor) => z.sum()) as unknown as (z: Tensor) => Tensor;
  const f = (y: Tensor): Tensor => {
    const before = y.mul(y);
    expect(() => grad(broken)(y)).toThrow(ScopeError);
    return before.sum();
  };
  expect(grad(f)(x).toArray()).toEqual([[2, 4]]);
});
