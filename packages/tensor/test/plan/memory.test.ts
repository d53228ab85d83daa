/** The memory of plans: what they keep, and what they give back. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { segment } from '../../src/engine.ts';
import { memory, ones, Parameter, plan, scope, type Tensor, tensor, zeros } from '../../src/index.ts';

test('growth of the heap between calls changes nothing', () => {
  const w = new Parameter(tensor([2]));
  const planned = plan((x: Tensor) => x.mul(w));
  planned(ones([1]));
  const before = memory().heapBytes;
  const large = new Parameter(zeros([before / 4]));
  expect(memory().heapBytes).toBeGreaterThan(before);
  expect(planned(tensor([21])).item()).toBe(42);
  large[Symbol.dispose]();
});

test('a thousand calls take no more memory than one, and disposing gives all of it back', () => {
  const before = memory().plans;
  {
    using planned = plan((x: Tensor) => x.matmul(x).tanh());
    planned(ones([8, 8]));
    const after = memory();
    for (let i = 0; i < 1000; i++) planned(ones([8, 8]));
    expect(memory()).toEqual(after);
    expect(after.plans.recordings).toBe(before.recordings + 1);
    expect(after.plans.bytes).toBeGreaterThan(before.bytes);
  }
  expect(memory().plans).toEqual(before);
});

test('disposing while a scope holds results leaves them what they are', () => {
  const planned = plan((x: Tensor) => x.add(1));
  planned(ones([1]));
  const kept = scope(() => {
    const y = planned(tensor([5]));
    planned[Symbol.dispose]();
    const other = new Parameter(zeros([1 << 18])); // would take the memory
    const sum = y.add(other.slice([0, 1]));
    other[Symbol.dispose]();
    return sum;
  });
  expect(kept.item()).toBe(6);
});

test('what a plan returned stays what it is when the plan is disposed of', () => {
  const planned = plan((x: Tensor) => x.add(1));
  const y = planned(zeros([64]));
  planned[Symbol.dispose]();
  // Allocates the memory.
  const others = Array.from({ length: 100 }, () => new Parameter(zeros([1 << 10])));
  expect(y.sub(1).sum().item()).toBe(0);
  for (const other of others) other[Symbol.dispose]();
});

test('disposing of a plan while another is recorded leaves what a scope holds of it', () => {
  const first = plan((x: Tensor) => x.add(1));
  first(ones([65536]));
  const second = plan((x: Tensor) => {
    first[Symbol.dispose]();
    return x.mul(53);
  });
  const held = scope(() => {
    const y = first(ones([65536]));
    second(ones([65536]));
    return y.sum();
  });
  expect(held.item()).toBe(2 * 65536);
});

test('a tensor of a scope below a segment throws an error like any other from outside', () => {
  const run = (): Tensor =>
    scope(() => {
      const outside = ones([2]).add(1);
      return segment(() => plan((x: Tensor) => x.mul(outside))(ones([2])));
    });
  expect(run).toThrow(/outside of the planned function/);
});

test('a plan that its own parameters lead to gives its memory back when all of them are dropped', async () => {
  setFlagsFromString('--expose-gc');
  const gc = runInNewContext('gc') as () => void;
  for (let i = 0; i < 20; i++) {
    const w = new Parameter(zeros([64]));
    // Whether it is frozen is looked at, and from then on watched.
    const planned = plan((x: Tensor) => (w.frozen ? x : x.add(w)));
    Object.defineProperty(w, 'step', { value: planned });
    planned(ones([64]));
  }
  expect(memory().plans.recordings).toBeGreaterThanOrEqual(20);
  // Those of other tests in this file count, too: a few may be alive.
  for (let i = 0; i < 100 && memory().plans.recordings > 5; i++) {
    gc();
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
  expect(memory().plans.recordings).toBeLessThan(10);
});

test('indices that the function computes are checked at every replay, in memory that was free', () => {
  const planned = plan((x: Tensor) => {
    const shifted = x.add(1); // as many bytes as the indices
    const largest = shifted.exp().max();
    return ones([3]).gather(x.cast('int32')).sum().add(largest);
  });
  planned(tensor([0, 1, 2]));
  expect(planned(tensor([2, 1, 0])).item()).toBeCloseTo(3 + Math.exp(3), 5);
  expect(planned.stats.replayed).toBe(1);
  expect(() => planned(tensor([2, 3, 0]))).toThrow('got 3 at position 1');
});
