import * as autograd from '@chronograd/autograd';
import * as tensors from '@chronograd/tensor';
import { normal, ones, Random, tensor } from '@chronograd/tensor';
import { describe, expect, test } from 'vitest';
import * as testing from '../../src/checks/testing/index.ts';
import * as data from '../../src/data/index.ts';
import * as npy from '../../src/formats/npy/index.ts';
import * as safetensors from '../../src/formats/safetensors/index.ts';
import * as nn from '../../src/index.ts';
import * as parallel from '../../src/parallel/index.ts';
import * as probe from '../../src/probe/index.ts';
import * as training from '../../src/training/index.ts';
import type { OptionTakers } from './option-takers.ts';

/**
 * Calls a public function with options that also hold `extra`. Null: it accepts other functions'
 * options by design.
 */
type Row = ((extra: object) => unknown) | null;
type Rows<M> = { readonly [Name in OptionTakers<M>]: Row };

const random = new Random(1);
const model = new nn.Linear(2, 1, { random });
const cell = new nn.RNNCell(2, 3, { random });
const recurrent = new nn.Recurrent(cell);
const inputs = ones([4, 1, 2]);
const inputsOfBatch = ones([4, 5, 2]);
const weights = { Wxh: [[1]], Whh: [[1]], Why: [[1]], bh: [0], by: [0] };
const gates = (count: number): typeof weights => ({
  ...weights,
  Wxh: new Array(count).fill([1]),
  Whh: new Array(count).fill([1]),
  bh: new Array(count).fill(0),
});
const liveStream = () => {
  const live = nn.stream(new nn.Recurrent(new nn.RNNCell(2, 2, { random })));
  live.push(ones([1, 2]));
  return live;
};
const lossOf = () => recurrent.forward(inputs).outputs.sum();
const npzFile = npy.writeNpz(new Map([['x', ones([2])]]));
const safetensorsFile = safetensors.writeSafetensors(nn.stateDict(model));
const makeCell = ({ inputSize, hiddenSize, ...rest }: testing.CellSizes) =>
  new nn.RNNCell(inputSize, hiddenSize, rest);

class Descent extends nn.Optimizer {
  constructor(options: object) {
    super(model, options, { defaults: { lr: 0.1 } });
  }
  protected override apply(): void {}
}

const ofTensor: Rows<typeof tensors> = {
  arange: (extra) => tensors.arange(3, extra),
  bernoulli: (extra) => tensors.bernoulli([2], 0.5, { random, ...extra }),
  eye: (extra) => tensors.eye(2, extra),
  full: (extra) => tensors.full([2], 1, extra),
  plan: (extra) => tensors.plan((x: tensors.Tensor) => x, extra),
  normal: (extra) => normal([2], { random, ...extra }),
  ones: (extra) => ones([2], extra),
  tensor: (extra) => tensor([1], extra),
  uniform: (extra) => tensors.uniform([2], { random, ...extra }),
  zeros: (extra) => tensors.zeros([2], extra),
};

const ofAutograd: Rows<typeof autograd> = {
  compareGradients: (extra) => autograd.compareGradients({ w: [1] }, { w: [1] }, extra),
  gradcheck: (extra) => autograd.gradcheck((x) => x, [ones([1], { dtype: 'float64' })], extra),
};

