// A training loop as a user writes it: no scope, no freeing, not one tick of the event loop. Prints
// its memory at two moments.
import {
  linear,
  memory,
  normal,
  Parameter,
  Random,
  softmaxCrossEntropy,
  tensor,
  zeros,
} from '@chronograd/tensor';
import { sgdUpdate } from '@chronograd/tensor/engine';
import { valueAndGrad } from '../../dist/index.js';

const [early, late] = process.argv.slice(2).map(Number);
const [V, H, B, T] = [12, 16, 2, 4];
const random = new Random(1);
const weight = (...shape) => new Parameter(normal(shape, { random, std: 0.2 }));
const model = { wIh: weight(H, V), wHh: weight(H, H), bh: weight(H), wHy: weight(V, H), by: weight(V) };

const step = (x, h) => linear(x, model.wIh, linear(h, model.wHh, model.bh)).tanh();
const lossAndGrads = valueAndGrad(model, (x, y, state) => {
  let h = state;
  let value = tensor(0);
  for (let t = 0; t < T; t++) {
    h = step(x.select(t), h);
    const logits = h.matmul(model.wHy.transpose()).add(model.by);
    value = value.add(softmaxCrossEntropy(logits, y.select(t))[0].mean());
  }
  return { value: value.div(T), aux: h };
});

const text = Array.from({ length: 997 }, (_, i) => (i * i + (i % 7)) % V);
const indices = (at) =>
  tensor(
    Array.from({ length: T }, (_, t) => Array.from({ length: B }, (_, b) => text[(at + t + 100 * b) % 997])),
    { dtype: 'int32' },
  );

let state = zeros([B, H]);
let losses = 0;
let sampled = 0;
const report = {};
for (let i = 1; i <= late; i++) {
  const first = lossAndGrads(indices(i), indices(i + 1), state);
  const second = lossAndGrads(indices(i + 50), indices(i + 51), first.aux);
  for (const [name, parameter] of Object.entries(model)) {
    const g = first.grads[name].add(second.grads[name]);
    if (i % 2 === 0) sgdUpdate(parameter, g, 0.05);
    else parameter.assign(parameter.sub(g.mul(0.05)));
  }
  state = second.aux;
  losses += first.value.item();
  if (i % 100 === 0) sampled += sample();
  if (i === early || i === late)
    report[i === early ? 'early' : 'late'] = { memory: memory(), resident: process.memoryUsage().rss };
}
report.loss = losses / late;
report.sampled = sampled;
console.log(JSON.stringify(report));

/** Ten characters, by plain ops outside of any scope. */
function sample() {
  let h = zeros([1, H]);
  let character = 0;
  for (let i = 0; i < 10; i++) {
    h = step(tensor([character], { dtype: 'int32' }), h);
    const p = h.matmul(model.wHy.transpose()).add(model.by).softmax();
    character = p.argmax(1).item();
  }
  return character;
}
