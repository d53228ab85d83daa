// A model that exceeds an engine's little memory: run with --wasm-max-mem-pages=128 (8 MiB).
import { memory, OutOfMemoryError, ones, Parameter, scope, zeros } from '../../../dist/index.js';

const weights = [];
const report = {};
try {
  for (;;) weights.push(new Parameter(ones([50_000])));
} catch (error) {
  report.parameter = describe(error);
}
report.held = weights.length;
for (const w of weights.splice(-6)) w[Symbol.dispose]();
const before = memory();
try {
  scope(() => {
    let x = zeros([50_000]);
    for (;;) x = x.add(1);
  });
} catch (error) {
  report.scope = describe(error);
}
const after = memory();
report.persistentUnchanged = JSON.stringify(after.persistent) === JSON.stringify(before.persistent);
report.arena = after.arena.tensors;
report.sums = weights.map((w) => w.sum().item()).every((sum) => sum === 50_000);
report.works = scope(() => ones([1000]).add(1).sum()).item();
console.log(JSON.stringify(report));

function describe(error) {
  const { name, requested, heapBytes } = error;
  return { typed: error instanceof OutOfMemoryError, name, requested, heapBytes };
}
