import { customGradient, grad, gradcheck, jvp, stopGradient, valueAndGrad, vjp } from '@chronograd/autograd';
import { normal, Parameter, Random, type Tensor, tensor } from '@chronograd/tensor';
import { withRecorder } from '@chronograd/tensor/engine';
import { describe, expect, test } from 'vitest';

const random = new Random(6);
const float64 = (...shape: number[]): Tensor => normal(shape, { random, dtype: 'float64' });
const numbers = (...values: number[]): Tensor => tensor(values, { dtype: 'float64' });

/** x³ with its derivative written by hand. */
const cube = customGradient(
  (x: Tensor) => x.mul(x).mul(x),
  (g, _, x) => [g.mul(x.square()).mul(3)],
  'cube',
);

describe('the gradient is what the backward returns', () => {
  test('the forward gives the value, and the backward alone the gradient', () => {
    const strange = customGradient(
      (x: Tensor) => x.exp(),
      (g) => [g.mul(42)],
    );
    const { value, grads } = valueAndGrad((x: Tensor) => strange(x).sum())(numbers(0, 0));
    expect(value.item()).toBe(2);
    expect(grads.toArray()).toEqual([42, 42]);
  });

  test('the backward gets the cotangent, the output and the inputs', () => {
    const fn = customGradient(
      (a: Tensor, b: Tensor) => a.mul(b),
      (g, y, a, b) => [g.mul(y), g.mul(a).add(b)],
    );
    const { grads } = vjp(
      ({ a, b }: { a: Tensor; b: Tensor }) => fn(a, b),
      { a: numbers(2), b: numbers(5) },
      numbers(3),
    );
    expect([grads.a.toArray(), grads.b.toArray()]).toEqual([[30], [11]]);
  });

  test('it is called once for each use, and the uses add up', () => {
    expect(grad((x: Tensor) => cube(x).add(cube(x)).sum())(numbers(2)).toArray()).toEqual([24]);
    expect(grad((x: Tensor) => cube(cube(x)).sum())(numbers(1)).toArray()).toEqual([9]);
  });

  test('it is not called where no gradient comes from, or none goes to', () => {
    let calls = 0;
    const counted = customGradient(
      (x: Tensor) => x.neg(),
      (g) => {
        calls++;
        return [g.neg()];
      },
    );
    grad((x: Tensor) => {
      counted(x);
      counted(numbers(1));
      return x.sum();
    })(numbers(1));
    counted(numbers(1));
    expect(calls).toBe(0);
  });

  test('null means that an input gets no gradient', () => {
    const first = customGradient(
      (a: Tensor, b: Tensor) => a.mul(b),
      (g, _, __, b) => [g.mul(b), null],
    );
    const grads = grad(([a, b]: [Tensor, Tensor]) => first(a, b).sum())([numbers(2), numbers(3)]);
    expect(grads.map((each) => each.toArray())).toEqual([[3], [0]]);
  });

  test('an int32 input gets null, and the others their gradients', () => {
    const pick = customGradient(
      (table: Tensor, rows: Tensor) => table.gather(rows),
      (g, _, table, rows) => [g.mul(0).sum().add(table.mul(0)).add(g.sum().mul(rows.size)), null],
    );
    const rows = tensor([0, 2], { dtype: 'int32' });
    expect(grad((table: Tensor) => pick(table, rows).sum())(numbers(5, 6, 7)).toArray()).toEqual([4, 4, 4]);
  });

  test('the output may be the input itself', () => {
    const clipped = customGradient(
      (x: Tensor) => x,
      (g) => [g.clamp(-1, 1)],
    );
    const x = numbers(3, -4);
    expect(grad((x: Tensor) => clipped(x).mul(x).sum())(x).toArray()).toEqual([3 + 1, -4 - 1]);
    const w = new Parameter(x);
    expect(grad({ w }, () => clipped(w).mul(10).sum())().w.toArray()).toEqual([1, 1]);
  });

  test('the output may be a view of the input, or a constant', () => {
    const row = customGradient(
      (x: Tensor) => x.select(0),
      (g, _, x) => [g.expand(x.shape)],
    );
    expect(grad((x: Tensor) => row(x).sum())(float64(2, 3)).toArray()).toEqual([
      [1, 1, 1],
      [1, 1, 1],
    ]);
    const constant = customGradient(
      (_: Tensor) => numbers(1),
      () => [null],
    );
    expect(grad((x: Tensor) => constant(x).sum())(numbers(1)).toArray()).toEqual([0]);
  });

  test('nothing inside the forward is recorded: to a tape it is one op', () => {
    const ran: string[] = [];
    const listener = { record: (name: string) => ran.push(name), beforeWrite: () => {} };
    withRecorder(listener, () => cube(numbers(2)));
    expect(ran).toEqual(['custom']);
  });

  test('outside of gradients it is the forward', () => {
    expect(cube(numbers(2)).toArray()).toEqual([8]);
  });
});

describe('gradients of gradients', () => {
  test('a backward in tensor ops is differentiated again, at will', () => {
    expect(gradcheck((x) => cube(x), [float64(3)], { order: 2 }).passed).toBe(true);
    const third = grad((x: Tensor) =>
      grad((x: Tensor) => grad((x: Tensor) => cube(x).sum())(x).sum())(x).sum(),
    );
    expect(third(numbers(0.3, -2)).toArray()).toEqual([6, 6]);
  });

  test('it works in Jacobian–vector products too', () => {
    const { tangent } = jvp((x: Tensor) => cube(x), numbers(1, 2), numbers(10, 1));
    expect(tangent.toArray()).toEqual([30, 12]);
  });

  test('what the backward takes from outside counts as constant', () => {
    const x = numbers(2);
    const slope = grad((x: Tensor) => {
      const factor = x.square();
      const fn = customGradient(
        (x: Tensor) => x.mul(1),
        (g) => [g.mul(factor)],
      );
      return fn(x).sum();
    });
    expect(slope(x).toArray()).toEqual([4]);
  });

  test('functions nest: in the forward they are hidden, in the backward they are differentiated', () => {
    const inner = customGradient(
      (x: Tensor) => x.square(),
      (g, _, x) => [g.mul(x).mul(2)],
    );
    const outer = customGradient(
      (x: Tensor) => inner(x).mul(x),
      (g, _, x) => [g.mul(inner(x)).mul(3)],
    );
    expect(gradcheck((x) => outer(x), [float64(3)], { order: 2 }).passed).toBe(true);
  });

  test('a backward may take gradients itself: recomputing in place of remembering', () => {
    const body = (x: Tensor): Tensor => x.tanh().mul(x);
    const recomputed = customGradient(body, (g, _, x) => [vjp(body, x, g).grads]);
    expect(gradcheck((x) => recomputed(x), [float64(2, 2)], { order: 2 }).passed).toBe(true);
  });

  test('stopGradient passes values and no gradient', () => {
    const x = numbers(3);
    expect(stopGradient(x).toArray()).toEqual([3]);
    expect(grad((x: Tensor) => stopGradient(x).mul(x).sum())(x).toArray()).toEqual([3]);
  });
});
