/** Laws of the kernels of optimizers: their formulas, in place, and no write of another size. */
import { expect, test } from 'vitest';
import { adagradUpdate, adamUpdate, largestMagnitude, sgdUpdate, sumOfSquares } from '../../src/engine.ts';
import {
  DtypeError,
  normal,
  ones,
  Parameter,
  Random,
  ShapeError,
  scope,
  type Tensor,
  tensor,
  ValueError,
  zeros,
} from '../../src/index.ts';

const random = new Random(1);
const float64 = { random, dtype: 'float64' } as const;
const values = (x: Tensor): number[] => [...x.toTypedArray()];
const close = (x: Tensor, expected: readonly number[]): void => {
  const got = values(x);
  expect(got.length).toBe(expected.length);
  expected.forEach((each, i) => {
    expect(got[i]).toBeCloseTo(each, 12);
  });
};

/** A parameter, a strided gradient, and slots with squares of random numbers. */
function setup(): { p: Parameter; g: Tensor; m: Parameter; v: Parameter } {
  const slot = (): Parameter => new Parameter(normal([3, 2], float64).square());
  return {
    p: new Parameter(normal([3, 2], float64)),
    g: normal([2, 3], float64).transpose(),
    m: slot(),
    v: slot(),
  };
}

const runs: readonly [string, (body: () => void) => void][] = [
  ['outside of scopes', (body) => body()],
  ['in a scope', (body) => scope(body)],
];

test.each(runs)(
  'SGD, Adagrad and Adam update by their formulas, also from a strided gradient, %s',
  (_, within) => {
    const lr = 0.1;
    {
      const { p, g } = setup();
      const [p0, g0] = [values(p), values(g)];
      within(() => sgdUpdate(p, g, lr));
      close(
        p,
        p0.map((each, i) => each - lr * g0[i]!),
      );
    }
    for (const epsInside of [true, false]) {
      const { p, g, v } = setup();
      const [p0, g0, v0] = [values(p), values(g), values(v)];
      const eps = 0.3;
      within(() => adagradUpdate(p, g, v, { lr, eps, epsInside }));
      const v1 = v0.map((each, i) => each + g0[i]! ** 2);
      close(v, v1);
      const d = v1.map((each) => (epsInside ? Math.sqrt(each + eps) : Math.sqrt(each) + eps));
      close(
        p,
        p0.map((each, i) => each - (lr * g0[i]!) / d[i]!),
      );
    }
    const { p, g, m, v } = setup();
    const [p0, g0, m0, v0] = [values(p), values(g), values(m), values(v)];
    const [beta1, beta2, root, eps] = [0.8, 0.6, 0.7, 0.2];
    within(() => adamUpdate(p, g, m, v, { rate: lr, beta1, beta2, root, eps }));
    const m1 = m0.map((each, i) => beta1 * each + (1 - beta1) * g0[i]!);
    const v1 = v0.map((each, i) => beta2 * each + (1 - beta2) * g0[i]! ** 2);
    close(m, m1);
    close(v, v1);
    close(
      p,
      p0.map((each, i) => each - (lr * m1[i]!) / (Math.sqrt(v1[i]!) / root + eps)),
    );
  },
);

const misfits: readonly [string, (other: never) => void][] = [
  ['SGD, gradient', (other) => sgdUpdate(new Parameter(ones([2, 3])), other, 0.1)],
  ['Adagrad, gradient', (other) => adagrad(other, new Parameter(ones([2, 3])))],
  ['Adagrad, accumulator', (other) => adagrad(ones([2, 3]), other)],
  ['Adam, gradient', (other) => adam(other, new Parameter(ones([2, 3])), new Parameter(ones([2, 3])))],
  ['Adam, mean', (other) => adam(ones([2, 3]), other, new Parameter(ones([2, 3])))],
  ['Adam, square', (other) => adam(ones([2, 3]), new Parameter(ones([2, 3])), other)],
];

function adagrad(g: Tensor, accumulator: Parameter): void {
  adagradUpdate(new Parameter(ones([2, 3])), g, accumulator, { lr: 0.1, eps: 0, epsInside: true });
}

function adam(g: Tensor, mean: Parameter, square: Parameter): void {
  const step = { rate: 0.1, beta1: 0.9, beta2: 0.9, root: 1, eps: 1e-8 };
  adamUpdate(new Parameter(ones([2, 3])), g, mean, square, step);
}

test.each(misfits)(
  'An update takes no tensor of another shape or dtype, and no other value: %s',
  (_, call) => {
    expect(() => call(new Parameter(ones([3, 2])) as never)).toThrow(ShapeError);
    expect(() => call(new Parameter(ones([2, 3], { dtype: 'float64' })) as never)).toThrow(DtypeError);
    expect(() => call(2 as never)).toThrow(ValueError);
  },
);

test.each(runs)(
  'The largest magnitude and the sum of squares are of all elements in any order, %s',
  (_, within) => {
    const x = tensor(
      [
        [1, -4, 2],
        [0.5, 3, -1],
      ],
      { dtype: 'float64' },
    );
    within(() => {
      for (const each of [x, x.transpose(), x.flip(), x.mul(-1)]) {
        expect(largestMagnitude(each)).toBe(4);
        expect(sumOfSquares(each)).toBe(31.25);
        expect(sumOfSquares(each, 0.5)).toBe(31.25 / 4);
      }
    });
    expect(largestMagnitude(tensor([1, Number.NaN, 2]))).toBeNaN();
    expect(largestMagnitude(zeros([0]))).toBe(0);
    expect(largestMagnitude(tensor([3], { dtype: 'int32' }))).toBe(0);
    expect(() => sumOfSquares(tensor([3], { dtype: 'int32' }))).toThrow(DtypeError);
    for (const measure of [largestMagnitude, sumOfSquares])
      expect(() => measure(2 as never)).toThrow(ValueError);
  },
);

test('Limits hold for elements in any order', () => {
  const x = tensor([
    [1, -4, 2],
    [0.5, 3, -1],
  ]);
  expect(x.transpose().clamp(-1, 2).toArray()).toEqual([
    [1, 0.5],
    [-1, 2],
    [2, -1],
  ]);
});
