import {
  AnomalyError,
  atTimeStep,
  customGradient,
  detectAnomaly,
  grad,
  valueAndGrad,
} from '@chronograd/autograd';
import { normal, Random, ScopeError, type Tensor, tensor } from '@chronograd/tensor';
import { runtime, withRuntime } from '@chronograd/tensor/engine';
import { describe, expect, test } from 'vitest';
import { found } from './anomaly-found.ts';

const numbers = (...values: number[]): Tensor => tensor(values, { dtype: 'float64' });

describe('where it was', () => {
  /** Divides by 3 − t. */
  const loop = (x: Tensor): Tensor => {
    let y = x;
    for (let t = 0; t < 6; t++) {
      atTimeStep(t);
      const x = y;
      y = withRuntime({ modulePath: ['recurrent', 'recurrent.cell'] }, () => x.div(numbers(3 - t)));
    }
    atTimeStep(null);
    return y.sum();
  };

  test('the module path and the time step are reported, forward', () => {
    const error = found(() => loop(numbers(1)));
    expect(error).toMatchObject({ op: 'div', place: 'recurrent.cell, time step 3' });
    expect(error.message).toContain('forward pass at recurrent.cell, time step 3: div made Infinity');
  });

  test('and backward, where the op ran forward', () => {
    const roots = (x: Tensor): Tensor => {
      let sum = x.sum();
      for (let t = 0; t < 4; t++) {
        atTimeStep(t);
        sum = sum.add(
          x
            .sub(numbers(t === 2 ? 1 : -1))
            .sqrt()
            .sum(),
        );
      }
      atTimeStep(null);
      return sum;
    };
    expect(found(() => grad(roots)(numbers(1)))).toMatchObject({
      op: 'sqrt',
      pass: 'backward',
      place: 'time step 2',
    });
  });

  test('a time step left behind by a throw is not reported', () => {
    atTimeStep(17);
    expect(found(() => numbers(0).log()).place).toBeNull();
    expect(runtime.timeStep).toBe(17);
    atTimeStep(null);
  });

  test('a function of customGradient is reported by its name, forward and backward', () => {
    const forward = customGradient(
      (x: Tensor) => x.log(),
      (g) => [g],
      'safeLog',
    );
    expect(found(() => forward(numbers(0)))).toMatchObject({ op: 'safeLog', pass: 'forward' });
    const backward = customGradient(
      (x: Tensor) => x.exp(),
      (g, _, x) => [g.div(x)],
      'wrongExp',
    );
    expect(found(() => grad((x: Tensor) => backward(x).sum())(numbers(0)))).toMatchObject({
      op: 'wrongExp',
      pass: 'backward',
    });
  });
});

describe('it leaves nothing behind', () => {
  const clean = (): void => {
    expect(runtime).toMatchObject({
      recording: false,
      checkAnomalies: false,
      timeStep: null,
      modulePath: [],
      backwardOf: null,
    });
    expect(numbers(0).log().item()).toBe(Number.NEGATIVE_INFINITY);
  };

  test('after it returned, after an anomaly, and after a throw from inside, forward or backward', () => {
    detectAnomaly(() => numbers(1).exp());
    clean();
    found(() => {
      atTimeStep(3);
      runtime.modulePath = ['cell'];
      return grad((x: Tensor) => x.sqrt().sum())(numbers(0));
    });
    clean();
    const throwing = customGradient(
      (x: Tensor) => x.mul(2),
      () => {
        throw new RangeError('mine');
      },
    );
    expect(() => detectAnomaly(() => grad((x: Tensor) => throwing(x).sum())(numbers(1)))).toThrow(
      new RangeError('mine'),
    );
    clean();
  });

  test('nested: the outer one goes on watching, from the path and step that it had', () => {
    const error = found(() => {
      atTimeStep(5);
      runtime.modulePath = ['outer'];
      expect(() =>
        detectAnomaly(() => {
          atTimeStep(8);
          runtime.modulePath = ['outer', 'inner'];
          numbers(0).log();
        }),
      ).toThrow(AnomalyError);
      return numbers(0).log();
    });
    expect(error.place).toBe('outer, time step 5');
    clean();
  });

  test('a promise throws an error, since what runs later would not be watched', () => {
    expect(() => detectAnomaly(async () => numbers(1).exp())).toThrow(ScopeError);
    clean();
  });

  test('results before, while and after are the same bits', () => {
    const random = new Random(7);
    const [xs, w, table] = [
      normal([5, 4, 3], { random }),
      normal([3, 3], { random }),
      normal([6, 3], { random }),
    ];
    const rows = tensor([5, 0, 5, 1], { dtype: 'int32' });
    const step = valueAndGrad(({ xs, w, table }: { xs: Tensor; w: Tensor; table: Tensor }) => {
      let h = xs.select(0);
      for (let t = 1; t < 5; t++) {
        const z = h.matmul(w).add(xs.select(t).matmul(w.transpose())).add(table.gather(rows));
        h = z.tanh();
      }
      return h
        .square()
        .sum()
        .add(w.mul(table.slice([0, 3])).sum());
    });
    const bits = (): unknown => {
      const { value, grads } = step({ xs, w, table });
      return [value, grads.xs, grads.w, grads.table].map((each) => each.toTypedArray());
    };
    const before = bits();
    expect(detectAnomaly(bits)).toEqual(before);
    expect(bits()).toEqual(before);
  });
});
