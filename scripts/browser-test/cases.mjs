/**
 * Runs in Node and in browsers: three training steps of several models on seeded data, a run of
 * `fit`, and streams. A hash over all bits of the losses, gradients, carried states and updated
 * weights, and of the streams' outputs.
 */
import { leavesOf, valueAndGrad } from '@chronograd/autograd';
import {
  Adagrad,
  clipByGlobalNorm,
  clipByValue,
  crossEntropy,
  Embedding,
  Linear,
  Module,
  Recurrent,
  RNNCell,
  SGD,
} from '@chronograd/nn';
import { kernelsInUse, oneHot, plan, Random, tensor, useKernels, ValueError } from '@chronograd/tensor';
import { UpdateGateCell } from '../../packages/examples/dist/own-cell.js';
import { runFit } from './fit-case.mjs';
import { runParallel } from './parallel-case.mjs';
import { runStream } from './stream-case.mjs';

const V = 65;
const STEPS = 3; // a planned function records the first call and replays the others

class CharModel extends Module {
  constructor(cell, units, options, embedding = null) {
    super();
    this.embedding = embedding;
    this.recurrent = new Recurrent(cell);
    this.decoder = new Linear(units, V, options);
  }

  /** The loss of a window of characters, and the state after it. */
  loss(x, y, h) {
    const inputs = this.embedding === null ? x : this.embedding.forward(x);
    const { outputs, state } = this.recurrent.forward(inputs, h);
    return { value: crossEntropy(this.decoder.forward(outputs), y), aux: state };
  }
}

const clipped = (grads) => clipByValue(grads, 0.01);
const adagrad = (model) => new Adagrad(model, { lr: 0.05 });
const rnn = (units) => (options) => new CharModel(new RNNCell(V, units, options), units, options);

/** Letters: B batch, H hidden, T steps. */
const cases = {
  'RNN B1': { model: rnn(128), B: 1, T: 30 },
  'RNN B32': { model: rnn(128), B: 32, T: 30 },
  'RNN B128': { model: rnn(128), B: 128, T: 30 },
  'RNN H256': { model: rnn(256), B: 32, T: 50 },
  float64: { model: rnn(16), B: 2, T: 10, dtype: 'float64' },
  'own cell': {
    model: (options) => new CharModel(new UpdateGateCell(V, 32, options), 32, options),
    B: 8,
    T: 15,
    oneHotInputs: true,
  },
  embedding: {
    model: (options) => {
      const cell = new RNNCell(12, 24, { ...options, nonlinearity: 'relu', biases: 1 });
      return new CharModel(cell, 24, options, new Embedding(V, 12, options));
    },
    B: 3,
    T: 20,
    clip: (grads) => clipByGlobalNorm(grads, 0.1).grads,
    optimizer: (model) => new SGD(model, { lr: 0.5 }),
  },
};

/** FNV-1a of 64 bits (Fowler, Noll and Vo), 16 hexadecimal digits. */
class Hash {
  #state = 0xcbf29ce484222325n;

  /** Updates the hash with every bit of a tensor. */
  add(x) {
    const numbers = x.toTypedArray();
    for (const byte of new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength)) {
      this.#state = BigInt.asUintN(64, (this.#state ^ BigInt(byte)) * 0x100000001b3n);
    }
  }

  toString() {
    return this.#state.toString(16).padStart(16, '0');
  }
}

function run(
  { model: make, B, T, dtype = 'float32', oneHotInputs = false, clip = clipped, optimizer = adagrad },
  planned,
) {
  const random = new Random(7);
  const model = make({ random, dtype });
  const update = optimizer(model);
  const eager = valueAndGrad(model, (x, y, h) => model.loss(x, y, h));
  const lossAndGrads = planned ? plan(eager) : eager;
  const characters = () =>
    tensor(
      Int32Array.from({ length: T * B }, () => random.integer(V)),
      { shape: [T, B] },
    );
  const hash = new Hash();
  let state = model.recurrent.initialState(B);
  let loss = 0;
  for (let i = 0; i < STEPS; i++) {
    const x = characters();
    const { value, grads, aux } = lossAndGrads(oneHotInputs ? oneHot(x, V, dtype) : x, characters(), state);
    update.update(clip(grads));
    state = aux;
    loss = value.item();
    const weights = model.parameters();
    for (const each of [value, state, ...leavesOf('hash', grads).map(({ leaf }) => leaf), ...weights])
      hash.add(each);
  }
  model[Symbol.dispose]();
  return { hash: hash.toString(), loss };
}

/**
 * All cases, planned or not, with the kernels that the library selects and with the named builds
 * that this engine has.
 * @returns the selected build, whether memory can be shared, and for each build the hash and last
 * loss of each case
 */
export async function runAll(planned, ...more) {
  const chosen = kernelsInUse();
  const builds = {};
  for (const build of new Set([chosen, ...more])) {
    try {
      useKernels(build);
    } catch (error) {
      if (error instanceof ValueError) continue; // this engine does not have it
      throw error;
    }
    builds[build] = Object.fromEntries(
      Object.entries(cases).map(([name, each]) => [name, run(each, planned)]),
    );
    builds[build].fit = await runFit(new Hash(), planned);
    builds[build].parallel = await runParallel(new Hash(), planned);
    builds[build].stream = runStream(new Hash(), planned);
  }
  return { chosen, isolated: globalThis.crossOriginIsolated === true, builds };
}
