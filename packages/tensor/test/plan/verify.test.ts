/** What no guard sees, `verify` does: the function runs beside its replay. */
import { expect, test } from 'vitest';
import {
  bernoulli,
  memory,
  normal,
  ones,
  Parameter,
  PlanError,
  plan,
  Random,
  scope,
  setMemoryLimit,
  type Tensor,
  tensor,
  ValueError,
} from '../../src/index.ts';

const CHANGED = /a variable or an object that the function reads has changed since the recording/;
const EVERY_CALL = /the function gives another result at every call/;

test('a variable that has changed is found, with the place, both numbers and the cause', () => {
  let by = 2;
  const planned = plan((x: Tensor) => ({ parts: [x, x.mul(by)] }), { verify: 1 });
  const x = tensor([[1, 2]]);
  planned(x);
  planned(x);
  by = 3;
  expect(() => planned(x)).toThrow(PlanError);
  planned(x); // recorded again
  expect(planned(x).parts[1]?.toArray()).toEqual([[3, 6]]);
  by = 4;
  expect(() => planned(x)).toThrow(
    /^plan: expected a replay to equal the function, got 3 instead of 4 at parts\.1\[0, 0\]; /,
  );
  planned(x);
  planned(x);
  by = 5;
  expect(() => planned(x)).toThrow(CHANGED);
});

test('an object that has changed is found', () => {
  class Scale {
    factor = 2;
  }
  const scale = new Scale();
  const planned = plan((x: Tensor) => x.mul(scale.factor), { verify: 4 });
  for (let i = 0; i < 3; i++) planned(ones([2]));
  scale.factor = 3;
  expect(() => planned(ones([2]))).toThrow(/got 2 instead of 3 at the result\[0\]; /);
});

test('a stream that is read inside is found', () => {
  const stream = { position: 0, next: () => tensor([stream.position++]) };
  const planned = plan((x: Tensor) => x.add(stream.next()), { verify: 1 });
  planned(ones([1]));
  expect(() => planned(ones([1]))).toThrow(EVERY_CALL);
});

test('numbers from sources other than a Random are detected', () => {
  let seed = 1;
  const next = (): number => {
    seed = (seed * 7) % 11;
    return seed;
  };
  const planned = plan((x: Tensor) => x.mul(next()), { verify: 1 });
  planned(ones([1]));
  expect(() => planned(ones([1]))).toThrow(EVERY_CALL);
});

test('a tensor that is an argument and used from outside is found', () => {
  const w = tensor([2]);
  const planned = plan((x: Tensor) => (x === w ? x.mul(10) : x), { verify: 1 });
  planned(w);
  expect(() => planned(w)).toThrow(/an argument is also used from outside/);
});

test.each([
  ['a number', 1, 2, /got 1 instead of 2 at value; /],
  ['a string', 'a', 'b', /got "a" instead of "b" at value; /],
  ['a missing part', {}, { a: 1 }, /got 0 instead of 1 parts at value; /],
  ['a renamed part', { a: 1 }, { b: 1 }, /got undefined instead of 1 at value\.b; /],
  ['another shape', ones([2]), ones([1]), /got float32 \[2\] instead of float32 \[1\] at value; /],
  ['a Parameter', new Parameter(ones([1])), new Parameter(ones([1])), /got another Parameter at value; /],
  ['a negative zero', tensor([0]), tensor([-0]), /got 0 instead of -0 at value\[0\]; /],
  ['nothing in place of an object', null, {}, /got null instead of an object at value; /],
])('a result that changes is found: %s', (_, first, second, message) => {
  let value: unknown = first;
  const planned = plan(() => ({ value }), { verify: 1 });
  planned();
  value = second;
  expect(() => planned()).toThrow(message);
});

test('random numbers are those of a plan without the check', () => {
  const draws = (verify: number): unknown[] => {
    const random = new Random(5);
    const fn = (x: Tensor) => x.add(normal([3], { random })).mul(bernoulli([3], 0.5, { random }));
    const planned = plan(fn, { verify });
    return Array.from({ length: 12 }, () => scope(() => planned(ones([3]))).toArray());
  };
  expect(draws(5)).toEqual(draws(0));
});

test('the cause is found also where the function draws', () => {
  const random = new Random(5);
  let by = 2;
  const planned = plan((x: Tensor) => x.add(normal([3], { random })).mul(by), { verify: 1 });
  planned(ones([3]));
  by = 3;
  expect(() => planned(ones([3]))).toThrow(CHANGED);
});

test('the first replays of each recording are checked, and later those whose number is a power of two', () => {
  let runs = 0;
  const planned = plan(
    (x: Tensor) => {
      runs++;
      return x.neg();
    },
    { verify: 3 },
  );
  const checked: number[] = [];
  planned(ones([1]));
  for (let replay = 1; replay <= 20; replay++) {
    const before = runs;
    planned(ones([1]));
    if (runs > before) checked.push(replay);
  }
  expect(checked).toEqual([1, 2, 3, 4, 8, 16]);
});

test('plans inside of a checked one run as they are', () => {
  let by = 2;
  const inner = plan((x: Tensor) => x.mul(by));
  const outer = plan((x: Tensor) => inner(x).add(1), { verify: 1 });
  inner(ones([1]));
  outer(ones([1]));
  by = 3;
  expect(() => outer(ones([1]))).toThrow(CHANGED);
});

test('a check that finds no memory is left out', () => {
  let by = 2;
  const planned = plan(
    (x: Tensor) =>
      x
        .expand([2 ** 24])
        .mul(by)
        .add(1)
        .sum(),
    { verify: 1 },
  );
  const value = planned(ones([1])).item();
  by = 3;
  setMemoryLimit(memory().heapBytes);
  try {
    expect(planned(ones([1])).item()).toBe(value);
  } finally {
    setMemoryLimit(2 ** 32);
  }
  planned[Symbol.dispose]();
});

test('an unknown option and a wrong number throw errors that name them', () => {
  const options = { verfy: 1 } as object;
  expect(() => plan((x: Tensor) => x, options)).toThrow(/unknown option "verfy"; did you mean verify/);
  for (const verify of [-1, 0.5, Number.NaN])
    expect(() => plan((x: Tensor) => x, { verify })).toThrow(ValueError);
});
