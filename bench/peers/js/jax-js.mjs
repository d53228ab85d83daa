/**
 * jax-js on its wasm device, with the whole training step under jit. It has no scan, so the loop
 * over time is unrolled.
 */
import { readFileSync } from 'node:fs';
import { CHECK_STEPS, serve } from '../../dist/contestant.js';
import { draw, firstWeights, transposed, uniform, Windows } from '../../dist/data.js';
import {
  float,
  int,
  jax,
  prepareCrossEntropy,
  prepareElementwise,
  prepareGather,
  prepareMatmul,
  prepareScatter,
  prepareSmallOp,
} from './jax-js-ops.mjs';

const { jit, nn, numpy: np, tree, valueAndGrad } = jax;

/** Every function consumes its arguments: `.ref` before all uses but the last. */
function prepareTraining({ T, V, H, B }, variant) {
  const first = firstWeights(V, H);
  let p = {
    Wxh: float(transposed(first.Wxh, H, V), [V, H]),
    Whh: float(transposed(first.Whh, H, H), [H, H]),
    bh: float(first.bh, [H]),
    Why: float(transposed(first.Why, V, H), [H, V]),
    by: float(first.by, [V]),
  };
  let s = tree.map((each) => np.zeros(each.shape), p);
  const names = Object.keys(p);
  const windows = new Windows(T, B);

  const lossAndState = ({ Wxh, Whh, bh, Why, by }, x, y, start) => {
    const projected = variant === 'jit, one-hot' ? np.matmul(nn.oneHot(x, V), Wxh) : np.take(Wxh, x, 0);
    const steps = projected.add(bh).reshape([T, B, H]);
    let h = start;
    const outputs = [];
    for (let t = 0; t < T; t++) {
      h = np.tanh(steps.ref.slice(t).add(np.matmul(h, Whh.ref)));
      outputs.push(h.ref);
    }
    steps.dispose();
    Whh.dispose();
    const logits = np.matmul(np.concatenate(outputs, 0), Why).add(by);
    const loss = nn
      .logSoftmax(logits)
      .mul(nn.oneHot(y, V))
      .sum()
      .mul(-1 / (T * B));
    return [loss, h];
  };

  const step = jit((p, s, h, x, y) => {
    const [[loss, next], g] = valueAndGrad(lossAndState, { hasAux: true })(tree.ref(p), x, y, h);
    const parameters = {};
    const sums = {};
    for (const name of names) {
      const clipped = np.clip(g[name], -5, 5);
      const sum = s[name].add(np.square(clipped.ref));
      sums[name] = sum.ref;
      parameters[name] = p[name].sub(clipped.mul(0.05).div(np.sqrt(sum.add(1e-8))));
    }
    return [parameters, sums, next, loss];
  });

  let state = null;
  let loss = null;
  /**
   * The loss is awaited at every step, as the documentation advises against queues of pending work.
   */
  const once = async () => {
    const { inputs, targets, restarted } = windows.next();
    if (restarted) {
      state?.dispose();
      state = np.zeros([B, H]);
    }
    loss?.dispose();
    [p, s, state, loss] = step(p, s, state, int(inputs, [T * B]), int(targets, [T * B]));
    await loss.blockUntilReady();
  };
  return {
    async check() {
      const losses = [];
      for (let i = 0; i < CHECK_STEPS; i++) {
        await once();
        losses.push(loss.ref.item());
      }
      return losses;
    },
    async run(n) {
      for (let i = 0; i < n; i++) await once();
    },
    loss: () => loss.ref.item(),
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
  const advance = jit(({ Wxh, Whh, bh, Why, by }, h, character) => {
    const state = np.tanh(np.take(Wxh, character, 0).add(bh).add(np.matmul(h, Whh)));
    return [nn.softmax(np.matmul(state.ref, Why).add(by)), state];
  });
  const luck = uniform(2, length);
  let h = np.zeros([1, H]);
  let character = 0;
  const next = (u) => {
    const [q, state] = advance(tree.ref(p), h, int([character], [1]));
    h = state;
    const probabilities = q.dataSync();
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

const manifest = new URL('node_modules/@jax-js/jax/package.json', import.meta.url);
await serve(
  { 'jax-js': JSON.parse(readFileSync(manifest, 'utf8')).version },
  {
    train: prepareTraining,
    sample: prepareSampling,
    matmul: prepareMatmul,
    elementwise: prepareElementwise,
    'cross-entropy': prepareCrossEntropy,
    gather: prepareGather,
    scatter: prepareScatter,
    'small-op': prepareSmallOp,
  },
);
