/** How many recordings a plan keeps, and when it stops making new ones. */
import { expect, test } from 'vitest';
import { memory, ones, Parameter, type Plan, plan, type Tensor } from '../../src/index.ts';

/** A planned sum that counts the runs of its function, replays left out. */
function countedSum(): { planned: Plan<[x: Tensor, plus?: number], Tensor>; counter: { runs: number } } {
  const counter = { runs: 0 };
  const planned = plan((x: Tensor, plus: number = 0): Tensor => {
    counter.runs++;
    return x.sum().add(plus);
  });
  return { planned, counter };
}

test('twenty shapes that come again and again are all kept, once replays have paid for their recordings', () => {
  const { planned, counter } = countedSum();
  const round = (): void => {
    for (let n = 1; n <= 20; n++) expect(planned(ones([n])).item()).toBe(n);
  };
  for (let i = 0; i < 10; i++) round();
  const { runs } = counter;
  round();
  expect(counter.runs).toBe(runs);
  expect(planned.stats.recorded).toBe(20);
  planned[Symbol.dispose]();
});

test('where no recording is used again, a plan stops recording and says why', () => {
  const { planned, counter } = countedSum();
  const before = memory().plans.recordings;
  for (let i = 0; i < 100; i++) expect(planned(ones([2]), i).item()).toBe(2 + i);
  expect(planned.stats).toEqual({
    recorded: 8,
    replayed: 0,
    unplanned: 92,
    lastMiss: 'the arguments: other shapes, dtypes, numbers or objects',
  });
  expect(counter.runs).toBe(100);
  expect(memory().plans.recordings).toBe(before + 8);
  planned[Symbol.dispose]();
});

test('a long run of replays pays for eight new recordings, and not for more', () => {
  const { planned } = countedSum();
  for (let i = 0; i < 1000; i++) planned(ones([2]));
  for (let i = 1; i <= 100; i++) planned(ones([2]), i);
  expect(planned.stats).toMatchObject({ recorded: 9, replayed: 999, unplanned: 92 });
  planned[Symbol.dispose]();
});

test('recordings beyond eight share 64 MiB, and the one used longest ago is recorded again', () => {
  const before = memory().plans.bytes;
  const { planned, counter } = countedSum();
  const large = (n: number): Tensor => ones([2 ** 21 + n]); // 8 MiB for the argument alone
  for (let n = 0; n < 8; n++) {
    planned(large(n));
    for (let i = 0; i < 4; i++) planned(large(n));
  }
  planned(large(8));
  expect(counter.runs).toBe(9);
  expect(memory().plans.recordings).toBe(8);
  for (let n = 1; n <= 8; n++) planned(large(n));
  expect(counter.runs).toBe(9);
  planned(large(0));
  expect(counter.runs).toBe(10);
  planned[Symbol.dispose]();
  expect(memory().plans.bytes).toBe(before);
});

test('beyond eight, recordings whose guards fail are dropped', () => {
  const w = new Parameter(ones([1]));
  const planned = plan((x: Tensor) => (w.frozen ? x : x.mul(w)));
  const kept = (): number => {
    for (let n = 1; n <= 8; n++) for (let i = 0; i < 5; i++) planned(ones([n]));
    return memory().plans.recordings;
  };
  const before = memory().plans.recordings;
  expect(kept()).toBe(before + 8);
  w.frozen = true;
  expect(kept()).toBe(before + 8);
  planned[Symbol.dispose]();
});
