/** A weight used many times: its gradient is the sum of each use's, in any order. */
import { grad, vjp } from '@chronograd/autograd';
import { KernelProfile, linear, Parameter, type Tensor, tensor, withProfile } from '@chronograd/tensor';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { expectClose, expectEqual, underKernels } from './rules/laws.ts';
import { build, decimals, float64, type Plain, toTensor, total } from './rules/plain.ts';

const weight: Plain = { shape: [4, 3], values: decimals(1, 12) };
const rows = tensor([2, 0, 2, 3], { dtype: 'int32' });
const columns = tensor([1, 1, 0], { dtype: 'int32' });
const input = (seed: number, ...shape: number[]): Tensor =>
  toTensor({
    shape,
    values: decimals(
      seed,
      shape.reduce((size, n) => size * n, 1),
    ),
  });

/** Dense, product, rows and region, straight and transposed, of the whole and of parts. */
const uses: readonly ((w: Tensor) => Tensor)[] = [
  (w) => w.tanh(),
  (w) => w,
  (w) => input(2, 2, 4).matmul(w),
  (w) => input(3, 2, 3).matmul(w.transpose()),
  (w) => linear(input(4, 5, 3), w, input(5, 4)),
  (w) => w.gather(rows),
  (w) => w.transpose().gather(columns),
  (w) => w.select(1).mul(2),
  (w) => w.select(2, 1).mul(3),
  (w) => w.slice([1, 3], [0, 3, 2]),
  (w) => input(6, 2, 2).matmul(w.slice([0, 4, 2])),
  (w) =>
    w
      .slice(null, [1, 3])
      .transpose()
      .matmul(input(7, 4, 2)),
  (w) => input(8, 3, 2, 4).matmul(w.expand([3, 4, 3])),
  (w) =>
    w
      .reshape([2, 6])
      .flip(1)
      .matmul(input(9, 6, 2)),
];

/** A number from each use, in which all of its elements count. */
const lossOf = (use: number, w: Tensor): Tensor => {
  const y = uses[use]!(w);
  return y.mul(input(20 + use, ...y.shape)).sum();
};

const gradOf = (chosen: readonly number[], w: Tensor): number[] => {
  const f = (at: Tensor): Tensor => chosen.map((use) => lossOf(use, at)).reduce((sum, each) => sum.add(each));
  return [...grad(f)(w).toTypedArray()];
};

const alone = uses.map((_, use) => gradOf([use], toTensor(weight)));

function expectSum(chosen: readonly number[], came: readonly number[]): void {
  came.forEach((value, i) => {
    const terms = chosen.map((use) => alone[use]![i]!);
    expectClose(value, total(terms), total(terms.map(Math.abs)), 1e-13);
  });
}

test('every use alone gives what differences say', () => {
  const h = 2 ** -11;
  uses.forEach((_, use) => {
    weight.values.forEach((_, i) => {
      const at = (k: number): number =>
        lossOf(use, toTensor({ ...weight, values: weight.values.with(i, weight.values[i]! + k * h) })).item();
      const numeric = (at(-2) - 8 * at(-1) + 8 * at(1) - at(2)) / (12 * h);
      expectClose(alone[use]![i]!, numeric, 1, 1e-10);
    });
  });
});

test('any two uses, in either order, add up', () => {
  for (let first = 0; first < uses.length; first++) {
    for (let second = 0; second < uses.length; second++) {
      expectSum([first, second], gradOf([first, second], toTensor(weight)));
    }
  }
});

test('any uses in any order, some of them often, add up, of loose tensors and of parameters, in both kernel builds', () => {
  const several = fc.array(fc.nat({ max: uses.length - 1 }), { minLength: 1, maxLength: 20 });
  fc.assert(
    fc.property(several, fc.boolean(), (chosen, persistent) => {
      const w = persistent ? new Parameter(toTensor(weight)) : toTensor(weight);
      for (const build of ['strict', 'reference'] as const) {
        expectSum(
          chosen,
          underKernels(build, () => gradOf(chosen, w)),
        );
      }
    }),
    { seed: 1, numRuns: 150 },
  );
});

