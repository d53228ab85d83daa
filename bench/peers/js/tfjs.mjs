/**
 * TensorFlow.js on its wasm backend (SIMD; its threads need a browser's workers): tidy,
 * variableGrads, variables assigned in place.
 */
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { CHECK_STEPS, serve } from '../../dist/contestant.js';
import {
  draw,
  firstWeights,
  integers,
  probe,
  spread,
  transposed,
  uniform,
  Windows,
} from '../../dist/data.js';

const require = createRequire(import.meta.url);
// The packages' Node builds are CommonJS, and both must load the same core.
const tf = require('@tensorflow/tfjs');
const wasm = require('@tensorflow/tfjs-backend-wasm');
wasm.setWasmPaths(`${dirname(require.resolve('@tensorflow/tfjs-backend-wasm'))}/`);
await tf.setBackend('wasm');
await tf.ready();

const float = (data, shape) => tf.tensor(Float32Array.from(data), shape);
const scalars = { lr: tf.scalar(0.05), eps: tf.scalar(1e-8) };

/**
 * One-hot inputs, since the wasm backend lacks the kernel for the gradient of a look-up. They are
 * projected for all steps at once. Matrices are [in, out], so that no product transposes.
 */
function prepareTraining({ T, V, H, B }) {
  const first = firstWeights(V, H);
  const variable = (data, shape) => tf.variable(float(data, shape));
  const p = {
    Wxh: variable(transposed(first.Wxh, H, V), [V, H]),
    Whh: variable(transposed(first.Whh, H, H), [H, H]),
    bh: variable(first.bh, [H]),
    Why: variable(transposed(first.Why, V, H), [H, V]),
    by: variable(first.by, [V]),
  };
  const parameters = Object.values(p).map((each) => ({ each, sum: tf.variable(tf.zerosLike(each), false) }));
  const windows = new Windows(T, B);
  let state = tf.zeros([B, H]);
  let loss = 0;

  const step = () => {
    const { inputs, targets, restarted } = windows.next();
    const [value, next] = tf.tidy(() => {
      const x = tf.oneHot(tf.tensor1d(inputs, 'int32'), V);
      const labels = tf.oneHot(tf.tensor1d(targets, 'int32'), V);
      let h = restarted ? tf.zeros([B, H]) : state;
      const { value, grads } = tf.variableGrads(() => {
        const projected = tf.unstack(tf.reshape(tf.add(tf.matMul(x, p.Wxh), p.bh), [T, B, H]));
        const outputs = projected.map((each) => {
          h = tf.tanh(tf.add(each, tf.matMul(h, p.Whh)));
          return h;
        });
        tf.keep(h);
        const logits = tf.add(tf.matMul(tf.concat(outputs), p.Why), p.by);
        return tf.losses.softmaxCrossEntropy(labels, logits);
      });
      for (const { each, sum } of parameters) {
        const g = tf.clipByValue(grads[each.name], -5, 5);
        sum.assign(tf.add(sum, tf.square(g)));
        const root = tf.sqrt(tf.add(sum, scalars.eps));
        each.assign(tf.sub(each, tf.mul(scalars.lr, tf.div(g, root))));
      }
      return [value, h];
    });
    state.dispose();
    state = next;
    loss = value.dataSync()[0];
    value.dispose();
  };
  return {
    check: () =>
      Array.from({ length: CHECK_STEPS }, () => {
        step();
        return loss;
      }),
    run(n) {
      for (let i = 0; i < n; i++) step();
    },
    loss: () => loss,
  };
}

function prepareSampling({ V, H, length }) {
  const first = firstWeights(V, H);
  const p = {
    Wxh: float(transposed(first.Wxh, H, V), [V, H]),
    Whh: float(transposed(first.Whh, H, H), [H, H]),
    bh: float(first.bh, [H]),
    Why: float(transposed(first.Why, V, H), [H, V]),
    by: float(first.by, [V]),
  };
  const luck = uniform(2, length);
  let h = tf.zeros([1, H]);
  let character = 0;
  const next = (u) => {
    const [q, state] = tf.tidy(() => {
      const projected = tf.add(tf.gather(p.Wxh, tf.tensor1d([character], 'int32')), p.bh);
      const state = tf.tanh(tf.add(projected, tf.matMul(h, p.Whh)));
      return [tf.softmax(tf.add(tf.matMul(state, p.Why), p.by)), state];
    });
    h.dispose();
    h = state;
    const probabilities = q.dataSync();
    q.dispose();
    character = draw(probabilities, u);
    return probabilities[character];
  };
  return {
    check: () => Array.from(luck, next),
    run(n) {
      for (let i = 0; i < n; i++) for (const u of luck) next(u);
    },
  };
}

/** Kernels run when they are called. Dropping a result only costs its memory. */
function op(compute) {
  return {
    check: () => {
      const y = tf.tidy(compute);
      const numbers = probe(y.dataSync());
      y.dispose();
      return numbers;
    },
    run(n) {
      for (let i = 0; i < n; i++) compute().dispose();
    },
  };
}

function prepareElementwise({ op: name, n }) {
  const x = float(spread(23, n), [n]);
  const y = float(spread(24, n), [n]);
  return op({ add: () => tf.add(x, y), tanh: () => tf.tanh(x), exp: () => tf.exp(x) }[name]);
}

function prepareCrossEntropy({ rows, V }) {
  const logits = float(spread(25, rows * V), [rows, V]);
  const targets = tf.tensor1d(integers(26, rows, V), 'int32');
  const gradient = tf.grad((x) => tf.losses.softmaxCrossEntropy(tf.oneHot(targets, V), x));
  return op(() => tf.tidy(() => gradient(logits)));
}

function prepareGather({ V, E, rows }) {
  const table = float(spread(27, V * E), [V, E]);
  const indices = tf.tensor1d(integers(28, rows, V), 'int32');
  return op(() => tf.gather(table, indices));
}

function prepareScatter({ V, E, rows }) {
  const g = float(spread(29, rows * E), [rows, E]);
  const indices = tf.tensor2d(integers(28, rows, V), [rows, 1], 'int32');
  return op(() => tf.scatterND(indices, g, [V, E]));
}

function prepareSmallOp({ taped, chain }) {
  const x = float(spread(30, 4), [4]);
  const b = float(spread(31, 4), [4]);
  const sum = (start) => {
    let y = start;
    for (let i = 0; i < chain; i++) y = tf.add(y, b);
    return y;
  };
  const gradient = tf.grad((start) => tf.sum(tf.mul(sum(start), b)));
  return op(() => tf.tidy(() => (taped ? gradient(x) : sum(x))));
}

await serve(
  { tfjs: tf.version.tfjs },
  {
    train: prepareTraining,
    sample: prepareSampling,
    matmul: ({ m, k, n }) => {
      const a = float(spread(21, m * k), [m, k]);
      const b = float(spread(22, k * n), [k, n]);
      return op(() => tf.matMul(a, b));
    },
    elementwise: prepareElementwise,
    'cross-entropy': prepareCrossEntropy,
    gather: prepareGather,
    scatter: prepareScatter,
    'small-op': prepareSmallOp,
  },
);
