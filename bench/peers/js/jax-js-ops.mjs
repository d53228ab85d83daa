/** jax-js: the library on its wasm device, and single ops under jit. */
globalThis.navigator ??= {}; // Node 20 has none, and the library reads it.

import { integers, probe, spread } from '../../dist/data.js';

export const jax = await import('@jax-js/jax');
const { grad, jit, nn, numpy: np } = jax;
await jax.init('wasm');
jax.defaultDevice('wasm');

export const float = (data, shape) => np.array(Float32Array.from(data), { shape });
export const int = (data, shape) => np.array(Int32Array.from(data), { shape, dtype: np.int32 });

/**
 * One function under jit. Every result is awaited, since one that is dropped earlier would never be
 * computed.
 */
function op(compute, ...inputs) {
  const once = () => compute(...inputs.map((each) => each.ref));
  return {
    check: async () => probe((await once()).dataSync()),
    async run(n) {
      for (let i = 0; i < n; i++) {
        const y = await once();
        await y.blockUntilReady();
        y.dispose();
      }
    },
  };
}

export function prepareElementwise({ op: name, n }) {
  const x = float(spread(23, n), [n]);
  if (name !== 'add')
    return op(
      jit((x) => np[name](x)),
      x,
    );
  return op(
    jit((x, y) => x.add(y)),
    x,
    float(spread(24, n), [n]),
  );
}

export function prepareCrossEntropy({ rows, V }) {
  const targets = int(integers(26, rows, V), [rows]);
  const loss = (x, y) =>
    nn
      .logSoftmax(x)
      .mul(nn.oneHot(y, V))
      .sum()
      .mul(-1 / rows);
  return op(jit(grad(loss)), float(spread(25, rows * V), [rows, V]), targets);
}

export function prepareGather({ V, E, rows }) {
  const table = float(spread(27, V * E), [V, E]);
  return op(
    jit((table, i) => np.take(table, i, 0)),
    table,
    int(integers(28, rows, V), [rows]),
  );
}

/** jax-js has no scatter: a product with one-hot rows adds them. */
export function prepareScatter({ V, E, rows }) {
  return op(
    jit((g, i) => np.matmul(np.transpose(nn.oneHot(i, V)), g)),
    float(spread(29, rows * E), [rows, E]),
    int(integers(28, rows, V), [rows]),
  );
}

/**
 * Op by op: the cost of a call. Without gradients the op is under jit and each result is awaited,
 * which is faster here than one long queue. Under one jit the chain would be one kernel.
 */
export function prepareSmallOp({ taped, chain }) {
  const inputs = [float(spread(30, 4), [4]), float(spread(31, 4), [4])];
  if (taped) {
    const sum = (start, b) => {
      let y = start;
      for (let i = 0; i < chain; i++) y = y.add(b.ref);
      return np.sum(y.mul(b));
    };
    return op(grad(sum), ...inputs);
  }
  const add = jit((x, y) => x.add(y));
  return op(
    async (x, b) => {
      let y = x;
      for (let i = 0; i < chain; i++) {
        y = add(y, b.ref);
        await y.blockUntilReady();
      }
      b.dispose();
      return y;
    },
    ...inputs,
  );
}

export function prepareMatmul({ m, k, n }) {
  const [a, b] = [float(spread(21, m * k), [m, k]), float(spread(22, k * n), [k, n])];
  return op(
    jit((a, b) => np.matmul(a, b)),
    a,
    b,
  );
}
