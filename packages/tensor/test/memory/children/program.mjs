// Every kind of kernel once on the same numbers, and the bits of all results. Other processes run
// it under other conditions.

import { adagradUpdate, heap, largestMagnitude, sgdUpdate, sumOfSquares } from '../../../dist/engine.js';
import * as lib from '../../../dist/index.js';

const { normal, tensor, Parameter, Random } = lib;

const bits = (x) => {
  const { buffer, byteOffset, byteLength } = x.toTypedArray();
  return Buffer.from(buffer, byteOffset, byteLength).toString('hex');
};

/** Bits by name, for one build and both float types. */
export function program(build) {
  lib.useKernels(build);
  const results = {};
  for (const dtype of ['float32', 'float64']) {
    const random = new Random(1);
    const x = normal([7, 37], { random, dtype });
    const y = normal([7, 37], { random, dtype });
    const w = new Parameter(normal([5, 37], { random, dtype }));
    const rows = tensor([3, 0, 6, 3], { dtype: 'int32' });
    const ops = {
      add: () => x.add(y),
      row: () => x.mul(y.select(2)),
      column: () => x.sub(y.slice(null, [4, 5])),
      number: () => x.div(3),
      pow: () => x.abs().pow(y),
      compare: () => x.less(y),
      exp: () => x.exp(),
      log: () => x.abs().log(),
      tanh: () => x.tanh(),
      sigmoid: () => x.sigmoid(),
      expm1: () => x.expm1(),
      log1p: () => x.abs().log1p(),
      sqrt: () => x.abs().sqrt(),
      relu: () => x.relu(),
      where: () => lib.where(x, y, 1),
      sum: () => x.sum(),
      'sum of columns': () => x.sum(0),
      max: () => x.max(1),
      argmax: () => x.argmax(1),
      matmul: () => x.matmul(y.transpose()),
      weight: () => x.matmul(w.transpose()),
      linear: () => lib.linear(x, w, normal([5], { random: new Random(2), dtype })),
      permuted: () => x.reshape([37, 7]).transpose().neg(),
      concat: () => lib.concat([x, y], 1),
      pad: () =>
        x.pad(
          [
            [1, 2],
            [3, 4],
          ],
          5,
        ),
      gather: () => lib.gather(x, rows),
      scatter: () => lib.scatterRows(x.slice([0, 4]), rows, 9),
      cast: () => x.mul(1000).cast('int32').add(1).cast(dtype),
      loss: () => lib.softmaxCrossEntropy(x, tensor([0, 1, 2, 3, 36, 5, 6], { dtype: 'int32' }))[0],
      probabilities: () => lib.softmaxCrossEntropy(x, tensor([0, 1, 2, 3, 36, 5, 6], { dtype: 'int32' }))[1],
      magnitude: () => tensor(Float64Array.of(largestMagnitude(x), sumOfSquares(x))),
    };
    for (const [name, op] of Object.entries(ops)) {
      results[`${dtype} ${name}`] = bits(op());
      results[`${dtype} ${name}, in a scope`] = bits(lib.scope(op));
    }
    // The heap grows under the weight and its packed form.
    if (!heap.grow(heap.byteLength + 65536)) throw new Error('the heap did not grow');
    results[`${dtype} weight after growth`] = bits(w) + bits(ops.weight()) + bits(ops.linear());
    const state = new Parameter(lib.zerosLike(w));
    const gradient = normal([5, 37], { random, dtype });
    adagradUpdate(w, gradient, state, { lr: 0.1, eps: 1e-8, epsInside: true });
    sgdUpdate(w, gradient, 0.1);
    results[`${dtype} updates`] = bits(w) + bits(state);
  }
  return results;
}
