import { valueAndGrad } from '@chronograd/autograd';
import { ones, plan, Random, type Tensor, tensor, zeros } from '@chronograd/tensor';
import { expect, test } from 'vitest';
import {
  crossEntropy,
  Linear,
  LSTM,
  LSTMCell,
  Module,
  Recurrent,
  RNNCell,
  zoneout,
} from '../../src/index.ts';
import { type ModuleSummary, summary } from '../../src/probe/index.ts';

const random = new Random(1);
const [T, B, V, H] = [6, 4, 5, 8];

class Model extends Module {
  readonly recurrent = new Recurrent(new RNNCell(V, H, { random }));
  readonly decoder = new Linear(H, V, { random });
  forward(x: Tensor): Tensor {
    return this.decoder.forward(this.recurrent.forward(x).outputs);
  }
}
const model = new Model();
const x = ones([T, B, V]);

/** A clock that advances by 1 ms at each look. */
const clock = () => {
  let now = 0;
  return () => now++;
};
const sum = (modules: readonly ModuleSummary[], of: (each: ModuleSummary) => number): number =>
  modules.reduce((total, each) => total + of(each), 0);
const at = (path: string, { modules } = summary(model, () => model.forward(x))): ModuleSummary =>
  modules.find((each) => each.path === path)!;

test('Its figures add up: parameters to those of the model, shares of time and memory to 1', () => {
  const big = new LSTM(V, H, { random, layers: 2, bidirectional: true, dropout: 0.1, checkpoint: true });
  for (const [each, body] of [
    [model, () => model.forward(x)],
    [big, () => big.forward(x)],
    [big, () => valueAndGrad(big, () => big.forward(x).outputs.sum())()],
  ] as const) {
    const { modules, parameters, bytes, flops, milliseconds } = summary(each, body, { now: clock() });
    expect(modules.map(({ path, type }) => [path, type])).toEqual(
      each.namedModules().map(([path, module]) => [path, module.constructor.name]),
    );
    expect(parameters).toBe(each.parameterCount);
    expect(sum(modules, (one) => one.parameters)).toBe(parameters);
    expect(sum(modules, (one) => one.timeShare!)).toBeCloseTo(1, 12);
    expect(sum(modules, (one) => one.memoryShare)).toBeCloseTo(1, 12);
    expect(modules.every((one) => one.timeShare! >= 0)).toBe(true);
    expect([bytes, flops, milliseconds].every((one) => one! > 0)).toBe(true);
  }
});

test('Time is that of a module itself, without the modules that it calls', () => {
  class Part extends Module {
    forward(x: Tensor): Tensor {
      wait(30);
      return x;
    }
  }
  class Whole extends Module {
    readonly part = new Part();
    forward(x: Tensor): Tensor {
      wait(10);
      return this.part.forward(this.part.forward(x));
    }
  }
  let now = 0;
  const wait = (milliseconds: number): void => {
    now += milliseconds;
  };
  const whole = new Whole();
  const { root, milliseconds } = summary(whole, () => whole.forward(x), { now: () => now });
  expect(milliseconds).toBe(70);
  expect(root.timeShare).toBeCloseTo(1 / 7, 12);
  expect(root.children.map(({ timeShare, calls }) => [timeShare, calls])).toEqual([[6 / 7, 2]]);
});

test('Shapes are those that modules return, a cell at each of its steps; bytes and operations are those of its ops', () => {
  expect(at('').outputs).toEqual({ '': [T, B, V] });
  expect(at('recurrent').outputs).toEqual({ outputs: [T, B, H], state: [B, H] });
  const cell = at('recurrent.cell');
  expect([cell.outputs, cell.calls]).toEqual([{ output: [B, H], state: [B, H] }, T]);
  // Products: T·B rows by V and by H numbers for the cell, by H for the decoder.
  expect(cell.flops).toBe(2 * T * B * (V + H) * H);
  expect(at('decoder').flops).toBe(2 * T * B * H * V);
  // Projections and their second bias, sums and states. The loop stacks the outputs.
  expect(cell.bytes).toBe(4 * 4 * T * B * H);
  expect(at('recurrent').bytes).toBe(4 * T * B * H);
  expect(at('decoder').bytes).toBe(4 * T * B * V);
});

