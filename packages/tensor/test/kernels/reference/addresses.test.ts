/**
 * Addresses of blocks do not affect results: above 2 GiB, where a signed shift would be negative,
 * and after the heap has grown.
 */
import { expect, test } from 'vitest';
import type { CommonKernels, FloatKernels, Kernels } from '../../../src/kernels/contract.ts';
import { referenceKernels } from '../../../src/kernels/reference/index.ts';
import { Heap } from '../../../src/memory/heap.ts';
import { type Dtype, dtypes, floats, Workbench } from './workbench.ts';

const A = [1, -2, 3.5, 0, 0.25, 7];
const B = [2, 0.5, -1, 4, 3, 1];

type Launch<K> = (kernels: K, bench: Workbench, dtype: Dtype) => number[];
type Row<K> = { readonly [name in keyof K]: Launch<K> };

const unary =
  <K>(name: keyof K): Launch<K> =>
  (kernels, bench, dtype) => {
    const y = bench.room(dtype, 6);
    (kernels as Record<keyof K, CommonKernels['neg']>)[name](bench.put(dtype, A), y, 6);
    return bench.take(dtype, y, 6);
  };

const binary =
  <K>(name: keyof K): Launch<K> =>
  (kernels, bench, dtype) => {
    const y = bench.room(dtype, 6);
    const [a, b] = [bench.put(dtype, A), bench.put(dtype, B)];
    (kernels as Record<keyof K, CommonKernels['add']>)[name](a, 3, 1, b, 3, 1, y, 3, 2, 3);
    return bench.take(dtype, y, 6);
  };

const reduce =
  <K>(name: keyof K, target?: Dtype): Launch<K> =>
  (kernels, bench, dtype) => {
    const y = bench.room(target ?? dtype, 2);
    (kernels as Record<keyof K, CommonKernels['sum']>)[name](bench.put(dtype, A), y, 1, 3, 2);
    return bench.take(target ?? dtype, y, 2);
  };

const cast =
  (name: 'toFloat32' | 'toFloat64' | 'toInt32', target: Dtype): Launch<CommonKernels> =>
  (kernels, bench, dtype) => {
    const y = bench.room(target, 6);
    kernels[name](bench.put(dtype, A), y, 6);
    return bench.take(target, y, 6);
  };

/** A launch over blocks that start as A, whose results are all of them. */
const inPlace =
  <K>(count: number, launch: (kernels: K, blocks: number[], bench: Workbench) => unknown): Launch<K> =>
  (kernels, bench, dtype) => {
    const blocks = Array.from({ length: count }, () => bench.put(dtype, A));
    const answer = launch(kernels, blocks, bench);
    const results = blocks.flatMap((address) => bench.take(dtype, address, 6));
    return typeof answer === 'number' ? [answer, ...results] : results;
  };

const common: Row<CommonKernels> = {
  neg: unary('neg'),
  abs: unary('abs'),
  sign: unary('sign'),
  add: binary('add'),
  sub: binary('sub'),
  mul: binary('mul'),
  maximum: binary('maximum'),
  minimum: binary('minimum'),
  equal: binary('equal'),
  notEqual: binary('notEqual'),
  less: binary('less'),
  lessEqual: binary('lessEqual'),
  where: inPlace(4, (k, [c, a, b, y]) => k.where(c!, a!, b!, y!, 6)),
  sum: reduce('sum'),
  max: reduce('max'),
  min: reduce('min'),
  argmax: reduce('argmax', 'int32'),
  argsort: (kernels, bench, dtype) => {
    const y = bench.room('int32', 6);
    kernels.argsort(bench.put(dtype, A), y, 1, 3, 2, 1);
    return bench.take('int32', y, 6);
  },
  fill: inPlace(1, (k, [y]) => k.fill(y!, 5, 9)),
  copy: inPlace(2, (k, [x, y]) => k.copy(x!, 1, 2, y!, 3, 1, 2, 3)),
  gather: inPlace(2, (k, [table, y], bench) => k.gather(table!, bench.put('int32', [2, 0]), y!, 2, 2)),
  scatterAdd: inPlace(2, (k, [table, g], bench) =>
    k.scatterAdd(table!, bench.put('int32', [2, 0]), g!, 2, 2),
  ),
  toFloat32: cast('toFloat32', 'float32'),
  toFloat64: cast('toFloat64', 'float64'),
  toInt32: cast('toInt32', 'int32'),
};

