import { grad } from '@chronograd/autograd';
import { Random, tensor, VersionError } from '@chronograd/tensor';
import { expect, test } from 'vitest';
import { readSafetensors, writeSafetensors } from '../../../src/formats/safetensors/index.ts';
import {
  Embedding,
  functionalCall,
  GRUCell,
  Linear,
  LSTMCell,
  loadStateDict,
  Module,
  RNNCell,
  type StateDict,
  StateDictError,
  type StateForm,
  stateDict,
} from '../../../src/index.ts';

const random = new Random(3);
const layer = (size: number) => new Linear(size, size, { random });

class Tagger extends Module {
  readonly wordEmbedding: Embedding = new Embedding(5, 3, { random });
  readonly encoderCell: LSTMCell = new LSTMCell(3, 2, { random, projectionSize: 1 });
  readonly hiddenLayers: readonly Linear[] = [layer(1), layer(1)];
}

const shapes = (dict: StateDict): Record<string, readonly number[]> =>
  Object.fromEntries([...dict].map(([name, { shape }]) => [name, shape]));

test("A model's names are its fields in snake_case, joined by dots, and PyTorch's within layers and cells", () => {
  expect(shapes(stateDict(new Tagger()))).toEqual({
    'word_embedding.weight': [5, 3],
    'encoder_cell.weight_ih': [8, 3],
    'encoder_cell.weight_hh': [8, 1],
    'encoder_cell.bias_ih': [8],
    'encoder_cell.bias_hh': [8],
    'encoder_cell.weight_hr': [1, 2],
    'hidden_layers.0.weight': [1, 1],
    'hidden_layers.0.bias': [1],
    'hidden_layers.1.weight': [1, 1],
    'hidden_layers.1.bias': [1],
  });
});

test('A state saved with safetensors is loaded bit for bit, including frozen parameters', () => {
  const [saved, loaded] = [new Tagger(), new Tagger()];
  loaded.encoderCell.freeze();
  const { tensors } = readSafetensors(writeSafetensors(stateDict(saved)));
  expect(loadStateDict(loaded, tensors)).toEqual({ missing: [], unexpected: [] });
  expect(stateDict(loaded)).toEqual(stateDict(saved));
});

test('A state dict holds copies', () => {
  const linear = layer(1);
  const dict = stateDict(linear);
  const before = dict.get('weight')!.data[0];
  linear.weight.assign(tensor([[7]]));
  expect(dict.get('weight')!.data[0]).toBe(before);
});

