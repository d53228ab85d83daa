import { expect, test } from 'vitest';
import { withScope } from '../../src/engine.ts';
import { full, memory, Parameter, ScopeError, scope, type Tensor, tensor } from '../../src/index.ts';

const x = tensor([1, 2, 3]);
const open = () => memory().arena.tensors > 0;

test('A scope within a scope lives in the outer one: what it returns is no copy, and ends with the outer', () => {
  let inner = x;
  const outer = scope(() => {
    inner = scope(() => x.mul(2));
    // The inner scope has returned, and its result is where it was made.
    expect(inner.storage.array).toBe(null);
    return inner.add(1);
  });
  expect(outer.toArray()).toEqual([3, 5, 7]);
  expect(() => inner.add(1)).toThrow(ScopeError);
});

test('What an inner scope computed and did not return is still there for the outer', () => {
  const total = scope(() => {
    let side = x;
    scope(() => {
      side = x.mul(3);
    });
    return side.sum();
  });
  expect(total.item()).toBe(18);
});

test('An error passes through unchanged, and leaves no scope open', () => {
  const stop = new Error('stop');
  const thrown: unknown[] = [];
  for (const act of [
    () => scope(() => fail(stop)),
    () => scope(() => scope(() => fail(stop))),
    () => scope(() => x.add(tensor([1, 2]))),
  ]) {
    try {
      act();
    } catch (error) {
      thrown.push(error);
    }
    expect(open()).toBe(false);
    expect(x.add(1).toArray()).toEqual([2, 3, 4]);
  }
  expect(thrown.slice(0, 2)).toEqual([stop, stop]);
  expect(thrown[0]).toBe(stop);
});

test('An error that is caught inside the outer scope leaves it open, with all its results', () => {
  const result = scope(() => {
    const before = x.mul(2);
    expect(() => scope(() => fail(new Error('stop')))).toThrow('stop');
    return before.add(x);
  });
  expect(result.toArray()).toEqual([3, 6, 9]);
});

test('A promise is rejected with an error, and its own rejection is handled', async () => {
  const unhandled: unknown[] = [];
  const listen = (reason: unknown) => unhandled.push(reason);
  process.on('unhandledRejection', listen);
  try {
    let reached = false;
    const late = async () => {
      const y = x.mul(2);
      await Promise.resolve();
      reached = true;
      return y.add(1);
    };
    expect(() => scope(late)).toThrow(ScopeError);
    expect(() => scope(() => scope(late))).toThrow('make the function synchronous');
    expect(() => scope(() => Promise.reject(new Error('lost')))).toThrow(ScopeError);
    // biome-ignore lint/suspicious/noThenProperty: what promises of other libraries look like
    expect(() => scope(() => ({ then: (done: () => void) => done() }))).toThrow(ScopeError);
    expect(open()).toBe(false);
    for (let i = 0; i < 5; i++) await new Promise((resolve) => setTimeout(resolve, 1));
    expect(reached).toBe(true);
    expect(unhandled).toEqual([]);
    expect(scope(() => x.add(1)).toArray()).toEqual([2, 3, 4]);
  } finally {
    process.off('unhandledRejection', listen);
  }
});

test('After an await, a rejected function throws when it uses its tensors, since their memory is freed', async () => {
  let outcome: unknown;
  const late = async () => {
    const y = x.mul(2);
    await Promise.resolve();
    scope(() => x.mul(9));
    try {
      outcome = y.toArray();
    } catch (error) {
      outcome = error;
    }
  };
  expect(() => scope(late)).toThrow(ScopeError);
  await new Promise((resolve) => setTimeout(resolve, 1));
  expect(outcome).toBeInstanceOf(ScopeError);
});

test('Parameters and tensors that are made inside a scope live on', () => {
  let made: { w: Parameter; v: Tensor } | undefined;
  scope(() => {
    made = { w: new Parameter(x.mul(2)), v: tensor([7]) };
    scope(() => made?.w.assign(made.w.add(1)));
  });
  for (let i = 0; i < 10; i++) scope(() => x.mul(i).add(x));
  expect(made?.w.toArray()).toEqual([3, 5, 7]);
  expect(made?.v.item()).toBe(7);
});

test('keep runs while the scope is still open, and where it throws the scope is closed all the same', () => {
  const sum = withScope(
    () => x.mul(2),
    (y) => tensor(y.sum().item()),
    true,
  );
  expect(sum.item()).toBe(12);
  expect(() =>
    withScope(
      () => x.mul(2),
      () => fail(new Error('keep')),
      true,
    ),
  ).toThrow('keep');
  expect(open()).toBe(false);
});

function fail(error: Error): never {
  x.mul(2);
  throw error;
}

test('What an outer scope computed before and after a nested one stays as it is: the nested one releases nothing', () => {
  const sums = scope(() => {
    const before = full([64], 1).add(1);
    const inner = scope(() => full([64], 2).mul(5));
    const after = full([64], 3).mul(7);
    return [before, inner, after].map((x) => x.toArray());
  });
  expect(sums).toEqual([2, 10, 21].map((value) => new Array(64).fill(value)));
});
