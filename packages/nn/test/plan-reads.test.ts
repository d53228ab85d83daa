/**
 * What a planned function reads beside modules: trees of tensors, arrays, streams, captured
 * arguments.
 */
import { grad, valueAndGrad, vjp } from '@chronograd/autograd';
import { ones, PlanError, plan, Random, scope, type Tensor, tensor } from '@chronograd/tensor';
import { expect, test } from 'vitest';
import { Streams } from '../src/data/index.ts';
import { Dropout, functionalCall, Linear, RNN } from '../src/index.ts';
import { recordTaps } from '../src/probe/index.ts';

const linear = (): Linear => new Linear(1, 1, { random: new Random(3) });

test('functionalCall inside of a plan is replayed', () => {
  const model = linear();
  const planned = plan((weight: Tensor, x: Tensor) =>
    grad((tensors: { weight: Tensor }) =>
      functionalCall(model, tensors, () => model.forward(x).square().sum()),
    )({ weight }),
  );
  const bias = model.bias!.item();
  for (const w of [1, 2, 3]) {
    const { weight } = planned(tensor([[w]]), ones([1, 1]));
    expect(weight.item()).toBeCloseTo(2 * (w + bias), 5);
  }
  expect(planned.stats).toMatchObject({ recorded: 1, replayed: 2 });
});

test('a key that is added to or removed from a tree of tensors is noticed', () => {
  const tree: Record<string, Tensor> = { a: tensor([2]) };
  const product = (): Tensor =>
    Object.values(tree)
      .reduce((y, x) => y.mul(x))
      .sum();
  const step = plan(valueAndGrad(tree, product));
  const both = () => {
    const { value, grads } = step();
    return [value.item(), Object.keys(grads)];
  };
  expect(both()).toEqual([2, ['a']]);
  tree.b = tensor([3]);
  expect(both()).toEqual([6, ['a', 'b']]);
  delete tree.a;
  expect(both()).toEqual([3, ['b']]);
  const pulled = plan(
    (cotangent: Tensor) => vjp((t: typeof tree) => t.b!.mul(t.c ?? 1), tree, cotangent).value,
  );
  expect(pulled(ones([1])).item()).toBe(3);
  tree.c = tensor([5]);
  expect(pulled(ones([1])).item()).toBe(15);
});

test('gradients of a tensor from outside that is an argument too throw an error', () => {
  const w = tensor([2, 3]);
  const f = (x: Tensor): Tensor => grad({ w }, () => w.mul(x).sum())().w;
  const planned = plan(f);
  expect(() => planned(w)).toThrow(
    /gradients were taken of a tensor from outside that is an argument as well/,
  );
  expect(planned(ones([2])).toArray()).toEqual([1, 1]);
  expect(() => planned(w)).toThrow(PlanError);
  expect(f(w).toArray()).toEqual([4, 6]);
});

test('arrays that a tensor is made of inside are read at every call', () => {
  const [typed, nested] = [new Float32Array([1, 2]), [[1], [2]]];
  const planned = plan(() => [tensor(typed).mul(1), tensor(nested, { dtype: 'int32' })]);
  const values = () => planned().map((x) => x.toArray());
  values();
  typed[0] = 7;
  nested[1]![0] = 8;
  expect(values()).toEqual([
    [7, 2],
    [[1], [8]],
  ]);
  nested.push([3]);
  expect(values).toThrow(/ragged/);
});

test('a window that is read inside throws an error', () => {
  const streams = new Streams(new Int32Array(20), { batch: 1, steps: 2 });
  expect(() => plan(() => streams.next().inputs)()).toThrow(
    /a window was read inside.*pass it as an argument/,
  );
  expect(streams.position).toBe(0);
});

test.each([
  ['p', (dropout: Dropout) => Object.assign(dropout, { p: 0.9 })],
  ['training', (dropout: Dropout) => dropout.evaluate()],
  ['random', (dropout: Dropout) => Object.assign(dropout, { random: new Random(8) })],
])('dropout on its own is guarded: %s', (_, change) => {
  const masks = (planned: boolean): unknown[] => {
    const dropout = new Dropout(0.5, { random: new Random(1) });
    const f = (x: Tensor): Tensor => dropout.forward(x);
    const run = planned ? plan(f) : f;
    const x = ones([32]);
    const before = [run(x).toArray(), run(x).toArray()];
    change(dropout);
    return [...before, run(x).toArray()];
  };
  expect(masks(true)).toEqual(masks(false));
});

test('taps that are recorded around a plan are those of this call', () => {
  const model = new RNN(2, 3, { random: new Random(1) });
  const planned = plan((x: Tensor) => model.forward(x).outputs);
  const x = (i: number): Tensor => ones([2, 1, 2]).mul(i);
  planned(x(1));
  const { result, taps } = scope(() => recordTaps(model, () => planned(x(2))));
  expect(Object.values(taps).map((tap) => tap.toArray())).toContainEqual(result.toArray());
});