test('Frozen parameters are counted apart, tied ones once, and wrapped cells are shown', () => {
  class Tied extends Module {
    readonly first = new Linear(2, 2, { random });
    readonly second = new Linear(2, 2, { random, bias: false });
    constructor() {
      super();
      Object.assign(this.second, { weight: this.first.weight });
      this.first.bias!.frozen = true;
    }
  }
  const { modules, parameters, trainable } = summary(new Tied());
  expect([parameters, trainable]).toEqual([6, 4]);
  expect(modules.map((each) => [each.parameters, each.trainable])).toEqual([
    [0, 0],
    [6, 4],
    [0, 0],
  ]);
  const wrapped = new Recurrent(zoneout(new LSTMCell(V, H, { random }), 0.1, { random }));
  const { modules: all } = summary(wrapped, () => wrapped.forward(x));
  expect(all.map(({ type, calls }) => [type, calls])).toEqual([
    ['Recurrent', 1],
    ['Zoneout', T],
    ['LSTMCell', T],
  ]);
});

test('It prints a table; without a clock or a run, without those columns', () => {
  expect(String(summary(model, () => model.forward(x), { now: clock() })).split('\n')[0]).toMatch(
    /memory +time$/,
  );
  expect(`\n${summary(model, () => model.forward(x))}\n`).toBe(`
module                   output                           parameters  memory
────────────────────────────────────────────────────────────────────────────
Model                    [6, 4, 5]                                 0   0.0 %
├─ recurrent: Recurrent  outputs [6, 4, 8], state [4, 8]           0  17.8 %
│  └─ cell: RNNCell      output [4, 8], state [4, 8] × 6         120  71.1 %
└─ decoder: Linear       [6, 4, 5]                                45  11.1 %
────────────────────────────────────────────────────────────────────────────
165 parameters · 6.91 k floating-point operations in products · 4.32 kB of new tensors
`);
  expect(`\n${summary(model.decoder.freeze())}\n`).toBe(`
module  parameters
──────────────────
Linear          45
──────────────────
45 parameters, 45 of them frozen
`);
  model.decoder.unfreeze();
});

test('The run is not changed: same bits, methods as before, also after an error; a planned function runs', () => {
  const plain = model.forward(x).toArray();
  let result: Tensor | undefined;
  const planned = plan((at: Tensor) => model.forward(at));
  planned(x);
  for (const body of [() => model.forward(x), () => planned(x)]) {
    const { root } = summary(model, () => {
      result = body();
      return result;
    });
    expect(result!.toArray()).toEqual(plain);
    expect(root.children[0]!.calls).toBe(1);
  }
  const failing = () => summary(model, () => model.forward(zeros([1, 2, 3])));
  expect(failing).toThrow('RNNCell: expected x');
  expect(Object.keys(model.decoder)).not.toContain('forward');
  const targets = tensor(new Int32Array(T * B), { shape: [T, B] });
  const loss = summary(model, () => crossEntropy(model.forward(x), targets));
  expect(loss.root.outputs).toEqual({ '': [T, B, V] });
  expect(loss.root.bytes).toBeGreaterThan(0);
});

test('Invalid arguments are errors with a cure', () => {
  expect(() => summary(null as never)).toThrow('summary: expected a module, got null');
  expect(() => summary(model, x as never)).toThrow('summary(model, () => model.forward(x))');
  expect(() => summary(model, () => 1, { now: 3 as never })).toThrow('{ now: clock }');
  expect(() => summary(model, async () => 1)).toThrow('promise');
  expect(() => plan(() => summary(model).parameters)()).toThrow('call summary outside of the plan');
});
