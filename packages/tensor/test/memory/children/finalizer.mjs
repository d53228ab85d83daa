// Unreachable parameters free their blocks, including packed forms. Run with --expose-gc.
import { memory, normal, Parameter, Random, zeros } from '../../../dist/index.js';

const random = new Random(1);
const x = normal([1, 50], { random });
const kept = new Parameter(normal([50, 50], { random }));
const expected = x.matmul(kept.transpose()).toArray().join();
const report = { before: memory().persistent.tensors };

for (let i = 0; i < 200; i++) x.matmul(new Parameter(zeros([50, 50])).transpose());
report.made = memory().persistent.tensors;
for (let i = 0; i < 50 && memory().persistent.tensors > report.before; i++) {
  globalThis.gc();
  await new Promise((resolve) => setTimeout(resolve, 5));
}
report.after = memory().persistent.tensors;
// The blocks are allocated again, and reachable ones were not changed.
const { heapBytes } = memory();
const reused = Array.from({ length: 400 }, () => new Parameter(zeros([50, 50])));
report.grown = memory().heapBytes - heapBytes;
report.intact = x.matmul(kept.transpose()).toArray().join() === expected && reused.length === 400;
console.log(JSON.stringify(report));