test('All mismatches are reported at once, and nothing is loaded', () => {
  const model = new Tagger();
  const before = stateDict(model);
  const dict = new Map<string, { shape: readonly number[]; data: Float32Array | Int32Array }>([
    ['word_embedding.weight', { shape: [3, 5], data: new Float32Array(15) }],
    ['encoder_cell.weight_ih', { shape: [8, 3], data: new Int32Array(24) }],
    ['encoder_cell.weight_hh', { shape: [8, 1], data: new Float32Array(8) }],
    ['encoder_cell.bias_ih', { shape: [8], data: new Float32Array(7) }],
    ['encoder_cell.bias_hh', { shape: [8], data: new Float32Array(8) }],
    ['encoder_cell.weight_hr_l0', { shape: [1, 2], data: new Float32Array(2) }],
    ['hidden_layers.0.weight', { shape: [1, 1], data: new Float32Array(1) }],
  ]);
  for (const strict of [true, false]) {
    let error: unknown;
    try {
      loadStateDict(model, dict, { strict });
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toBeInstanceOf(StateDictError);
    expect((error as StateDictError).message).toBe(
      'loadStateDict: the state dict does not fit Tagger: ' +
        'missing encoder_cell.weight_hr, hidden_layers.0.bias, hidden_layers.1.weight, hidden_layers.1.bias; ' +
        'unexpected encoder_cell.weight_hr_l0; ' +
        'word_embedding.weight has shape [3, 5], expected [5, 3]; ' +
        'encoder_cell.weight_ih is int32, expected float32; ' +
        `encoder_cell.bias_ih has shape [8] and 7 elements. Nothing was loaded${strict ? '; strict: false ignores missing and unexpected names' : ''}`,
    );
    expect((error as StateDictError).missing.length).toBe(4);
    expect((error as StateDictError).unexpected).toEqual(['encoder_cell.weight_hr_l0']);
  }
  expect(stateDict(model)).toEqual(before);
});

test('Names on one side only throw an error, or, if `strict` is false, are ignored and returned', () => {
  const linear = layer(1);
  const bias = linear.bias!.item();
  const dict = new Map([
    ['weight', { shape: [1, 1], data: Float64Array.of(0.1) }],
    ['scale', { shape: [], data: Float64Array.of(2) }],
  ]);
  expect(() => loadStateDict(linear, dict)).toThrow('missing bias; unexpected scale. Nothing was loaded');
  expect(loadStateDict(linear, dict, { strict: false })).toEqual({
    missing: ['bias'],
    unexpected: ['scale'],
  });
  expect([linear.weight.item(), linear.bias!.item()]).toEqual([Math.fround(0.1), bias]);
});

class Tied extends Module {
  readonly first: Linear = new Linear(2, 2, { random, bias: false });
  readonly second: Linear = this.first;
}

test('Tied weights are written under each name, and loaded from any or all of them if they agree', () => {
  const model = new Tied();
  const dict = stateDict(model);
  expect([...dict.keys()]).toEqual(['first.weight', 'second.weight']);
  const weight = { shape: [2, 2], data: Float32Array.of(1, 2, 3, 4) };
  const other = { shape: [2, 2], data: Float32Array.of(1, 2, 3, 5) };
  expect(loadStateDict(model, new Map([['second.weight', weight]])).missing).toEqual([]);
  expect(model.first.weight.toArray()).toEqual([
    [1, 2],
    [3, 4],
  ]);
  expect(() =>
    loadStateDict(
      model,
      new Map([
        ['first.weight', weight],
        ['second.weight', other],
      ]),
    ),
  ).toThrow('second.weight and first.weight are one parameter and have different values');
});

class Renamed extends Module {
  readonly cell: RNNCell = new RNNCell(1, 1, { random, biases: 0 });
  readonly out: Linear = layer(1);
  override stateForm(): StateForm {
    return { names: { cell: '*_l0', out: '*' } };
  }
}

test('A module names what is in it by patterns, and they nest', () => {
  class Outer extends Module {
    readonly inner: readonly Renamed[] = [new Renamed()];
    readonly plain: Linear = new Linear(1, 1, { random, bias: false });
    override stateForm(): StateForm {
      return { names: { 'inner.0': 'rnn.*$&', plain: 'head.*' } };
    }
  }
  const outer = new Outer();
  const names = ['rnn.weight_ih_l0$&', 'rnn.weight_hh_l0$&', 'rnn.weight$&', 'rnn.bias$&', 'head.weight'];
  expect([...stateDict(outer).keys()]).toEqual(names);
  expect(loadStateDict(outer, stateDict(new Outer()))).toEqual({ missing: [], unexpected: [] });
});

test('Two parameters under one name throw an error', () => {
  class Doubled extends Module {
    readonly a: Linear = layer(1);
    readonly b: Linear = layer(1);
    override stateForm(): StateForm {
      return { names: { a: '*', b: '*' } };
    }
  }
  expect(() => stateDict(new Doubled())).toThrow(StateDictError);
  expect(() => stateDict(new Doubled())).toThrow('two parameters of Doubled have the name weight');
});

test('float64 modules keep float64, and float32 ones round what comes', () => {
  const cell = new GRUCell(1, 1, { random, dtype: 'float64', biases: 1 });
  const dict = stateDict(cell);
  expect([...dict.values()].map(({ dtype }) => dtype)).toEqual(['F64', 'F64', 'F64', 'F64']);
  const narrow = new GRUCell(1, 1, { random });
  loadStateDict(narrow, dict);
  expect(narrow.weightIh.toTypedArray()).toEqual(Float32Array.from(cell.weightIh.toTypedArray()));
});

test('Anything but a Map of arrays is rejected with a readable message', () => {
  const wrong: readonly [unknown, string][] = [
    [
      undefined,
      'expected a Map from names to arrays, such as readSafetensors(bytes).tensors or readNpz(bytes), got undefined',
    ],
    [{ weight: tensor([[1]]) }, 'got an object'],
    [new Map([['weight', tensor([[1]])]]), 'expected { shape, data } for weight, got a Tensor'],
    [new Map([['weight', null]]), 'got null for "weight"'],
  ];
  for (const [dict, message] of wrong) {
    expect(() => loadStateDict(layer(1), dict as StateDict)).toThrow(StateDictError);
    expect(() => loadStateDict(layer(1), dict as StateDict)).toThrow(message);
  }
});

const UNKNOWN_ARRAYS: readonly ArrayBufferView[] = [
  Uint8Array.of(9),
  BigInt64Array.of(9n),
  Int16Array.of(9),
  new DataView(new ArrayBuffer(1)),
];

test.each(UNKNOWN_ARRAYS.map((data) => [data.constructor.name, data] as const))(
  'A %s throws an error with the name of its entry, and nothing is loaded',
  (kind, data) => {
    const model = layer(1);
    const before = stateDict(model);
    const dict = new Map<string, unknown>([
      ['weight', { shape: [1, 1], data: Float32Array.of(7) }],
      ['bias', { shape: [1], data }],
    ]);
    expect(() => loadStateDict(model, dict as unknown as StateDict)).toThrow(StateDictError);
    expect(() => loadStateDict(model, dict as unknown as StateDict)).toThrow(
      `loadStateDict: expected a Float32Array, Float64Array or Int32Array for bias, got a ${kind}`,
    );
    expect(stateDict(model)).toEqual(before);
  },
);

test('While a tape needs an older value, nothing is loaded', () => {
  const model = layer(1);
  const [before, dict] = [stateDict(model), stateDict(layer(1))];
  const run = () => {
    // Saves the bias, which is the last to be written.
    const y = model.bias!.square().sum();
    loadStateDict(model, dict);
    return y;
  };
  expect(grad(model, run)).toThrow(VersionError);
  expect(stateDict(model)).toEqual(before);
});

test('Anything but a module is rejected with a readable message', () => {
  const none = undefined as unknown as Module;
  expect(() => stateDict(none)).toThrow('stateDict: expected a module, got undefined');
  expect(() => loadStateDict(none, new Map())).toThrow('loadStateDict: expected a module, got undefined');
});

test('Within a functionalCall that replaces parameters, no state dict is taken or loaded', () => {
  const model = new Tagger();
  const [word, hidden] = [model.wordEmbedding.weight, model.hiddenLayers[1]!];
  const before = stateDict(model);
  const within = (run: () => unknown) => () =>
    functionalCall(model, { 'hiddenLayers.1.bias': hidden.bias!.mul(2) }, run);
  for (const run of [() => stateDict(model), () => loadStateDict(model, before, { strict: false })]) {
    expect(within(run)).toThrow(StateDictError);
    expect(within(run)).toThrow(
      /^(stateDict|loadStateDict): a functionalCall .* bias of Linear; call .* before/,
    );
  }
  const other = functionalCall(model, { wordEmbedding: { weight: word.mul(2) } }, () => stateDict(hidden));
  expect([...other.keys()]).toEqual(['weight', 'bias']);
  expect(stateDict(model)).toEqual(before);
});

test('functionalCall throws for what is no module, and what is no body', () => {
  const body = undefined as unknown as () => number;
  expect(() => functionalCall(undefined as unknown as Module, {}, () => 1)).toThrow(
    'functionalCall: expected a module, got undefined',
  );
  expect(() => functionalCall(layer(1), {}, body)).toThrow(
    'functionalCall: expected a function that uses the model for the body, got undefined',
  );
});
