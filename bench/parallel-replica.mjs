/** The character network of parallel.mjs (V 65), for each of its threads. */
import { crossEntropy, Dropout, Linear, LSTMCell, Module, Recurrent, RNNCell } from '@chronograd/nn';
import { Random } from '@chronograd/tensor';

export const V = 65;
const CELLS = { rnn: RNNCell, lstm: LSTMCell };

class Model extends Module {
  constructor(cell, hidden, p) {
    super();
    const random = new Random(1);
    this.recurrent = new Recurrent(new CELLS[cell](V, hidden, { random }));
    this.dropout = new Dropout(p, { random });
    this.decoder = new Linear(hidden, V, { random });
  }
}

export function replica({ cell, hidden, dropout = 0 }) {
  const model = new Model(cell, hidden, dropout);
  const loss = (x, y, before) => {
    const { outputs, state } = model.recurrent.forward(x, before);
    return { value: crossEntropy(model.decoder.forward(model.dropout.forward(outputs)), y), aux: state };
  };
  return { model, loss };
}
