import { customGradient, type GradcheckMethod, gradcheck, type HasParameters } from '@chronograd/autograd';
import { normal, Parameter, Random, type Tensor, tensor } from '@chronograd/tensor';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { failure } from './gradcheck-failure.ts';

const random = new Random(1);
const float64 = (...shape: number[]): Tensor => normal(shape, { random, dtype: 'float64' });
const methods: readonly GradcheckMethod[] = ['central', 'five-point'];

/** h' = tanh(x·W + h·U + b), a module as users write them. */
class Cell implements HasParameters {
  readonly weightIh: Parameter;
  readonly weightHh: Parameter;
  readonly bias: Parameter;
  readonly hiddenSize: number;
  constructor(inputs: number, hidden: number) {
    this.weightIh = new Parameter(float64(inputs, hidden));
    this.weightHh = new Parameter(float64(hidden, hidden));
    this.bias = new Parameter(float64(hidden));
    this.hiddenSize = hidden;
  }
  parameterTree(): object {
    const { weightIh, weightHh, bias } = this;
    return { weightIh, weightHh, bias };
  }
  step(x: Tensor, h: Tensor): Tensor {
    return x.matmul(this.weightIh).add(h.matmul(this.weightHh)).add(this.bias).tanh();
  }
}

describe.each(methods)('with %s differences', (method) => {
  test('right gradients pass, whatever the shapes, to second order', () => {
    const size = fc.integer({ min: 1, max: 3 });
    fc.assert(
      fc.property(size, size, size, (m, k, n) => {
        const x = float64(m, k);
        const w = float64(k, n);
        const b = float64(n);
        const report = gradcheck((x, w, b) => x.matmul(w).add(b).tanh().softmax(), [x, w, b], {
          method,
          order: 2,
        });
        expect(report.passed).toBe(true);
      }),
      { seed: 1, numRuns: 10 },
    );
  });

  test('right gradients of large inputs and results pass along random directions', () => {
    fc.assert(
      fc.property(fc.integer({ min: 65, max: 300 }), (n) => {
        const report = gradcheck((x, y) => x.mul(y).sigmoid().add(x.exp()), [float64(n), float64(n)], {
          method,
        });
        expect(report.entries.map(({ moved }) => moved)).toEqual(['directions', 'directions']);
      }),
      { seed: 1, numRuns: 20 },
    );
  });

  test('a module is checked through its own parameters, over several time steps', () => {
    const cell = new Cell(3, 4);
    const report = gradcheck(
      (cell, xs, h) => [0, 1, 2].reduce((state, t) => cell.step(xs.select(t), state), h).sum(),
      [cell, float64(3, 2, 3), float64(2, 4)],
      { method, order: 2 },
    );
    expect(report.entries.slice(0, 3).map(({ input }) => input)).toEqual([
      'inputs[0].weightIh',
      'inputs[0].weightHh',
      'inputs[0].bias',
    ]);
  });

  test('a point near a kink or a pole passes, since the step is refined before numbers count as wrong', () => {
    const near = tensor([1, 4e-4, -3e-5, -2], { dtype: 'float64' });
    expect(gradcheck((x) => x.relu().mul(x), [near], { method }).passed).toBe(true);
    expect(gradcheck((x) => x.log(), [tensor([2e-4, 1e-3], { dtype: 'float64' })], { method }).passed).toBe(
      true,
    );
  });

  test('large and small inputs pass, since steps grow with them', () => {
    const spread = tensor([1e6, -4e4, 3e-3, 0], { dtype: 'float64' });
    expect(gradcheck((x) => x.mul(x).mul(1e-3), [spread], { method }).passed).toBe(true);
  });
});

