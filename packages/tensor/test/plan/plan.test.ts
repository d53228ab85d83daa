/** What a plan must notice, keep apart, and give back. */
import { afterEach, expect, test } from 'vitest';
import {
  gather,
  KernelProfile,
  linear,
  normal,
  ones,
  Parameter,
  plan,
  Random,
  scope,
  type Tensor,
  tensor,
  useKernels,
  withProfile,
  zeros,
} from '../../src/index.ts';

afterEach(() => useKernels('strict'));

/** A function that counts its own calls, replays left out. */
function counted<A extends readonly unknown[], R>(
  fn: (...args: A) => R,
): { fn: (...args: A) => R; runs: number } {
  const counter = {
    runs: 0,
    fn: (...args: A): R => {
      counter.runs++;
      return fn(...args);
    },
  };
  return counter;
}

test('the function runs once for each kind of arguments, and no more', () => {
  const double = counted((x: Tensor, by: number) => x.mul(by));
  const planned = plan(double.fn);
  for (let i = 0; i < 3; i++) {
    expect(planned(tensor([i, 1]), 2).toArray()).toEqual([2 * i, 2]);
    expect(planned(tensor([i]), 2).toArray()).toEqual([2 * i]);
    expect(planned(tensor([i]), 3).toArray()).toEqual([3 * i]);
    expect(planned(tensor([i], { dtype: 'float64' }), 3).toArray()).toEqual([3 * i]);
  }
  expect(double.runs).toBe(4);
});

test('trees of arguments are distinguished by their form', () => {
  const planned = plan((tree: { a: Tensor; b?: Tensor }) =>
    tree.b === undefined ? tree.a : tree.a.add(tree.b),
  );
  const a = tensor([1]);
  expect(planned({ a }).item()).toBe(1);
  expect(planned({ a, b: a }).item()).toBe(2);
  expect(planned({ a: tensor([5]) }).item()).toBe(5);
});

test('results outside of a scope stay what they are when the plan runs again', () => {
  const planned = plan((x: Tensor) => [x.add(1), x]);
  const first = planned(tensor([1]));
  const second = planned(tensor([2]));
  const third = planned(tensor([3]));
  expect([first, second, third].map((each) => each.map((x) => x.item()))).toEqual([
    [2, 1],
    [3, 2],
    [4, 3],
  ]);
  expect(first[0]!.add(second[0]!).add(third[0]!).item()).toBe(9);
});

test('within one open scope each call has separate results', () => {
  const planned = plan((x: Tensor) => x.mul(10));
  planned(tensor([0]));
  const total = scope(() => {
    const [a, b, c] = [planned(tensor([1])), planned(tensor([2])), planned(tensor([3]))];
    return [a!, b!, c!, a!.add(b!).add(c!)];
  });
  expect(total.map((x) => x.item())).toEqual([10, 20, 30, 60]);
});

test('an argument may be a tensor of the open scope, also the last result of the plan itself', () => {
  const planned = plan((x: Tensor) => x.mul(2).add(1));
  let x = tensor([1]);
  for (let i = 0; i < 3; i++) x = scope(() => planned(x.add(0).transpose(0, 0)));
  expect(x.item()).toBe(15);
});

test.each([
  ['as it lies', (x: Tensor) => x.neg()],
  ['a view, which is copied', (x: Tensor) => x.unsqueeze(0).expand([3, 2]).transpose()],
])('one result in two places stays one, %s', (_, make) => {
  const planned = plan((x: Tensor) => {
    const y = make(x);
    return { y, again: y };
  });
  for (let i = 0; i < 2; i++) {
    const { y, again } = planned(ones([2]));
    expect(y).toBe(again);
  }
});

test('a parameter is itself as argument and as result, and its values are read at every call', () => {
  const w = new Parameter(tensor([[1, 2]]));
  const planned = plan((p: Parameter, x: Tensor) => ({
    p,
    y: linear(x, p, zeros([1])),
    turned: p.transpose(),
  }));
  const x = tensor([[1, 1]]);
  expect(planned(w, x).y.item()).toBe(3);
  w.assign(tensor([[3, 4]]));
  const { p, y, turned } = planned(w, x);
  expect(p).toBe(w);
  expect([y.item(), turned.toArray()]).toEqual([7, [[3], [4]]]);
  w.assign(tensor([[5, 6]]));
  expect(turned.toArray()).toEqual([[3], [4]]);
});

