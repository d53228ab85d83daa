import * as autograd from '@chronograd/autograd';
import * as tensor from '@chronograd/tensor';
import { expect, test } from 'vitest';
import { wrongCalls } from '../../../scripts/wrong-calls/calls.mjs';
import * as testing from '../src/checks/testing/index.ts';
import * as data from '../src/data/index.ts';
import * as npy from '../src/formats/npy/index.ts';
import * as safetensors from '../src/formats/safetensors/index.ts';
import * as nn from '../src/index.ts';
import * as parallel from '../src/parallel/index.ts';
import * as probe from '../src/probe/index.ts';
import * as training from '../src/training/index.ts';

const packages = { tensor, autograd, nn, data, training, parallel, probe, testing, npy, safetensors };

// `node scripts/wrong-calls.mjs` makes more of them.
test('Wrong calls of all public functions throw errors of the packages with the name of the function', () => {
  const { thrown, untyped, misnamed } = wrongCalls(packages, { seed: 1, count: 1500 });
  const words = ({ call, error }: (typeof untyped)[number]): string => `${call}: ${String(error)}`;
  expect(untyped.map(words)).toEqual([]);
  expect(misnamed.map(words)).toEqual([]);
  expect(thrown).toBeGreaterThan(800);
});

test.each([
  ['normal', () => tensor.normal([2], undefined as never)],
  ['scope', () => tensor.scope(3 as never)],
  ['outer', () => tensor.outer(tensor.ones([1]), undefined as never)],
  ['checkpoint', () => autograd.checkpoint(undefined as never)],
  ['Vocabulary', () => new data.Vocabulary(undefined as never)],
  ['mse', () => nn.mse(tensor.ones([1]), tensor.ones([1]), null as never)],
  ['integer', () => new tensor.Random(1).integer(1n as never)],
  ['sum', () => tensor.ones([1]).sum(Symbol('axis') as never)],
  ['silu', () => tensor.silu(3 as never)],
  ['softmax', () => tensor.softmax(tensor.ones([2]), 5)],
  ['greater', () => tensor.greater(tensor.ones([2]), tensor.ones([3]))],
  ['LSTM', () => new nn.LSTM(-1, 2, { random: new tensor.Random(1) })],
  ['GRU', () => new nn.GRU(2, 3, { random: new tensor.Random(1) }).forward(tensor.ones([2]))],
])('%s says in its own name what is wrong', (name, call) => {
  expect(call).toThrow(tensor.ChronogradError);
  expect(call).toThrow(new RegExp(`^${name}: `));
});

test('A tree that contains itself is rejected with the name of the called function, by all functions that accept trees', () => {
  const loop: unknown[] = [tensor.ones([1])];
  loop.push(loop);
  const cell = new nn.RNNCell(1, 1, { random: new tensor.Random(1) });
  class Loop extends nn.Module {
    readonly up: nn.Module = this;
  }
  class Ring extends nn.Module {
    readonly parts: unknown[] = [new tensor.Parameter(tensor.ones([1]))];
    readonly other: unknown[] = [];
    constructor() {
      super();
      this.parts.push(this.parts);
      this.other.push(this.other);
    }
  }
  const x = tensor.ones([1]);
  const calls: [string, () => unknown][] = [
    ['scope', () => tensor.scope(() => loop)],
    ['copyOut', () => tensor.copyOut(loop)],
    ['tensor', () => tensor.tensor(loop as never)],
    ['plan', () => tensor.plan((_: unknown) => x)(loop)],
    ['plan', () => tensor.plan(() => loop)()],
    ['grad', () => autograd.grad(() => tensor.tensor(1))(loop as never)],
    ['valueAndGrad', () => autograd.valueAndGrad(() => ({ value: tensor.tensor(1), aux: loop }))(x)],
    [
      'checkpoint',
      () => autograd.grad((y: tensor.Tensor) => autograd.checkpoint(() => [y, loop]) && y.sum())(x),
    ],
    ['compareGradients', () => autograd.compareGradients(loop, loop)],
    ['Recurrent', () => new nn.Recurrent(cell).forward(tensor.ones([1, 1, 1]), loop as never)],
    ['Recurrent', () => new nn.Recurrent([cell, cell]).forward(x.reshape([1, 1, 1]), [loop, loop] as never)],
    ['clipByValue', () => nn.clipByValue(loop, 1)],
    ['stateDict', () => nn.stateDict(new Loop())],
    ['Ring', () => new Ring().parameters()],
    ['Ring', () => autograd.grad(new Ring(), () => x.sum())()],
    ['Ring', () => nn.functionalCall(new Ring(), {}, () => 0)],
    ['Ring', () => nn.stateDict(new Ring())],
    ['Loop', () => nn.functionalCall(new Loop(), {}, () => 0)],
    ['Loop', () => new nn.SGD(new Loop(), { lr: 1 })],
  ];
  for (const [name, call] of calls) {
    expect(call).toThrow(tensor.ChronogradError);
    expect(call).toThrow(new RegExp(`^${name}: `));
  }
});

test('A module may keep an array that holds itself, where it holds no parameter', () => {
  const model = new nn.Linear(1, 1, { random: new tensor.Random(1) });
  const ring: unknown[] = [];
  Object.assign(model, { ring });
  ring.push(ring);
  const weight = tensor.ones([1, 1]);
  expect(nn.stateDict(model).size).toBe(2);
  expect(nn.functionalCall(model, { weight }, () => model.weight)).toBe(weight);
  expect(Object.keys(autograd.grad(model, () => model.weight.sum())())).toEqual(['weight', 'bias']);
});

test('A renamed error has its new name in its stack, too', () => {
  try {
    tensor.logSumExp(tensor.ones([2, 0]), 1);
    expect.unreachable();
  } catch (error) {
    expect(error).toBeInstanceOf(tensor.ShapeError);
    expect((error as Error).message).toMatch(/^logSumExp: axis of size 0/);
    expect((error as Error).stack).toContain('ShapeError: logSumExp: axis of size 0');
  }
});
