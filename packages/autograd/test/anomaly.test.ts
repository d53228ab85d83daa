import { customGradient, detectAnomaly, grad, valueAndGrad } from '@chronograd/autograd';
import { type Tensor, tensor, where } from '@chronograd/tensor';
import { describe, expect, test } from 'vitest';
import { found } from './anomaly-found.ts';

const numbers = (...values: number[]): Tensor => tensor(values, { dtype: 'float64' });

describe('forward', () => {
  test.each<[op: string, made: number, body: () => unknown]>([
    ['log', Number.NEGATIVE_INFINITY, () => numbers(1, 0).log()],
    ['log', Number.NaN, () => numbers(-1).log()],
    ['exp', Number.POSITIVE_INFINITY, () => numbers(1000).exp()],
    ['exp', Number.POSITIVE_INFINITY, () => tensor([100]).exp()],
    ['div', Number.NaN, () => numbers(0).div(numbers(0))],
    ['div', Number.NEGATIVE_INFINITY, () => numbers(-1).div(0)],
    ['sqrt', Number.NaN, () => numbers(-1).sqrt()],
    ['mul', Number.POSITIVE_INFINITY, () => numbers(1e200).square()],
    ['sum', Number.POSITIVE_INFINITY, () => numbers(1e308, 1e308).sum()],
    [
      'matmul',
      Number.POSITIVE_INFINITY,
      () => tensor([[1e200]], { dtype: 'float64' }).matmul(tensor([[1e200]], { dtype: 'float64' })),
    ],
    ['cast', Number.POSITIVE_INFINITY, () => numbers(1e300).cast('float32')],
  ])('%s that makes %d out of finite numbers is named', (op, made, body) => {
    const error = found(body);
    expect(error).toMatchObject({ op, pass: 'forward', place: null });
    expect(error.message).toContain(`forward pass: ${op} made ${made} out of finite numbers`);
  });

  test('a view of finite elements is fine where the storage holds others', () => {
    const x = numbers(1, Number.NaN, 2);
    expect(detectAnomaly(() => x.slice([0, 3, 2]).transpose(0, 0).exp().log().toArray())).toEqual([1, 2]);
  });

  test('the first op is named, also inside of a differentiated function', () => {
    const loss = valueAndGrad((x: Tensor) => x.log().exp().sum());
    expect(found(() => loss(numbers(0)))).toMatchObject({ op: 'log', pass: 'forward' });
  });

  test('an op that only passes on what is not finite is not blamed', () => {
    const bad = numbers(Number.NaN, Number.POSITIVE_INFINITY);
    expect(detectAnomaly(() => bad.exp().sub(bad).log().sum().item())).toBeNaN();
    expect(found(() => [bad.exp(), numbers(-1).log()]).op).toBe('log');
  });

  test('infinities that are meant, as in masks, are not blamed', () => {
    const masked = where(tensor([1, 0], { dtype: 'float64' }), numbers(2, 3), Number.NEGATIVE_INFINITY);
    expect(detectAnomaly(() => masked.softmax().toArray())).toEqual([1, 0]);
  });

  test('numbers that stay finite are returned as without', () => {
    expect(detectAnomaly(() => numbers(4).sqrt().item())).toBe(2);
  });
});

describe('backward', () => {
  test('sqrt at 0 is named with its rule', () => {
    const error = found(() => grad((x: Tensor) => x.sqrt().sum())(numbers(0, 1)));
    expect(error).toMatchObject({ op: 'sqrt', pass: 'backward' });
    expect(error.message).toContain('the backward of sqrt made Infinity (in div)');
  });

  test('norm at 0 is safe, and so are softplus and logSumExp far out', () => {
    const safe = (x: Tensor): Tensor => x.norm().add(x.mul(1e3).softplus().sum()).add(x.mul(1e3).logSumExp());
    expect(detectAnomaly(() => grad(safe)(numbers(0, 0)).toArray())).toEqual([500 + 500, 500 + 500]);
  });

  test('what a rule masks makes nothing that is not finite on the way', () => {
    const safe = (x: Tensor): Tensor => {
      const limited = x.clamp(0, 1).add(x.abs()).add(x.relu()).add(x.minimum(0));
      return limited
        .add(x.pow(2))
        .add(x.pow(numbers(0, 1)))
        .sum()
        .add(x.max())
        .add(x.norm());
    };
    expect(detectAnomaly(() => grad(safe)(numbers(0, 0)).toArray())).toEqual([1.5, 2.5]);
  });

  const big = 1.2e308;
  const matrix = tensor([[big]], { dtype: 'float64' });
  const twice = (x: Tensor): Tensor => matrix.matmul(x).add(matrix.matmul(x));
  const row = tensor([0], { dtype: 'int32' });
  test.each<[how: string, op: string, inOp: string, fn: (x: Tensor) => Tensor]>([
    ['as they are', 'mul', 'add', (x) => x.mul(big).add(x.mul(big))],
    ['three times', 'mul', 'add', (x) => x.mul(0.6e308).add(x.mul(0.6e308)).add(x.mul(big))],
    [
      'as regions',
      'slice',
      'add',
      (x) =>
        x
          .slice([0, 1])
          .mul(big)
          .add(x.slice([0, 1]).mul(big)),
    ],
    ['as rows', 'add', 'add', (x) => x.gather(row).mul(big).add(x.gather(row).mul(big))],
    ['as products', 'matmul', 'matmul', twice],
    ['as a product into a sum', 'matmul', 'matmul', (x) => matrix.matmul(x).add(x.mul(big))],
    ['as products of a transpose', 'matmul', 'matmul', (x) => twice(x.transpose())],
    ['as products on the way', 'mul', 'matmul', (x) => twice(x.mul(1))],
  ])('cotangents that overflow only when they are added up are found, %s', (_, op, inOp, fn) => {
    const error = found(() => grad((x: Tensor) => fn(x).sum())(tensor([[1e-300]], { dtype: 'float64' })));
    expect(error).toMatchObject({ op, pass: 'backward' });
    expect(error.message).toContain(`made Infinity (in ${inOp})`);
  });

  test('a gradient that only passes on what came in is not blamed', () => {
    const fn = (x: Tensor): Tensor => x.mul(numbers(Number.POSITIVE_INFINITY)).sum();
    expect(detectAnomaly(() => grad(fn)(numbers(1)).item())).toBe(Number.POSITIVE_INFINITY);
  });

  test('gradients of gradients: the pass is backward, the op the one that was differentiated', () => {
    const second = grad((x: Tensor) => grad((x: Tensor) => x.pow(1.5).sum())(x).sum());
    expect(found(() => second(numbers(0)))).toMatchObject({ op: 'pow', pass: 'backward' });
  });

  test('a rule that walks back on a separate tape is still a rule afterwards', () => {
    const fn = customGradient(
      (x: Tensor) => x.exp(),
      (g, _, x) => [
        grad((x: Tensor) => x.square().sum())(x)
          .log()
          .mul(g),
      ],
      'mine',
    );
    expect(found(() => grad((x: Tensor) => fn(x).sum())(numbers(0)))).toMatchObject({
      op: 'mine',
      pass: 'backward',
    });
  });
});
