/**
 * min-char-rnn (Karpathy, 2015, gist d4dee566867f8291f086) in the public API.
 * Run: node min-char-rnn.js FILE [ITERATIONS]
 */
import { readFileSync } from 'node:fs';
import { compareGradients, valueAndGrad } from '@chronograd/autograd';
import {
  Adagrad,
  clipByValue,
  crossEntropy,
  Linear,
  Module,
  normalInit,
  oneHotVector,
  Recurrent,
  RNNCell,
  rnnBackward,
} from '@chronograd/nn';
import { Vocabulary } from '@chronograd/nn/data';
import { plan, Random, scope, type Tensor, tensor } from '@chronograd/tensor';

// Data: a plain text file.
const [file = 'input.txt', iterations = '2000'] = process.argv.slice(2);
const text = readFileSync(file, 'utf8');
const vocabulary = Vocabulary.of(text);
const data = vocabulary.encode(text);
const V = vocabulary.size;
console.log(`data has ${data.length} characters, ${V} unique.`);

// Hyperparameters: size of the hidden state, steps to unroll, learning rate.
const [H, T, lr] = [100, 25, 0.1];

// Model: one-hot characters → tanh recurrence → logits. Weights are 0.01 · N(0, 1), biases 0.
const random = new Random(1);
const options = { random, dtype: 'float64', init: normalInit(0.01) } as const;
class CharRNN extends Module {
  readonly recurrent = new Recurrent(new RNNCell(V, H, { ...options, biases: 1 }));
  readonly decoder = new Linear(H, V, options);
}
const model = new CharRNN();
const { cell } = model.recurrent;

// Loss: cross-entropy, summed over the window. The next window continues the state.
const loss = (inputs: Tensor, targets: Tensor, hprev: Tensor) => {
  const { outputs, state } = model.recurrent.forward(inputs, hprev);
  return { value: crossEntropy(model.decoder.forward(outputs), targets, { reduction: 'sum' }), aux: state };
};
const lossFun = plan(valueAndGrad(model, loss));
const window = (p: number) => tensor(data.slice(p, p + T), { shape: [T, 1] });

// Gradient check: handwritten BPTT and autograd on the first window.
function gradCheck(): void {
  const rows = (x: Tensor) => x.toArray() as number[][];
  const [Why, by] = [rows(model.decoder.weight), model.decoder.bias!.toArray() as number[]];
  const bh = cell.biasIh!.toArray() as number[];
  const weights = { Wxh: rows(cell.weightIh), Whh: rows(cell.weightHh), Why, bh, by };
  const xs = Array.from(data.slice(0, T), (id) => [oneHotVector(id, V)]);
  const ys = Array.from(data.slice(1, T + 1), (id) => [id]);
  const { gradients: d } = rnnBackward(weights, xs, ys, undefined, { reduction: 'sum' });
  const byHand = {
    recurrent: { cell: { weightIh: d.Wxh, weightHh: d.Whh, biasIh: d.bh } },
    decoder: { weight: d.Why, bias: d.by },
  };
  const { grads } = valueAndGrad(model, loss)(window(0), window(1), model.recurrent.initialState(1));
  console.log(`${compareGradients(byHand, grads)}`);
}

// Sampling: draws each character from the model's probabilities and feeds it back.
function sample(h: Tensor, seed: number, n: number): string {
  const ids: number[] = [];
  for (let [state, id] = [h, seed]; ids.length < n; ids.push(id)) {
    const next = scope(() => {
      const read = model.recurrent.forward(tensor(Int32Array.of(id), { shape: [1, 1] }), state);
      return { state: read.state, p: model.decoder.forward(read.outputs).softmax() };
    });
    const chances = next.p.toTypedArray();
    let left = random.uniform();
    for (id = 0; id < V - 1 && left >= chances[id]!; id++) left -= chances[id]!;
    state = next.state;
  }
  return vocabulary.decode(ids);
}

gradCheck();
const optimizer = new Adagrad(model, { lr, eps: 1e-8, epsPlace: 'inside' });
let [p, hprev, smoothLoss] = [0, model.recurrent.initialState(1), Math.log(V) * T];
for (let n = 0; n <= Number(iterations); n++) {
  if (p + T + 1 > data.length) [p, hprev] = [0, model.recurrent.initialState(1)];
  if (n % 1000 === 0) console.log(`----\n${sample(hprev, data[p]!, 200)}\n----`);
  const { value, grads, aux } = lossFun(window(p), window(p + 1), hprev);
  smoothLoss = smoothLoss * 0.999 + value.item() * 0.001;
  if (n % 1000 === 0) console.log(`iter ${n}, loss: ${smoothLoss.toFixed(6)}`);
  optimizer.update(clipByValue(grads, 5));
  [p, hprev] = [p + T, aux];
}
