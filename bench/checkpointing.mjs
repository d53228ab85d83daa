/**
 * Measures gradient checkpointing: memory and time of one forward and backward pass over T = 2,000
 * steps, H = 128, batch 1, with and without. After `pnpm build`:
 *
 *   node bench/checkpointing.mjs
 */
import { leavesOf, valueAndGrad } from '@chronograd/autograd';
import { Cell, Linear, LSTMCell, Recurrent } from '@chronograd/nn';
import { memory, normal, Random, scope, zeros } from '@chronograd/tensor';

const [T, B, F, H] = [2000, 1, 65, 128];
const x = normal([T, B, F], { random: new Random(1) });
let most = 0;
const look = () => {
  most = Math.max(most, memory().arena.bytes);
};

/** An LSTM as a user would write it: its inputs are projected step by step. */
class OwnLstmCell extends Cell {
  constructor(inputs, units, { random }) {
    super();
    this.input = new Linear(inputs, 4 * units, { random });
    this.hidden = new Linear(units, 4 * units, { random });
  }
  initialState(batch) {
    return { h: zeros([batch, H]), c: zeros([batch, H]) };
  }
  step(x, { h, c }) {
    const [i, f, g, o] = this.input.forward(x).add(this.hidden.forward(h)).chunk(4, -1);
    const cell = f.sigmoid().mul(c).add(i.sigmoid().mul(g.tanh()));
    const next = o.sigmoid().mul(cell.tanh());
    return { output: next, state: { h: next, c: cell } };
  }
}

/** The cell, which records the memory in use in each step. */
const watched = (cell) => {
  for (const name of ['step', 'advance']) {
    const method = cell[name];
    if (method === undefined) continue;
    cell[name] = (...args) => {
      look();
      return method.apply(cell, args);
    };
  }
  return cell;
};

function measure(Class, checkpoint) {
  const make = () => new Class(F, H, { random: new Random(2) });
  const stepOf = (cell) => {
    const recurrent = new Recurrent(cell, { checkpoint });
    return valueAndGrad(recurrent, () => recurrent.forward(x).outputs.square().mean());
  };
  most = 0;
  scope(() => {
    stepOf(watched(make()))();
    look();
  });
  const step = stepOf(make());
  const times = Array.from({ length: 7 }, () => {
    const start = performance.now();
    step();
    return performance.now() - start;
  });
  const bits = leavesOf('bench', step().grads).map(({ leaf }) =>
    Buffer.from(leaf.toTypedArray().buffer).toString('hex'),
  );
  return { megabytes: most / 1e6, milliseconds: times.sort((a, b) => a - b)[3], bits: bits.join() };
}

console.log(`T ${T}, B ${B}, F ${F}, H ${H}, float32; medians of 7`);
for (const Class of [LSTMCell, OwnLstmCell]) {
  const plain = measure(Class, false);
  const kept = measure(Class, true);
  const show = ({ megabytes, milliseconds }) => `${megabytes.toFixed(1)} MB, ${milliseconds.toFixed(0)} ms`;
  const memoryRatio = (plain.megabytes / kept.megabytes).toFixed(1);
  const timeRatio = (kept.milliseconds / plain.milliseconds).toFixed(2);
  console.log(
    `${Class.name}: ${show(plain)}; checkpointed ${show(kept)}: 1/${memoryRatio} of the memory, ${timeRatio} × the time; gradients ${plain.bits === kept.bits ? 'bit-identical' : 'DIFFER'}`,
  );
}
