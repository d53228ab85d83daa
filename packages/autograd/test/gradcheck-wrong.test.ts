import { customGradient, type GradcheckMethod, gradcheck } from '@chronograd/autograd';
import { normal, Random, type Tensor, tensor } from '@chronograd/tensor';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { failure } from './gradcheck-failure.ts';

const random = new Random(2);
const float64 = (...shape: number[]): Tensor => normal(shape, { random, dtype: 'float64' });
const methods: readonly GradcheckMethod[] = ['central', 'five-point'];

type Function = (...inputs: Tensor[]) => Tensor;
const product = (a: Tensor, b: Tensor): Tensor => a.matmul(b);

/** Functions whose backward is wrong in one way, the input that is wrong, and shapes of inputs. */
const wrong: [what: string, fn: Function, input: string, shapes: number[][]][] = [
  [
    'a factor 2',
    customGradient(
      (x) => x.tanh(),
      (g, y) => [g.mul(y.square().neg().add(1)).mul(2)],
    ),
    'inputs[0]',
    [[2, 3]],
  ],
  [
    'a sign',
    customGradient(
      (a, b) => a.sub(b),
      (g) => [g, g],
    ),
    'inputs[1]',
    [[3], [3]],
  ],
  [
    '1 − h for 1 − h²',
    customGradient(
      (x) => x.tanh(),
      (g, y) => [g.mul(y.neg().add(1))],
    ),
    'inputs[0]',
    [[4]],
  ],
  [
    'a missing term',
    customGradient(
      (x) => x.square().add(x.exp()),
      (g, _, x) => [g.mul(x).mul(2)],
    ),
    'inputs[0]',
    [[2, 2]],
  ],
  [
    'a missing transpose',
    customGradient(product, (g, _, a, b) => [g.matmul(b), a.transpose().matmul(g)]),
    'inputs[0]',
    [
      [3, 3],
      [3, 3],
    ],
  ],
  [
    'a transposed gradient',
    customGradient(product, (g, _, a, b) => [g.matmul(b.transpose()), a.transpose().matmul(g).transpose()]),
    'inputs[1]',
    [
      [3, 3],
      [3, 3],
    ],
  ],
  [
    'gradients swapped between inputs',
    customGradient(
      (a, b) => a.mul(b),
      (g, _, a, b) => [g.mul(a), g.mul(b)],
    ),
    'inputs[0]',
    [[3], [3]],
  ],
  [
    'a gradient that is cut',
    customGradient(
      (a, b) => a.mul(b),
      (g, _, __, b) => [g.mul(b), null],
    ),
    'inputs[1]',
    [[3], [3]],
  ],
  [
    'a mean where a sum was',
    customGradient(
      (x) => x.sum(),
      (g, _, x) => [g.expand(x.shape).div(x.size)],
    ),
    'inputs[0]',
    [[5]],
  ],
  [
    'one time step dropped',
    customGradient(
      (x) => x.sum(0),
      (g, _, x) => [g.expand(x.shape).mul(tensor([[1], [0], [1]], { dtype: 'float64' }))],
    ),
    'inputs[0]',
    [[3, 2]],
  ],
  [
    'a gradient of another place',
    customGradient(
      (x) => x.square(),
      (g, _, x) => [g.mul(x.flip(0)).mul(2)],
    ),
    'inputs[0]',
    [[4]],
  ],
  [
    'a millionth too much',
    customGradient(
      (x) => x.exp(),
      (g, y) => [g.mul(y).mul(1 + 1e-6)],
    ),
    'inputs[0]',
    [[2, 2]],
  ],
];

describe.each(methods)('with %s differences', (method) => {
  test.each(wrong)('%s is caught, and the input named', (_, fn, input, shapes) => {
    const { message, report } = failure(() =>
      gradcheck(
        fn,
        shapes.map((shape) => float64(...shape)),
        { method },
      ),
    );
    expect(message).toContain(`with respect to ${input} at [`);
    expect(report.entries.find(({ failed }) => failed > 0)!.input).toBe(input);
  });

  test.each(wrong)(
    '%s is caught in inputs and results too large for a full Jacobian',
    (_, fn, input, shapes) => {
      const inputs = shapes.map((shape) => float64(...shape));
      const { message } = failure(() => gradcheck(fn, inputs, { method, fullBelow: 0 }));
      expect(message).toContain(`with respect to ${input} at [`);
    },
  );

  test('a millionth too much in a large tensor is caught, for each seed', () => {
    const excessive = customGradient(
      (x) => x.exp(),
      (g, y) => [g.mul(y).mul(1 + 1e-6)],
    );
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 ** 31 }), (seed) => {
        failure(() => gradcheck((x) => excessive(x), [float64(40, 25)], { method, seed }));
      }),
      { seed: 1, numRuns: 10 },
    );
  });

  test('one wrong element among thousands is caught, and found, wherever it is', () => {
    const x = float64(60, 50);
    fc.assert(
      fc.property(fc.nat(59), fc.nat(49), (row, column) => {
        const factors = new Float64Array(3000).fill(1);
        factors[row * 50 + column] = 1.001;
        const fn = customGradient(
          (x) => x.exp(),
          (g, y) => [g.mul(y).mul(tensor(factors, { shape: [60, 50] }))],
        );
        const scalar = failure(() => gradcheck((x) => fn(x).sum(), [x], { method }));
        expect(scalar.report.entries[0]!.worst!.index).toEqual([row, column]);
        expect(scalar.message).toContain(`inputs[0] at [${row}, ${column}]`);
        const wide = failure(() => gradcheck((x) => fn(x), [x], { method }));
        expect(wide.report.entries[0]!.worst!.index).toEqual([row, column]);
      }),
      { seed: 1, numRuns: 10 },
    );
  });
});