const ofNn: Rows<typeof nn> = {
  Adagrad: (extra) => new nn.Adagrad(model, extra),
  Adam: (extra) => new nn.Adam(model, extra),
  AdditiveAttention: (extra) => new nn.AdditiveAttention(2, 3, 2, { random, ...extra }),
  'AdditiveAttention.memory': (extra) => new nn.AdditiveAttention(2, 2, 2, { random }).memory(inputs, extra),
  AdamW: (extra) => new nn.AdamW(model, extra),
  CausalConv1d: (extra) => new nn.CausalConv1d(2, 3, 2, { random, ...extra }),
  DotProductAttention: (extra) => new nn.DotProductAttention(2, 3, { random, ...extra }),
  'DotProductAttention.memory': (extra) => new nn.DotProductAttention(2, 2, { random }).memory(inputs, extra),
  Dropout: (extra) => new nn.Dropout(0.5, { random, ...extra }),
  Embedding: (extra) => new nn.Embedding(3, 2, { random, ...extra }),
  GRU: (extra) => new nn.GRU(2, 3, { random, ...extra }),
  'GRU.forward': (extra) => new nn.GRU(2, 3, { random }).forward(inputs, undefined, extra),
  GRUCell: (extra) => new nn.GRUCell(2, 3, { random, ...extra }),
  LSTM: (extra) => new nn.LSTM(2, 3, { random, ...extra }),
  'LSTM.forward': (extra) => new nn.LSTM(2, 3, { random }).forward(inputs, undefined, extra),
  LSTMCell: (extra) => new nn.LSTMCell(2, 3, { random, ...extra }),
  LayerNorm: (extra) => new nn.LayerNorm(2, extra),
  Linear: (extra) => new nn.Linear(2, 1, { random, ...extra }),
  Optimizer: (extra) => new Descent(extra),
  RMSprop: (extra) => new nn.RMSprop(model, extra),
  RNN: (extra) => new nn.RNN(2, 3, { random, ...extra }),
  'RNN.forward': (extra) => new nn.RNN(2, 3, { random }).forward(inputs, undefined, extra),
  RNNCell: (extra) => new nn.RNNCell(2, 3, { random, ...extra }),
  Recurrent: (extra) => new nn.Recurrent(cell, extra),
  'Recurrent.forward': (extra) => recurrent.forward(inputs, undefined, extra),
  SGD: (extra) => new nn.SGD(model, { lr: 0.1, ...extra }),
  binaryCrossEntropy: (extra) => nn.binaryCrossEntropy(ones([2]), ones([2]), extra),
  clipByGlobalNorm: (extra) => nn.clipByGlobalNorm({ w: ones([2]) }, 1, extra),
  ctcLoss: (extra) => nn.ctcLoss(ones([1, 1, 2]), tensor([[1]], { dtype: 'int32' }), extra),
  dotProductAttention: (extra) => nn.dotProductAttention(ones([2, 2]), ones([2, 2]), ones([2, 2]), extra),
  forecast: (extra) => nn.forecast(liveStream(), 2, extra),
  globalNorm: (extra) => nn.globalNorm({ w: ones([2]) }, extra),
  crossEntropy: (extra) => nn.crossEntropy(ones([1, 2]), tensor([0], { dtype: 'int32' }), extra),
  // An initializer gets the options of the layer that it serves.
  fanInNormal: null,
  gaussianNLL: (extra) => nn.gaussianNLL(ones([2]), ones([2]), { logVariance: ones([2]), ...extra }),
  gruBackward: (extra) => nn.gruBackward({ ...gates(3), bx: [0, 0, 0] }, [[[1]]], [[0]], undefined, extra),
  huber: (extra) => nn.huber(ones([2]), ones([2]), extra),
  linearWarmup: (extra) => nn.linearWarmup(10, extra),
  loadStateDict: (extra) => nn.loadStateDict(model, nn.stateDict(model), extra),
  lstmBackward: (extra) => nn.lstmBackward(gates(4), [[[1]]], [[0]], undefined, extra),
  oneCycle: (extra) => nn.oneCycle(10, extra),
  mse: (extra) => nn.mse(ones([2]), ones([2]), extra),
  quantileLoss: (extra) => nn.quantileLoss(ones([2]), ones([2]), 0.5, extra),
  rnnBackward: (extra) => nn.rnnBackward(weights, [[[1]]], [[0]], undefined, extra),
  stream: (extra) => nn.stream(recurrent, extra),
  variationalDropout: (extra) => nn.variationalDropout(cell, { input: 0.1, random, ...extra }),
  weightDrop: (extra) => nn.weightDrop(cell, 0.5, { random, ...extra }),
  xavierNormal: null,
  xavierUniform: null,
  zerosInit: null,
  zoneout: (extra) => nn.zoneout(cell, 0.1, { random, ...extra }),
};

