/** The law of streams: pushing one step at a time gives the bits of `forward` on the sequence. */
import { kernelsAvailable, normal, Random, stack, type Tensor, tensor, useKernels } from '@chronograd/tensor';
import { afterEach, expect, test } from 'vitest';
import {
  type AnyCell,
  GRU,
  GRUCell,
  type Layers,
  Linear,
  LSTM,
  LSTMCell,
  Recurrent,
  RNN,
  RNNCell,
  stream,
  type Unrollable,
  variationalDropout,
  weightDrop,
  zoneout,
} from '../../src/index.ts';

const T = 9;
type Dtype = 'float32' | 'float64';
type Options = { readonly random: Random; readonly dtype: Dtype };
type Make = (inputs: number, units: number, options: Options) => AnyCell;

const CELLS: Readonly<Record<string, Make>> = {
  rnn: (i, h, options) => new RNNCell(i, h, options),
  relu: (i, h, options) => new RNNCell(i, h, { ...options, nonlinearity: 'relu' }),
  lstm: (i, h, options) => new LSTMCell(i, h, options),
  projected: (i, h, options) => new LSTMCell(i, h + 1, { ...options, projectionSize: h }),
  gru: (i, h, options) => new GRUCell(i, h, options),
  before: (i, h, options) => new GRUCell(i, h, { ...options, reset: 'before' }),
  zoneout: (i, h, options) => zoneout(new LSTMCell(i, h, options), 0.2, { random: options.random }),
  variational: (i, h, o) =>
    variationalDropout(new GRUCell(i, h, o), { input: 0.3, state: 0.3, random: o.random }),
  weights: (i, h, o) => weightDrop(new RNNCell(i, h, o), 0.5, { names: ['weightHh'], random: o.random }),
};

afterEach(() => useKernels('strict'));

/** Compares each step of `x` [T, B, …], and the last state. */
function expectLaw<S>(model: Unrollable<S>, x: Tensor, head: (y: Tensor) => Tensor, whole: Tensor): void {
  const batch = x.shape[1] as number;
  const live = stream(model, { batch, head });
  for (let round = 0; round < 2; round++) {
    const outputs = Array.from({ length: T }, (_, t) => live.push(x.select(t)));
    expect(stack(outputs).toTypedArray()).toEqual(head(whole).toTypedArray());
    live.reset();
  }
}

for (const kernels of kernelsAvailable().filter((each) => each !== 'reference')) {
  for (const dtype of ['float32', 'float64'] as const) {
    test(`${kernels} ${dtype}: every cell, in one and two layers, for several batch sizes`, () => {
      useKernels(kernels);
      for (const make of Object.values(CELLS)) {
        for (const [batch, units] of [
          [1, 5],
          [3, 12],
        ] as const) {
          const options = { random: new Random(batch), dtype };
          const decoder = new Linear(units, 3, options);
          const layers: readonly Layers[] = [
            make(6, units, options),
            ...(dtype === 'float32' ? [[make(6, units, options), make(units, units, options)]] : []),
          ];
          for (const cells of layers) {
            const more = Array.isArray(cells) ? { dropout: 0.5, random: new Random(9) } : {};
            const model = new Recurrent(cells, { ...more, learnInitialState: units === 12 });
            const x = normal([T, batch, 6], options);
            const { outputs } = model.evaluate().forward(x);
            model.train();
            expectLaw(model, x, (y) => decoder.forward(y), outputs);
            expect(model.training).toBe(true);
          }
        }
      }
    });
  }
}

test('RNN, LSTM and GRU, also batchFirst', () => {
  const random = new Random(3);
  const x = normal([T, 3, 6], { random });
  for (const batchFirst of [false, true]) {
    const options = { layers: 2, batchFirst, random };
    const inputs = batchFirst ? x.transpose(0, 1) : x;
    const whole = (outputs: Tensor): Tensor => (batchFirst ? outputs.transpose(0, 1) : outputs);
    const same = (y: Tensor): Tensor => y;
    const rnn = new RNN(6, 8, options);
    expectLaw(rnn, x, same, whole(rnn.forward(inputs).outputs));
    const lstm = new LSTM(6, 8, options);
    expectLaw(lstm, x, same, whole(lstm.forward(inputs).outputs));
    const gru = new GRU(6, 8, options);
    expectLaw(gru, x, same, whole(gru.forward(inputs).outputs));
  }
});

test('indices [B] for built-in cells and for one-hot classes', () => {
  const random = new Random(4);
  const x = tensor(
    Int32Array.from({ length: T * 2 }, () => random.integer(6)),
    { shape: [T, 2] },
  );
  for (const classes of [undefined, 6]) {
    for (const make of Object.values(CELLS)) {
      const model = new Recurrent(make(6, 9, { random, dtype: 'float32' }), classes ? { classes } : {});
      const { outputs } = model.evaluate().forward(x);
      expectLaw(model, x, (y) => y, outputs);
    }
  }
});
