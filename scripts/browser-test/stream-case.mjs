/**
 * Runs in Node and in browsers: streams of several cells, which go on from a saved state, and a
 * forecast. A hash over their outputs and states.
 */
import {
  forecast,
  GRUCell,
  Linear,
  LSTMCell,
  Recurrent,
  RNNCell,
  stream,
  weightDrop,
  zoneout,
} from '@chronograd/nn';
import { normal, Random, stack, tensor } from '@chronograd/tensor';

const [T, B, F, H] = [12, 3, 5, 16];
const SAVED_AT = 5;
const AHEAD = 4;

const layers = {
  rnn: (random) => new RNNCell(F, H, { random }),
  lstm: (random) => [new LSTMCell(F, H, { random }), new LSTMCell(H, H, { random })],
  gru: (random) => zoneout(new GRUCell(F, H, { random }), 0.2, { random }),
  dropped: (random) => weightDrop(new LSTMCell(F, H, { random }), 0.5, { random }),
};

const bytesOf = (x) => new Uint8Array(x.toTypedArray().buffer).join();

/** @param hash adds tensors, and has the result as its text. */
export function runStream(hash, planned) {
  let last;
  for (const make of Object.values(layers)) {
    const random = new Random(6);
    const model = new Recurrent(make(random));
    const decoder = new Linear(H, F, { random });
    const x = normal([T, B, F], { random });
    const live = stream(model, { batch: B, head: (h) => decoder.forward(h), plan: planned });
    const outputs = [];
    for (let t = 0; t < T; t++) {
      if (t === SAVED_AT) live.state = tensorsFrom(JSON.parse(JSON.stringify(numbersOf(live.state))));
      // A tensor and a typed array are the same input.
      outputs.push(live.push(t % 2 === 0 ? x.select(t) : x.select(t).toTypedArray()));
    }
    const whole = decoder.forward(model.evaluate().forward(x).outputs);
    if (bytesOf(stack(outputs)) !== bytesOf(whole)) throw new Error('a stream differs from forward');
    const ahead = forecast(live, AHEAD);
    const into = live.pushInto(x.select(0), new Float32Array(B * F));
    for (const each of [...outputs, ahead, tensor(into), ...leavesOf(live.state)]) hash.add(each);
    last = ahead.select(-1).mean().item();
    live[Symbol.dispose]();
  }
  return { hash: hash.toString(), loss: last };
}

/** The tensors of a state: a tensor, or a tree of them. */
const leavesOf = (state) =>
  typeof state.toArray === 'function' ? [state] : Object.values(state).flatMap(leavesOf);

/** A state with arrays of numbers for its tensors, for JSON. */
const numbersOf = (state) =>
  mapState(
    state,
    (each) => typeof each.toArray === 'function',
    (x) => x.toArray(),
  );
const tensorsFrom = (state) =>
  mapState(
    state,
    (each) => typeof each[0]?.[0] === 'number',
    (numbers) => tensor(numbers),
  );

function mapState(state, isLeaf, visit) {
  if (isLeaf(state)) return visit(state);
  if (Array.isArray(state)) return state.map((each) => mapState(each, isLeaf, visit));
  return Object.fromEntries(
    Object.entries(state).map(([name, each]) => [name, mapState(each, isLeaf, visit)]),
  );
}