const trained = { model, loss: (x: tensors.Tensor) => model.forward(x).mean(), batches: [[ones([1, 2])]] };
const optimizer = new nn.SGD(model, { lr: 0.1 });

const ofTraining: Rows<typeof training> = {
  ExponentialMovingAverage: (extra) => new training.ExponentialMovingAverage(model, extra),
  ReduceLROnPlateau: (extra) => new training.ReduceLROnPlateau(optimizer, extra),
  evaluateLoss: null, // see packages/nn/test/training: it rejects
  fit: (extra) => training.fit({ ...trained, optimizer, ...extra }),
  lrRangeTest: null, // as evaluateLoss
  streamBatches: (extra) =>
    training.streamBatches(new data.Streams(new Int32Array(100), { batch: 1, steps: 5 }), extra),
};

const ofData: Rows<typeof data> = {
  BytePairEncoding: (extra) => new data.BytePairEncoding({ merges: [], specials: [], ...extra }),
  WordVocabulary: (extra) => new data.WordVocabulary({ ...data.WordVocabulary.of('a'), ...extra }),
  DataLoader: (extra) => new data.DataLoader(data.windows([1, 2], { steps: 1 }), { batch: 1, ...extra }),
  paddedBatches: (extra) => data.paddedBatches([Int32Array.of(1)], { batch: 1, ...extra }),
  splitByTime: (extra) => data.splitByTime([1, 2], extra),
  windows: (extra) => data.windows([1, 2], { steps: 1, ...extra }),
};

const ofEntries: Rows<typeof npy & typeof safetensors & typeof probe & typeof testing> = {
  cellLaws: (extra) => testing.cellLaws(makeCell, extra),
  checkCell: (extra) => testing.checkCell(makeCell, { runs: 1, ...extra }),
  lawOutcomes: (extra) => testing.lawOutcomes(makeCell, { runs: 1, ...extra }),
  gradientProblem: (extra) =>
    testing.gradientProblem(makeCell, { steps: 2, batch: 1, inputSize: 2, hiddenSize: 2, seed: 1 }, extra),
  gradientFlow: (extra) => probe.gradientFlow(recurrent, lossOf, extra),
  connectivity: (extra) => probe.connectivity(recurrent, inputs, extra),
  jacobianNorms: (extra) => probe.jacobianNorms(recurrent, inputs, extra),
  openNpz: (extra) => npy.openNpz(npzFile, extra),
  openSafetensors: (extra) => safetensors.openSafetensors(safetensorsFile, extra),
  readNpz: (extra) => npy.readNpz(npzFile, extra),
  readSafetensors: (extra) => safetensors.readSafetensors(safetensorsFile, extra),
  summary: (extra) => probe.summary(model, undefined, extra),
  stateJacobian: (extra) => probe.stateJacobian(recurrent, inputs, extra),
  stepJacobians: (extra) => probe.stepJacobians(recurrent, inputs, extra),
  writeNpz: (extra) => npy.writeNpz(new Map([['x', ones([2])]]), extra),
};

const ofParallel: Rows<typeof parallel> = {
  webWorkers: (extra) => parallel.webWorkers(() => ({}) as never, { count: 2, ...extra }),
};