const float: Omit<Row<FloatKernels>, keyof CommonKernels> = {
  sqrt: unary('sqrt'),
  exp: unary('exp'),
  expm1: unary('expm1'),
  log: unary('log'),
  log1p: unary('log1p'),
  tanh: unary('tanh'),
  sigmoid: unary('sigmoid'),
  sin: unary('sin'),
  cos: unary('cos'),
  erf: unary('erf'),
  relu: unary('relu'),
  div: binary('div'),
  pow: binary('pow'),
  tanhGrad: binary('tanhGrad'),
  sigmoidGrad: binary('sigmoidGrad'),
  matmul: inPlace(3, (k, [a, b, c]) => k.matmul(a!, 2, 1, b!, 3, c!, 3, 2, 3, 2, 1)),
  transpose: inPlace(2, (k, [x, y]) => k.transpose(x!, 3, y!, 2, 3)),
  crossEntropy: inPlace(3, (k, [x, loss, probs], bench) =>
    k.crossEntropy(x!, bench.put('int32', [2, 0]), loss!, probs!, 2, 3, -1),
  ),
  crossEntropyGrad: inPlace(3, (k, [probs, g, y], bench) =>
    k.crossEntropyGrad(probs!, bench.put('int32', [2, 0]), g!, 1, y!, 2, 3, -1),
  ),
  maxAbs: inPlace(1, (k, [x]) => k.maxAbs(x!, 6)),
  sumSquares: inPlace(1, (k, [x]) => k.sumSquares(x!, 6, 0.5)),
  clip: inPlace(2, (k, [x, y]) => k.clip(x!, y!, 6, -1, 1)),
  sgd: inPlace(2, (k, [p, g]) => k.sgd(p!, g!, 6, 0.1)),
  adagrad: inPlace(3, (k, [p, g, s]) => k.adagrad(p!, g!, s!, 6, 0.1, 1e-8, 1)),
  adam: inPlace(4, (k, [p, g, m, v]) =>
    k.adam(p!, g!, m!, v!, 6, 0.1, 0.9, 0.1, 0.999, 1 - 0.999, 0.5, 1e-8),
  ),
};

/** Every kernel of every dtype, run on a bench: name → results. */
function runAll(kernels: Kernels, bench: Workbench): Record<string, number[]> {
  const results: Record<string, number[]> = {};
  for (const dtype of dtypes) {
    for (const [name, launch] of Object.entries(common)) {
      bench.clear();
      results[`${name} ${dtype}`] = launch(kernels[dtype], bench, dtype);
    }
  }
  for (const dtype of floats) {
    for (const [name, launch] of Object.entries(float)) {
      bench.clear();
      results[`${name} ${dtype}`] = launch(kernels[dtype], bench, dtype);
    }
  }
  return results;
}

const TWO_GIB = 2 ** 31;

test('no kernel is missing from this file', () => {
  const kernels = referenceKernels(new Heap(65536));
  expect(Object.keys(common).sort()).toEqual(Object.keys(kernels.int32).sort());
  for (const dtype of floats) {
    expect(Object.keys({ ...common, ...float }).sort()).toEqual(Object.keys(kernels[dtype]).sort());
  }
});

test('every kernel computes the same above 2 GiB, and across that border, as it does below', () => {
  const heap = new Heap(TWO_GIB + 65536);
  const kernels = referenceKernels(heap);
  const low = runAll(kernels, new Workbench(heap, 1024));
  expect(runAll(kernels, new Workbench(heap, TWO_GIB + 1024))).toEqual(low);
  expect(runAll(kernels, new Workbench(heap, TWO_GIB - 96))).toEqual(low);
});

test('every kernel computes the same after the heap has grown under it', () => {
  const heap = new Heap(65536);
  const kernels = referenceKernels(heap);
  const bench = new Workbench(heap, 1024);
  const before = runAll(kernels, bench);
  expect(heap.grow(3 * 65536)).toBe(true);
  expect(runAll(kernels, bench)).toEqual(before);
});
