import { expect, test } from 'vitest';
import {
  add,
  concat,
  type Dtype,
  DtypeError,
  div,
  dot,
  equal,
  gather,
  greater,
  greaterEqual,
  less,
  lessEqual,
  linear,
  matmul,
  maximum,
  minimum,
  mul,
  notEqual,
  outer,
  Parameter,
  pow,
  scatterRows,
  softmaxCrossEntropy,
  stack,
  sub,
  type Tensor,
  where,
  zeros,
} from '../src/index.ts';

const all: readonly Dtype[] = ['float32', 'float64', 'int32'];
const mixes = all.flatMap((a) => all.filter((b) => b !== a).map((b) => [a, b] as const));

const binary: Record<string, (a: Tensor, b: Tensor) => unknown> = {
  add,
  sub,
  mul,
  div,
  pow,
  maximum,
  minimum,
  equal,
  notEqual,
  less,
  lessEqual,
  greater,
  greaterEqual,
  dot,
  outer,
  where: (a, b) => where(zeros([2]), a, b),
  concat: (a, b) => concat([a, b]),
  stack: (a, b) => stack([a, b]),
  matmul: (a, b) => matmul(a, b),
  assign: (a, b) => new Parameter(a).assign(b),
};

test('No op takes two dtypes: each mix throws an error with both and the cure', () => {
  for (const [name, op] of Object.entries(binary)) {
    for (const [a, b] of mixes) {
      const act = () => op(zeros([2], { dtype: a }), zeros([2], { dtype: b }));
      expect(act, `${name} of ${a} and ${b}`).toThrow(DtypeError);
      expect(act).toThrow(a);
      expect(act).toThrow(b);
      expect(act).toThrow("x.cast('");
    }
  }
});

test('The linear map throws for a weight or a bias of another float type', () => {
  const of = (dtype: Dtype) => zeros([2, 2], { dtype });
  expect(() => linear(of('float32'), of('float64'))).toThrow(DtypeError);
  expect(() => linear(of('float64'), of('float64'), zeros([2]))).toThrow(DtypeError);
});

test('Ops on floats throw for int32 and say how to cast', () => {
  const x = zeros([2, 2], { dtype: 'int32' });
  const floatsOnly: Record<string, () => unknown> = {
    exp: () => x.exp(),
    expm1: () => x.expm1(),
    log: () => x.log(),
    log1p: () => x.log1p(),
    sqrt: () => x.sqrt(),
    tanh: () => x.tanh(),
    sigmoid: () => x.sigmoid(),
    relu: () => x.relu(),
    div: () => x.div(x),
    pow: () => x.pow(2),
    matmul: () => x.matmul(x),
    mean: () => x.mean(),
    variance: () => x.variance(),
    softmax: () => x.softmax(),
    logSoftmax: () => x.logSoftmax(),
    logSumExp: () => x.logSumExp(),
    softmaxCrossEntropy: () => softmaxCrossEntropy(x, zeros([2], { dtype: 'int32' })),
  };
  for (const [name, act] of Object.entries(floatsOnly)) {
    expect(act, name).toThrow(DtypeError);
    expect(act).toThrow(`${name}: expected float32 or float64, got int32; cast first: x.cast('float32')`);
  }
});

test('Indices and targets must be int32', () => {
  for (const dtype of ['float32', 'float64'] as const) {
    const which = zeros([2], { dtype });
    const acts = [
      () => gather(zeros([3, 2]), which),
      () => scatterRows(zeros([2, 2]), which, 3),
      () => softmaxCrossEntropy(zeros([2, 3]), which),
    ];
    for (const act of acts) {
      expect(act).toThrow(DtypeError);
      expect(act).toThrow(new RegExp(`expected int32 (indices|targets), got ${dtype};`));
    }
  }
});

test('A number gets the dtype of the tensor, and int32 accepts neither fractions nor values beyond 32 bits', () => {
  for (const dtype of all) expect(zeros([2], { dtype }).add(2).dtype).toBe(dtype);
  const x = zeros([2], { dtype: 'int32' });
  for (const number of [0.5, Number.NaN, 2 ** 31]) expect(() => x.add(number)).toThrow(DtypeError);
  expect(() => where(x, 1, 2)).toThrow(DtypeError);
  expect(() => add(1, 2)).toThrow(DtypeError);
});

test('An unknown dtype is rejected, without a silent conversion', () => {
  for (const wrong of ['float16', 'int64', 'Float32', null, 32] as never[]) {
    expect(() => zeros([2], { dtype: wrong })).toThrow(DtypeError);
    expect(() => zeros([2]).cast(wrong)).toThrow(DtypeError);
  }
});
