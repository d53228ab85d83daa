/** The model of the tests of workers: an LSTM with dropout and a carried state. */
import { crossEntropy, Dropout, Linear, LSTMCell, Module, Recurrent } from '@chronograd/nn';
import { Random } from '@chronograd/tensor';

export const CLASSES = 5;

class Model extends Module {
  constructor(seed) {
    super();
    const random = new Random(seed);
    this.recurrent = new Recurrent(new LSTMCell(CLASSES, 4, { random }));
    this.dropout = new Dropout(0.2, { random });
    this.decoder = new Linear(4, CLASSES, { random });
  }
}

/** @param data `fail` is how the loss of a worker fails from its third call on. */
export function replica({ seed = 1, fail = null } = {}) {
  const model = new Model(seed);
  let calls = 0;
  const loss = (x, y, before) => {
    calls++;
    if (fail !== null && calls > 2) fails[fail]();
    const { outputs, state } = model.recurrent.forward(x, before);
    return { value: crossEntropy(model.decoder.forward(model.dropout.forward(outputs)), y), aux: state };
  };
  return { model, loss };
}

const fails = {
  throw: () => {
    throw new RangeError('planned failure');
  },
  exit: () => process.exit(7),
  reject: () => void Promise.reject(new Error('planned rejection')),
};