test('the transposed form of a weight is made again after a write, and not at every call', () => {
  const w = new Parameter(
    tensor([
      [1, 2],
      [3, 4],
    ]),
  );
  const planned = plan((x: Tensor) => x.matmul(w.transpose()));
  const x = tensor([[1, 1]]);
  const profile = new KernelProfile(() => 0);
  const transposes = (): number =>
    profile.rows.filter(({ kernel }) => kernel === 'transpose').reduce((sum, row) => sum + row.calls, 0);
  const profiled = (): Tensor => withProfile(profile, () => planned(x));
  planned(x);
  profiled(); // recorded again, for the profile's kernels
  profiled();
  expect(transposes()).toBe(0);
  w.assign(
    tensor([
      [5, 6],
      [7, 8],
    ]),
  );
  expect(profiled().toArray()).toEqual([[11, 15]]);
  expect(transposes()).toBe(1);
});

test('a captured tensor keeps its values, wherever its memory was before', () => {
  const constant = tensor([1, 2, 3, 4]);
  const planned = plan((x: Tensor) => x.add(constant));
  const inScope = (): Tensor =>
    scope(() => {
      constant.mul(2); // now it is in the scope's memory too
      return planned(zeros([4]));
    });
  const overwrite = (): Tensor => scope(() => zeros([64]).add(7).add(8));
  for (let i = 0; i < 2; i++) {
    overwrite();
    expect(inScope().toArray()).toEqual([1, 2, 3, 4]);
    overwrite();
    expect(planned(zeros([4])).toArray()).toEqual([1, 2, 3, 4]);
  }
});

test('freezing a parameter is noticed where the function looked at it', () => {
  const w = new Parameter(ones([1]));
  const f = counted((x: Tensor) => (w.frozen ? x : x.mul(2)));
  const planned = plan(f.fn);
  const values = [false, true, true, false].map((frozen) => {
    w.frozen = frozen;
    return planned(ones([1])).item();
  });
  expect(values).toEqual([2, 1, 1, 2]);
  expect(f.runs).toBe(2);
});

test('freezing inside happens at every call', () => {
  const w = new Parameter(ones([1]));
  const planned = plan((x: Tensor) => {
    w.frozen = true;
    return x;
  });
  for (let i = 0; i < 3; i++) {
    w.frozen = false;
    planned(ones([1]));
    expect(w.frozen).toBe(true);
    planned(ones([1]));
  }
  expect(planned.stats).toMatchObject({ recorded: 1, replayed: 5 });
});

test('a disposed parameter throws as it does in the function', () => {
  const w = new Parameter(ones([1]));
  const planned = plan((x: Tensor) => x.mul(w));
  planned(ones([1]));
  w[Symbol.dispose]();
  expect(() => planned(ones([1]))).toThrow(/disposed/);
});

test('another choice of kernels is noticed', () => {
  const f = counted((x: Tensor) => x.tanh());
  const planned = plan(f.fn);
  planned(ones([1]));
  useKernels('reference');
  planned(ones([1]));
  planned(ones([1]));
  expect(f.runs).toBe(2);
});

test('random tensors are drawn again, in the order in which the function draws them', () => {
  const draw = (random: Random) => (x: Tensor) =>
    x.add(normal([4], { random })).mul(normal([4], { random, dtype: 'float32', std: 2 }));
  const [planned, eager] = [plan(draw(new Random(7))), draw(new Random(7))];
  for (let i = 0; i < 4; i++) expect(planned(ones([4])).toArray()).toEqual(eager(ones([4])).toArray());
});

test('a random tensor that is returned stays what it is when the next one is drawn', () => {
  const random = new Random(7);
  const planned = plan(() => normal([2], { random }));
  const first = planned();
  const values = first.toArray();
  expect(planned().toArray()).not.toEqual(values);
  expect(first.toArray()).toEqual(values);
});

test('indices are checked at every call, and a call that throws leaves the plan as it was', () => {
  const planned = plan((indices: Tensor) => gather(tensor([[1], [2]]), indices));
  const at = (i: number): Tensor => tensor([i], { dtype: 'int32' });
  expect(planned(at(1)).toArray()).toEqual([[2]]);
  expect(() => planned(at(2))).toThrow(/got 2 at position 0/);
  expect(planned(at(0)).toArray()).toEqual([[1]]);
});

test('a plan inside of a plan is part of it', () => {
  const inner = plan((x: Tensor) => x.add(1));
  const outer = plan((x: Tensor) => inner(inner(x)).mul(2));
  inner(ones([1]));
  expect([1, 2, 3].map((i) => outer(tensor([i])).item())).toEqual([6, 8, 10]);
});

test('a tensor that comes twice is one, and other tensors in its places are recorded apart', () => {
  const planned = plan((a: Tensor, b: Tensor) => (a === b ? a.mul(10) : a.add(b)));
  const [x, y] = [tensor([1]), tensor([2])];
  const values = [planned(x, x), planned(x, y), planned(y, y), planned(y, x)].map((each) => each.item());
  expect(values).toEqual([10, 3, 20, 3]);
});
