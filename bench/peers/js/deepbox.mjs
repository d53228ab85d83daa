/**
 * Deepbox on its CPU device: its own RNN, LSTM and GRU layers, `backward()` and `clipGradValue_`.
 * Its Adagrad adds epsilon outside the root, so the update is a loop over the parameters' arrays.
 */

import { Tensor } from 'deepbox/ndarray';
import { clipGradValue_, crossEntropyLoss, GRU, Linear, LSTM, RNN } from 'deepbox/nn';
import { CHECK_STEPS, serve } from '../../dist/contestant.js';
import { firstWeights, Windows } from '../../dist/data.js';

const LAYERS = { rnn: RNN, lstm: LSTM, gru: GRU };
const from = (data, shape, dtype) => Tensor.fromTypedArray({ data, shape, dtype, device: 'cpu' });

/** One-hot inputs: its layers take no indices. The second bias is frozen at 0. */
function prepareTraining({ cell, T, V, H, B }) {
  const first = firstWeights(V, H, 0, cell);
  const layer = new LAYERS[cell](V, H, { batchFirst: false });
  const decoder = new Linear(H, V);
  const values = { weight_ih_l0: 'Wxh', weight_hh_l0: 'Whh', bias_ih_l0: 'bh', weight: 'Why', bias: 'by' };
  const named = [...layer.namedParameters(), ...decoder.namedParameters()];
  const trained = named.filter(([name]) => name in values);
  for (const [name, { tensor }] of trained) tensor.data.set(first[values[name]]);
  const parameters = trained.map(([, parameter]) => parameter);
  const sums = parameters.map(({ size }) => new Float32Array(size));
  const windows = new Windows(T, B);
  const states = cell === 'lstm' ? 2 : 1;
  const zeros = () =>
    Array.from({ length: states }, () => from(new Float32Array(B * H), [1, B, H], 'float32'));
  let state = zeros();
  let loss = 0;

  const step = () => {
    const { inputs, targets, restarted } = windows.next();
    const oneHot = new Float32Array(T * B * V);
    for (let i = 0; i < inputs.length; i++) oneHot[i * V + inputs[i]] = 1;
    const x = from(oneHot, [T, B, V], 'float32');
    const [outputs, after] = layer.forwardWithState(x, ...(restarted ? zeros() : state));
    const logits = decoder.forward(outputs.reshape([T * B, H]));
    const value = crossEntropyLoss(logits, from(targets, [T * B], 'int32'));
    layer.zeroGrad();
    decoder.zeroGrad();
    value.backward();
    clipGradValue_(parameters, 5);
    for (const [i, { tensor, grad }] of parameters.entries()) {
      const [p, g, sum] = [tensor.data, grad.data, sums[i]];
      for (let j = 0; j < p.length; j++) {
        sum[j] += g[j] * g[j];
        p[j] -= (0.05 * g[j]) / Math.sqrt(sum[j] + 1e-8);
      }
    }
    state = (states === 1 ? [after] : after).map(({ tensor }) => tensor);
    loss = value.tensor.data[0];
  };
  return {
    check: () =>
      Array.from({ length: CHECK_STEPS }, () => {
        step();
        return loss;
      }),
    run(n) {
      for (let i = 0; i < n; i++) step();
    },
    loss: () => loss,
  };
}

await serve({ deepbox: '1.0.0' }, { train: prepareTraining });
