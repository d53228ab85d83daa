/**
 * A million pushes of a stream, with the memory after each quarter. After a build:
 * `node --expose-gc packages/nn/scripts/stream-heap.mjs`.
 */
import { Linear, Recurrent, RNNCell, stream } from '@chronograd/nn';
import { memory, Random } from '@chronograd/tensor';

const PUSHES = 1_000_000;
const random = new Random(1);
const recurrent = new Recurrent(new RNNCell(2, 8, { random }));
const decoder = new Linear(8, 2, { random });
const live = stream(recurrent, { head: (h) => decoder.forward(h) });
const x = new Float32Array(2);
const out = new Float32Array(2);

let slept = 0;
const began = performance.now();
for (let i = 1; i <= PUSHES; i++) {
  x[0] = i % 7;
  live.pushInto(x, out);
  if (i !== 1000 && i % (PUSHES / 4) !== 0) continue;
  const paused = performance.now();
  globalThis.gc?.();
  const { heapBytes, persistent } = memory();
  const kilobytes = Math.round(process.memoryUsage().heapUsed / 1024);
  console.log(
    `${i} pushes: ${kilobytes} KB of JavaScript, ${heapBytes} bytes of WebAssembly, ${persistent.bytes} persistent`,
  );
  slept += performance.now() - paused;
}
console.log(`${(((performance.now() - began - slept) / PUSHES) * 1000).toFixed(2)} µs a push`);
