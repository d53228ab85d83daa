/** Hessian–vector products of a small network, against differences of gradients and the Hessian. */
import { type Gradients, grad, hvp } from '@chronograd/autograd';
import { linear, softmaxCrossEntropy, type Tensor, tensor } from '@chronograd/tensor';
import { expect, test } from 'vitest';
import { expectClose } from './rules/laws.ts';
import { decimals, inner, toTensor, total } from './rules/plain.ts';

const shapes = { hidden: [5, 3], bias: [5], output: [4, 5], shift: [4] } as const;
type Name = keyof typeof shapes;
type Network = Readonly<Record<Name, Tensor>>;

const names = Object.keys(shapes) as Name[];
const sizes = names.map((name) => shapes[name].reduce<number>((size, n) => size * n, 1));
const length = total(sizes);

/** A network, or a direction in the space of networks, from one row of numbers. */
function fromRow(row: readonly number[]): Network {
  let start = 0;
  return Object.fromEntries(
    names.map((name, i) => {
      const values = row.slice(start, start + sizes[i]!);
      start += sizes[i]!;
      return [name, toTensor({ shape: shapes[name], values })];
    }),
  ) as unknown as Network;
}

const toRow = (tree: Gradients<Network>): number[] => names.flatMap((name) => [...tree[name].toTypedArray()]);

const x = toTensor({ shape: [6, 3], values: decimals(1, 18) });
const targets = tensor([0, 3, 2, 1, 1, 0], { dtype: 'int32' });

const loss = ({ hidden, bias, output, shift }: Network): Tensor => {
  const h = linear(x, hidden, bias).tanh();
  const logits = h.matmul(output.transpose()).add(shift);
  return softmaxCrossEntropy(logits, targets)[0].mean().add(hidden.square().sum().mul(0.05));
};

const weights = decimals(2, length);
const gradientAt = (row: readonly number[]): number[] => toRow(grad(loss)(fromRow(row)));
const productWith = (v: readonly number[]): number[] =>
  toRow(hvp(loss, fromRow(weights), fromRow(v)).product);

test('it is what differences of gradients say', () => {
  const h = 2 ** -11;
  for (const seed of [3, 4, 5]) {
    const v = decimals(seed, length);
    const at = (k: number): number[] => gradientAt(weights.map((each, i) => each + k * h * v[i]!));
    const [a, b, c, d] = [at(-2), at(-1), at(1), at(2)] as const;
    productWith(v).forEach((each, i) => {
      expectClose(each, (a[i]! - 8 * b[i]! + 8 * c[i]! - d[i]!) / (12 * h), 1, 1e-10);
    });
  }
});

test('the whole Hessian is symmetric, and its rows give the same products', () => {
  const hessian = weights.map((_, i) => productWith(weights.map((_, k) => (k === i ? 1 : 0))));
  hessian.forEach((row, i) => {
    row.forEach((each, k) => {
      expectClose(each, hessian[k]![i]!, 1, 1e-14);
    });
  });
  const v = decimals(6, length);
  productWith(v).forEach((each, i) => {
    expectClose(each, inner(hessian[i]!, v), total(hessian[i]!.map(Math.abs)), 1e-14);
  });
});

test('value and gradient come with it, and are the ordinary ones', () => {
  const { value, grads } = hvp(loss, fromRow(weights), fromRow(decimals(7, length)));
  expect(value.item()).toBe(loss(fromRow(weights)).item());
  const plain = gradientAt(weights);
  toRow(grads).forEach((each, i) => {
    expectClose(each, plain[i]!, 1, 1e-14);
  });
});

test('it is linear in the vector', () => {
  const [v, w] = [decimals(8, length), decimals(9, length)];
  const [left, right] = [productWith(v), productWith(w)];
  productWith(v.map((each, i) => 2 * each - 0.3 * w[i]!)).forEach((each, i) => {
    expectClose(each, 2 * left[i]! - 0.3 * right[i]!, 1, 1e-13);
  });
});
