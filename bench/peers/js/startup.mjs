/**
 * Measures import to the first gradient, of sum(tanh(x·w)), and prints `{"seconds": …}`. Usage:
 * startup.mjs tfjs|jax-js
 */
import { createRequire } from 'node:module';
import { dirname } from 'node:path';

globalThis.navigator ??= {}; // Node 20 has none, and jax-js reads it.
const start = performance.now();
const values = Float32Array.from({ length: 16 }, (_, i) => i / 16);
if (process.argv[2] === 'tfjs') {
  const require = createRequire(import.meta.url);
  const tf = require('@tensorflow/tfjs');
  const wasm = require('@tensorflow/tfjs-backend-wasm');
  wasm.setWasmPaths(`${dirname(require.resolve('@tensorflow/tfjs-backend-wasm'))}/`);
  await tf.setBackend('wasm');
  const w = tf.tensor(values, [4, 4]);
  tf.grad((x) => tf.sum(tf.tanh(tf.matMul(x, w))))(w).dataSync();
} else {
  const { grad, init, numpy: np } = await import('@jax-js/jax');
  await init('wasm');
  const w = np.array(values, { shape: [4, 4] });
  grad((x, w) => np.sum(np.tanh(np.matmul(x, w))))(w.ref, w).dataSync();
}
process.stdout.write(`${JSON.stringify({ seconds: (performance.now() - start) / 1e3 })}\n`);
process.exit(0); // jax-js leaves handles open.
