import { AnomalyError, valueAndGrad } from '@chronograd/autograd';
import { full, ones, Random, type Tensor, tensor, zeros } from '@chronograd/tensor';
import { expect, test } from 'vitest';
import {
  Cell,
  crossEntropy,
  detectAnomaly,
  Linear,
  Module,
  Recurrent,
  RNNCell,
  type Step,
} from '../../src/index.ts';

/**
 * A cell that divides by its input: at a 0, forward makes an infinity. Its square root makes one in
 * the backward pass only.
 */
class FragileCell extends Cell<Tensor> {
  readonly inner: Linear;
  constructor() {
    super();
    this.inner = new Linear(2, 2, { random: new Random(1) });
  }
  initialState(batch: number): Tensor {
    return zeros([batch, 2]);
  }
  step(x: Tensor, h: Tensor): Step<Tensor> {
    return this.finish(this.inner.forward(h).add(x.slice(null, [0, 1]).reciprocal()), x);
  }
  finish(h: Tensor, x: Tensor): Step<Tensor> {
    const next = h.add(x.slice(null, [1, 2]).add(h.sub(h)).sqrt());
    return { output: next, state: next };
  }
}

class FragileModel extends Module {
  readonly recurrent: Recurrent<FragileCell> = new Recurrent(new FragileCell());
  readonly layers: readonly Linear[] = [new Linear(2, 3, { random: new Random(2) })];

  loss(x: Tensor): Tensor {
    return this.layers[0]!.forward(this.recurrent.forward(x).outputs).square().sum();
  }
}

/** Ones, but for one number at step 3. */
const inputs = (at: 0 | 1, value: number): Tensor =>
  tensor(Array.from({ length: 5 }, (_, t) => [[0, 1].map((i) => (t === 3 && i === at ? value : 1))]));

function caught(body: () => unknown): AnomalyError {
  try {
    body();
  } catch (error) {
    if (error instanceof AnomalyError) return error;
    throw error;
  }
  throw new Error('nothing was found');
}

test('A forward op that makes an infinity is named with its module and time step', () => {
  const model = new FragileModel();
  const step = valueAndGrad(model, (x: Tensor) => model.loss(x));
  const error = caught(() => detectAnomaly(model, () => step(inputs(0, 0))));
  expect(error).toMatchObject({ op: 'pow', pass: 'forward', place: 'recurrent.cell, time step 3' });
  expect(error.message).toContain('forward pass at recurrent.cell, time step 3: pow made Infinity');
});

test('An op whose gradient is infinite is named with the module and time step where it ran forward', () => {
  const model = new FragileModel();
  const step = valueAndGrad(model, (x: Tensor) => model.loss(x));
  expect(Number.isFinite(step(inputs(1, 0)).value.item())).toBe(true);
  const error = caught(() => detectAnomaly(model, () => step(inputs(1, 0))));
  expect(error).toMatchObject({ op: 'sqrt', pass: 'backward', place: 'recurrent.cell, time step 3' });
  expect(error.message).toContain('backward pass at recurrent.cell, time step 3: the backward of sqrt made');
});

test('Modules inside cells, and in arrays, are named by their own path; the time step stays that of the loop', () => {
  const model = new FragileModel();
  const { inner } = model.recurrent.cell;
  const x = inputs(0, 1);
  const run = () => caught(() => detectAnomaly(model, () => model.loss(x)));
  inner.bias!.assign(tensor([3e38, 0]));
  inner.weight.assign(tensor([3e38, 0, 0, 0]).reshape([2, 2]));
  expect(run().place).toBe('recurrent.cell.inner, time step 1');
  inner.weight.assign(zeros([2, 2]));
  model.layers[0]!.weight.assign(full([3, 2], 3e38));
  expect(run().place).toBe('layers.0');
});

test('In the built-in cell an overflow is found in the step that makes it', () => {
  const recurrent = new Recurrent(
    new RNNCell(2, 2, { random: new Random(1), nonlinearity: 'relu', biases: 0 }),
  );
  recurrent.cell.weightIh.assign(ones([2, 2]));
  recurrent.cell.weightHh.assign(full([2, 2], 1e10));
  // States grow by 2·10¹⁰ a step: 2, 4·10¹⁰, 8·10²⁰, 1.6·10³¹, and then beyond float32.
  const error = caught(() => detectAnomaly(recurrent, () => recurrent.forward(ones([8, 1, 2]))));
  expect(error).toMatchObject({ op: 'linear', pass: 'forward', place: 'cell, time step 4' });
});

test('Where nothing is wrong the results are the same bits, and the modules are afterwards as they were', () => {
  const model = new FragileModel();
  const step = valueAndGrad(model, (x: Tensor) => model.loss(x));
  const x = inputs(0, 1);
  const shape = () => model.namedModules().map(([, module]) => Object.getOwnPropertyDescriptors(module));
  const [plain, before] = [step(x), shape()];
  const watched = detectAnomaly(model, () => step(x));
  expect(String(watched.value)).toBe(String(plain.value));
  expect(watched.grads.recurrent.cell.inner.weight.toArray()).toEqual(
    plain.grads.recurrent.cell.inner.weight.toArray(),
  );
  expect(watched.grads.layers[0]!.weight.toArray()).toEqual(plain.grads.layers[0]!.weight.toArray());
  expect(shape()).toEqual(before);
  expect(() => detectAnomaly(model, () => step(inputs(0, 0)))).toThrow(AnomalyError);
  expect(shape()).toEqual(before);
  expect(() => step(inputs(0, 0))).not.toThrow();
});

test('A method that is a field of an instance is restored afterwards', () => {
  const layer = new Linear(2, 2, { random: new Random(1) });
  const own = (x: Tensor) => x.mul(2);
  Object.assign(layer, { forward: own });
  expect(detectAnomaly(layer, () => layer.forward(tensor([1])).item())).toBe(2);
  expect(layer.forward).toBe(own);
  expect(Object.keys(layer)).toContain('forward');
});

test('An error that is caught inside leaves no wrong path', () => {
  const model = new FragileModel();
  const error = caught(() =>
    detectAnomaly(model, () => {
      expect(() => model.recurrent.cell.inner.forward(zeros([3]))).toThrow('linear');
      return tensor([0]).log();
    }),
  );
  expect(error).toMatchObject({ op: 'log', place: null });
});

test('A module in two places is watched in both, and restored in the end', () => {
  class Twice extends Module {
    readonly a: Linear = new Linear(2, 2, { random: new Random(1) });
    readonly b: Linear = this.a;
  }
  const model = new Twice();
  const logits = detectAnomaly(model, () => model.b.forward(model.a.forward(zeros([1, 2]))));
  expect(Object.hasOwn(model.a, 'forward')).toBe(false);
  expect(crossEntropy(logits, tensor([0], { dtype: 'int32' })).item()).toBeGreaterThan(0);
  model.a.weight.assign(full([2, 2], 3e38));
  expect(caught(() => detectAnomaly(model, () => model.b.forward(tensor([[9, 9]])))).place).toBe('a');
});