describe('a recurrent net with large weights, which amplifies rounding', () => {
  const unroll = (xs: Tensor, w: Tensor, u: Tensor): Tensor => {
    let h = xs.select(0).matmul(w).tanh();
    for (let t = 1; t < 6; t++) h = xs.select(t).matmul(w).add(h.matmul(u)).tanh();
    return h;
  };
  const draw = (random: Random): [xs: Tensor, w: Tensor, u: Tensor] => [
    normal([6, 3, 5], { random, dtype: 'float64' }),
    normal([5, 12], { random, dtype: 'float64' }),
    normal([12, 12], { random, dtype: 'float64' }),
  ];

  test('central differences raise no false alarm', () => {
    fc.assert(
      fc.property(fc.integer(), fc.constantFrom(0, 64), (seed, fullBelow) => {
        expect(gradcheck(unroll, draw(random), { method: 'central', seed, fullBelow }).passed).toBe(true);
      }),
      { seed: 1, numRuns: 60 },
    );
  });

  // Of the seeds 0 … 599, those where a sum over large terms is so small that its size does not
  // measure its error.
  test.each([182, 189, 266, 540])('nor do random sums whose terms happen to cancel: seed %d', (seed) => {
    const large = (xs: Tensor, w: Tensor, u: Tensor): Tensor => unroll(xs, w, u).mul(1e6);
    expect(gradcheck(large, draw(new Random(seed)), { seed, fullBelow: 0 }).passed).toBe(true);
  });
});

test('a kink where autograd takes the mean of both slopes passes, since differences do the same', () => {
  expect(gradcheck((x) => x.abs().add(x.maximum(0)), [tensor([0, 3], { dtype: 'float64' })]).passed).toBe(
    true,
  );
});

test('an input that the function ignores is right with gradient 0, and the report says that it has no effect', () => {
  const report = gradcheck((x, _unused) => x.exp(), [float64(2), float64(3)]);
  expect(report.entries.map(({ ignored }) => ignored)).toEqual([false, true]);
  expect(String(report)).toContain('no effect');
});

test('int32 inputs are left alone', () => {
  const indices = tensor([2, 0, 2], { dtype: 'int32' });
  const report = gradcheck((table, rows) => table.gather(rows).tanh(), [float64(3, 2), indices], {
    order: 2,
  });
  expect(report.entries.map(({ input }) => input)).toEqual(['inputs[0]', 'inputs[0]', 'cotangent']);
});

test('a tensor in two inputs is perturbed in both', () => {
  const x = float64(3);
  expect(gradcheck((a, b) => a.mul(b), [x, x]).entries).toHaveLength(1);
});

test('inputs may be trees, and messages name the place in them', () => {
  const half = customGradient(
    (x) => x.exp(),
    (g, y) => [g.mul(y).mul(0.5)],
  );
  const inputs = { state: { h: float64(2), c: [float64(2), float64(1)] } };
  const error = failure(() => gradcheck(({ state }) => half(state.c[0]!).mul(state.h), [inputs]));
  expect(error.report.entries.map(({ input, failed }) => [input, failed])).toEqual([
    ['inputs[0].state.h', 0],
    ['inputs[0].state.c.0', 2],
    ['inputs[0].state.c.1', 0],
  ]);
});

test('inputs and results without elements pass', () => {
  expect(gradcheck((x, y) => x.sum().add(y), [float64(0, 3), float64()]).passed).toBe(true);
  expect(gradcheck((x) => x.slice([0, 0]), [float64(3)]).passed).toBe(true);
});

test('equal seeds give equal reports, and another seed other directions', () => {
  const x = float64(100);
  const check = (seed: number): string => String(gradcheck((x) => x.exp(), [x], { seed }));
  expect(check(3)).toBe(check(3));
  expect(check(3)).not.toBe(check(4));
});

test('the report prints as a table with the worst pair of each input', () => {
  const x = tensor([[1, 2]], { dtype: 'float64' });
  expect(`\n${gradcheck((x) => x.mul(3).sum(), [x])}`).toMatchInlineSnapshot(`
    "
        input      shape   order  tried       failed  worst at             autograd  differences  relative
    ok  inputs[0]  [1, 2]  1      2 elements  0       [0, 1] → the result  3         3            3.8e-14"
  `);
});