/** Options within options, and those whose keys all have to be there. */
const others: Readonly<Record<string, Row>> = {
  'BytePairEncoding.of': (extra) => data.BytePairEncoding.of('a', { maxSize: 256, ...extra }),
  'WordVocabulary.of': (extra) => data.WordVocabulary.of('a', extra),
  Streams: (extra) => new data.Streams(new Int32Array(100), { batch: 1, steps: 5, ...extra }),
  'Adam: group 0': (extra) => new nn.Adam(model, { groups: [{ parameters: model, ...extra }] }),
  'cellLaws: largest': (extra) => testing.cellLaws(makeCell, { largest: extra }),
  'fit: shards': (extra) => training.fit({ ...trained, optimizer, shards: { count: 2, ...extra } }),
  'fit: clip': (extra) => training.fit({ ...trained, optimizer, clip: { norm: 1, ...extra } }),
  'fit: validation': (extra) =>
    training.fit({ ...trained, optimizer, validation: { every: 1, measure: () => 1, ...extra } }),
  'fit: checkpoint': (extra) =>
    training.fit({ ...trained, optimizer, checkpoint: { storage: training.memoryStorage(), ...extra } }),
  'stepJacobians: padding': (extra) => probe.stepJacobians(recurrent, inputsOfBatch, { padding: extra }),
};

const rows = Object.entries({
  ...ofTensor,
  ...ofAutograd,
  ...ofNn,
  ...ofData,
  ...ofEntries,
  ...ofTraining,
  ...ofParallel,
  ...others,
}).filter((row): row is [string, Exclude<Row, null>] => row[1] !== null);

describe('Every options object that the packages take', () => {
  test.each(rows)('names an unknown key: %s', (_, call) => {
    expect(() => call({ noSuchOption: 1 })).toThrow(
      /^[\w.]+(: \w+( \d+)?)?: unknown option "noSuchOption"; /,
    );
  });

  test.each(rows)('ignores an unknown key whose value is undefined: %s', (_, call) => {
    call({ noSuchOption: undefined });
  });
});

describe('What people of other frameworks write', () => {
  test.each([
    [() => new nn.Adam(model, { learningRate: 0.5 } as object), 'Adam: unknown option "learningRate"; '],
    [
      () => new nn.Adam(model, { groups: [{ parameters: model, learningRate: 1 } as never] }),
      'Adam: group 0: unknown option "learningRate"; ',
    ],
    [
      () => new nn.LSTM(2, 3, { random, batch_first: true } as never),
      'LSTM: unknown option "batch_first"; did you mean batchFirst?',
    ],
    [
      () => recurrent.forward(inputs, undefined, { length: [4] } as object),
      'Recurrent: unknown option "length"; did you mean lengths?',
    ],
    [
      () => new nn.Embedding(3, 2, { random, paddingIdx: 0 } as never),
      'Embedding: unknown option "paddingIdx"; ',
    ],
  ])('is named: %#', (call, message) => {
    expect(call).toThrow(tensors.ValueError);
    expect(call).toThrow(message);
  });

  test('Options that serve random tensors serve constant ones too', () => {
    const options = { random, dtype: 'float64' } as const;
    expect(tensors.zeros([2], options).dtype).toBe('float64');
    expect(tensor([1, 2], options).dtype).toBe('float64');
  });

  test('An initializer serves a layer of one’s own, whatever else its options hold', () => {
    const options = { random, dtype: 'float64', init: nn.orthogonal(), units: 3 } as const;
    const given = [nn.zerosInit, nn.normalInit(1), nn.fanInNormal, nn.xavierNormal, nn.xavierUniform];
    for (const init of [...given, nn.uniformInit(3), nn.orthogonal()])
      expect(init([2, 3], options).dtype).toBe('float64');
  });

  test('An initializer of one’s own gets the source of random numbers and the dtype, and nothing that `normal` would throw for', () => {
    const keys: string[][] = [];
    const init: nn.Initializer = (shape, options) => {
      keys.push(Object.keys(options).sort());
      return normal(shape, { ...options, std: 0.1 });
    };
    const options = { random, dtype: 'float64', init } as const;
    new nn.Linear(2, 1, { ...options, bias: false });
    new nn.Embedding(2, 1, options);
    new nn.LSTM(2, 3, { ...options, biases: 1, layers: 2, dropout: 0.1 });
    new nn.RNNCell(2, 3, { ...options, biases: 1 });
    expect(new Set(keys.map(String))).toEqual(new Set(['dtype,random']));
  });
});
