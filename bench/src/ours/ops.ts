/** Single ops. */
import { valueAndGrad } from '@chronograd/autograd';
import { crossEntropy } from '@chronograd/nn';
import { exp, type FloatDtype, Parameter, scatterRows, scope, type Tensor, tensor } from '@chronograd/tensor';
import type { Prepare, Work } from '../contestant.ts';
import { integers, probe, spread } from '../data.ts';

/**
 * Bytes of outputs made in one scope: enough to hide the scope's cost, and few enough to stay in
 * the cache.
 */
const SCOPE_BYTES = 256 * 1024;

/** Work that calls `op`, whose outputs are dropped. */
function calls(op: () => Tensor): Work {
  let perScope = 1;
  return {
    check() {
      const y = scope(op);
      perScope = Math.max(1, Math.min(64, Math.floor(SCOPE_BYTES / (y.size * 4))));
      return probe(y.toTypedArray());
    },
    run(n) {
      for (let done = 0; done < n; done += perScope) {
        const count = Math.min(perScope, n - done);
        scope(() => {
          for (let i = 0; i < count; i++) op();
        });
      }
    },
  };
}

/** A parameter, so that the kernels read it in place. */
function fixed(seed: number, shape: number[], dtype: FloatDtype): Parameter {
  const size = shape.reduce((product, length) => product * length, 1);
  return new Parameter(tensor(spread(seed, size), { shape, dtype }));
}

export function prepareMatmul(dtype: FloatDtype): Prepare<'matmul'> {
  return ({ m, k, n }) => {
    const a = fixed(21, [m, k], dtype);
    const b = fixed(22, [k, n], dtype);
    return calls(() => a.matmul(b));
  };
}

export function prepareElementwise(dtype: FloatDtype): Prepare<'elementwise'> {
  return ({ op, n }) => {
    const x = fixed(23, [n], dtype);
    const y = fixed(24, [n], dtype);
    if (op === 'add') return calls(() => x.add(y));
    return calls(op === 'tanh' ? () => x.tanh() : () => exp(x));
  };
}

export function prepareCrossEntropy(dtype: FloatDtype): Prepare<'cross-entropy'> {
  return ({ rows, V }) => {
    const logits = fixed(25, [rows, V], dtype);
    const targets = tensor(integers(26, rows, V), { shape: [rows] });
    const both = valueAndGrad((x: Tensor) => crossEntropy(x, targets));
    return calls(() => both(logits).grads);
  };
}

export function prepareGather(dtype: FloatDtype): Prepare<'gather'> {
  return ({ V, E, rows }) => {
    const table = fixed(27, [V, E], dtype);
    const indices = tensor(integers(28, rows, V), { shape: [rows] });
    return calls(() => table.gather(indices));
  };
}

export function prepareScatter(dtype: FloatDtype): Prepare<'scatter'> {
  return ({ V, E, rows }) => {
    const g = fixed(29, [rows, E], dtype);
    const indices = tensor(integers(28, rows, V), { shape: [rows] });
    return calls(() => scatterRows(g, indices, V));
  };
}

/** A chain of additions of four numbers: it measures the cost of an op call. */
export function prepareSmallOp(dtype: FloatDtype): Prepare<'small-op'> {
  return ({ taped, chain }) => {
    const x = fixed(30, [4], dtype);
    const b = fixed(31, [4], dtype);
    const sum = (first: Tensor): Tensor => {
      let y = first;
      for (let i = 0; i < chain; i++) y = y.add(b);
      return y;
    };
    if (!taped) return calls(() => sum(x));
    const both = valueAndGrad((start: Tensor, end: Tensor) => sum(start).mul(end).sum());
    return calls(() => both(x, b).grads);
  };
}