test('a weight used at T steps gets Σ xₜᵀ·gₜ, as one would compute it by hand', () => {
  const [T, B, I, O] = [7, 2, 4, 3];
  const xs = { shape: [T, B, I], values: decimals(30, T * B * I) };
  const gs = { shape: [T, B, O], values: decimals(31, T * B * O) };
  const byHand = build([I, O], ([i, o]) => {
    let sum = 0;
    for (let t = 0; t < T; t++) {
      for (let b = 0; b < B; b++) {
        sum += xs.values[(t * B + b) * I + i!]! * gs.values[(t * B + b) * O + o!]!;
      }
    }
    return sum;
  });
  const f = (product: (x: Tensor, w: Tensor) => Tensor) => (w: Tensor) =>
    Array.from({ length: T }, (_, t) =>
      product(toTensor(xs).select(t), w).mul(toTensor(gs).select(t)).sum(),
    ).reduce((sum, each) => sum.add(each));
  const w = { shape: [I, O], values: decimals(32, I * O) };
  expectEqual(grad(f((x, m) => x.matmul(m)))(toTensor(w)), byHand);
  const turned = toTensor(w).transpose();
  expectEqual(grad(f((x, m) => x.matmul(m.transpose())))(turned).transpose(), byHand);
  expectEqual(grad(f((x, m) => linear(x, m)))(turned).transpose(), byHand);
});

test.each([
  ['matmul', [4, 3], (x: Tensor, w: Tensor) => x.matmul(w)],
  ['matmul of the transposed weight', [3, 4], (x: Tensor, w: Tensor) => x.matmul(w.transpose())],
  ['linear', [3, 4], (x: Tensor, w: Tensor) => linear(x, w)],
] as const)('a weight used at many steps takes one product in the backward pass: %s', (_, shape, call) => {
  const f = (w: Tensor): Tensor =>
    [50, 51, 52, 53, 54]
      .map((seed) =>
        call(input(seed, 2, 4), w)
          .square()
          .sum(),
      )
      .reduce((sum, each) => sum.add(each));
  const profile = new KernelProfile(() => 0);
  withProfile(profile, () => grad(f)(input(55, ...shape)));
  const products = profile.rows.filter(({ phase, kernel }) => phase === 'backward' && kernel === 'matmul');
  expect(products.map(({ calls }) => calls)).toEqual([1]);
});

test('an embedding gets its gradient in the rows that were looked up, each as often as it was', () => {
  const steps = [tensor([0, 2], { dtype: 'int32' }), tensor([2, 2], { dtype: 'int32' })];
  const f = (table: Tensor): Tensor =>
    steps.map((at) => table.gather(at).sum()).reduce((sum, each) => sum.add(each));
  expect(grad(f)(float64([5, 6, 7, 8]).reshape([4, 1])).toArray()).toEqual([[1], [0], [3], [0]]);
});

test('rows looked up in a table of three axes, however it is permuted, go back to where they came from', () => {
  const values = decimals(40, 24);
  fc.assert(
    fc.property(fc.shuffledSubarray([0, 1, 2], { minLength: 3 }), fc.nat({ max: 1 }), (order, row) => {
      const f = (x: Tensor): Tensor => x.permute(order).gather(tensor([row, row, 0], { dtype: 'int32' }));
      const x = toTensor({ shape: [2, 3, 4], values });
      const y = f(x);
      const u = toTensor({ shape: y.shape, values: decimals(41, y.size) });
      const { grads } = vjp(f, x, u);
      // The look-up is linear: ⟨u, f(eᵢ)⟩ is the gradient's element i.
      values.forEach((_, i) => {
        const unit = toTensor({ shape: [2, 3, 4], values: values.map((_, k) => (k === i ? 1 : 0)) });
        expectClose(grads.toTypedArray()[i]!, f(unit).mul(u).sum().item(), 1, 1e-14);
      });
    }),
    { seed: 1, numRuns: 20 },
  );
});
