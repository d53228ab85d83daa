import { readFileSync } from 'node:fs';
import { valueAndGrad } from '@chronograd/autograd';
import { Adagrad, clipByValue, crossEntropy, Linear, Module, Recurrent, RNNCell } from '@chronograd/nn';
import { Streams, Vocabulary } from '@chronograd/nn/data';
import { plan, Random, type Tensor } from '@chronograd/tensor';

const text = readFileSync('book.txt', 'utf8');
const random = new Random(1);
const vocabulary = Vocabulary.of(text);
const V = vocabulary.size;

class CharModel extends Module {
  readonly recurrent = new Recurrent(new RNNCell(V, 128, { random }));
  readonly decoder = new Linear(128, V, { random });
}

const model = new CharModel();
const optimizer = new Adagrad(model, { lr: 0.05 });
const loss = (x: Tensor, y: Tensor, h: Tensor) => {
  const { outputs, state } = model.recurrent.forward(x, h);
  return { value: crossEntropy(model.decoder.forward(outputs), y), aux: state };
};
const lossAndGrads = plan(valueAndGrad(model, loss));

const streams = new Streams(vocabulary.encode(text), { batch: 32, steps: 30 });
let state = model.recurrent.initialState(32);
for (let i = 0; i <= 300; i++) {
  const { inputs, targets } = streams.next();
  const { value, grads, aux } = lossAndGrads(inputs, targets, state);
  optimizer.update(clipByValue(grads, 5));
  state = aux;
  if (i % 100 === 0) console.log(i, value.item());
}
