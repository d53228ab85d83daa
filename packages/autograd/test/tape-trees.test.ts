/**
 * Arguments and results of valueAndGrad: trees, frozen and repeated tensors, values that stay
 * valid, and errors that name the argument.
 */
import {
  compareGradients,
  grad,
  hvp,
  jvp,
  leavesOf,
  stopGradient,
  valueAndGrad,
  vjp,
} from '@chronograd/autograd';
import { copyOut, memory, Parameter, Random, scope, Tensor, ValueError } from '@chronograd/tensor';
import { expect, test } from 'vitest';
import { float64 } from './rules/plain.ts';

test('gradients come as a tree of the same names', () => {
  const tree = { a: float64([1, 2]), list: [float64(3), { deep: float64([[4]]) }] as const };
  const { value, grads } = valueAndGrad(({ a, list }: typeof tree) =>
    a.sum().mul(list[0]).add(list[1].deep.square().sum()),
  )(tree);
  expect([value.shape, value.item()]).toEqual([[], 25]);
  expect(grads.a.toArray()).toEqual([3, 3]);
  expect(grads.list[0].toArray()).toBe(3);
  expect(grads.list[1].deep.toArray()).toEqual([[8]]);
  expect(Object.keys(grads)).toEqual(['a', 'list']);
  expect(Array.isArray(grads.list)).toBe(true);
});

test('an array of tensors gives an array of gradients, and a value of one element comes with shape []', () => {
  const { value, grads } = valueAndGrad((xs: readonly Tensor[]) => xs[0]!.mul(xs[1]!).reshape([1, 1]))([
    float64(2),
    float64(5),
  ]);
  expect([value.toArray(), grads.map((each) => each.item())]).toEqual([10, [5, 2]]);
});

test('auxiliary results are returned: tensors in trees, numbers, text and null', () => {
  const f = (x: Tensor, aux: (y: Tensor) => unknown): { value: Tensor; aux: unknown } => {
    const y = x.mul(2);
    return { value: y.sum(), aux: aux(y) };
  };
  const along = (aux: (y: Tensor) => unknown): unknown => valueAndGrad(f)(float64([1, 2]), aux).aux;
  expect(along(() => null)).toBe(null);
  expect(along(() => 'text')).toBe('text');
  const state = along((y) => ({ h: y, all: [y.square(), 7], deep: { c: y.sum() } })) as {
    h: Tensor;
    all: [Tensor, number];
    deep: { c: Tensor };
  };
  expect(state.h.toArray()).toEqual([2, 4]);
  expect(state.all[0].toArray()).toEqual([4, 16]);
  expect([state.all[1], state.deep.c.item()]).toEqual([7, 6]);
  expect(valueAndGrad((x: Tensor) => x.sum())(float64([1])).aux).toBe(undefined);
});

test('further arguments are constants, also where they are the very tensor that is differentiated', () => {
  const x = float64(3);
  expect(grad((a: Tensor, b: Tensor) => a.mul(b))(x, x).item()).toBe(3);
  expect(grad((a: Tensor) => a.mul(x))(x).item()).toBe(3);
});

test('a target is followed wherever the function meets it', () => {
  const target = { w: new Parameter(float64([2])), x: float64([5]) };
  const f = (): Tensor => target.w.mul(target.w).mul(target.x).sum();
  const grads = grad(target, f)();
  expect([grads.w.toArray(), grads.x.toArray()]).toEqual([[20], [4]]);
});

test('a tensor in two places of a tree is one variable: both places get its whole gradient', () => {
  const x = float64(3);
  const tree = { a: x, b: [x] as const };
  const f = ({ a, b }: typeof tree): Tensor => a.mul(a).mul(b[0]);
  const grads = grad(f)(tree);
  expect([grads.a.item(), grads.b[0].item()]).toEqual([27, 27]);
  const v = float64(1);
  expect(jvp(f, tree, { a: v, b: [v] }).tangent.item()).toBe(27);
  expect(hvp(f, tree, { a: v, b: [v] }).product.a.item()).toBe(18);
});

test('one vector may be in several places', () => {
  const tree = { a: float64(2), b: float64(5) };
  const v = float64(1);
  const f = ({ a, b }: typeof tree): Tensor => a.mul(b);
  expect(jvp(f, tree, { a: v, b: v }).tangent.item()).toBe(7);
  const { product } = hvp(f, tree, { a: v, b: v });
  expect([product.a.item(), product.b.item()]).toEqual([1, 1]);
});

test('what is returned stays true for as long as it is held', () => {
  const w = new Parameter(float64([1, 2]));
  const step = valueAndGrad({ w }, (x: Tensor) => {
    const y = w.mul(x);
    return { value: y.square().sum(), aux: { y, w: w.mul(1) } };
  });
  const first = step(float64([3, 4]));
  const shown = (): unknown => [
    first.value.toArray(),
    first.grads.w.toArray(),
    first.aux.y.toArray(),
    first.aux.w.toArray(),
  ];
  const before = shown();
  expect(before).toEqual([73, [18, 64], [3, 8], [1, 2]]);
  for (let i = 0; i < 100; i++) {
    const { grads } = step(float64([i, -i]));
    w.assign(w.sub(grads.w.mul(1e-6)));
  }
  expect(shown()).toEqual(before);
  expect(first.grads.w.add(first.aux.y).toArray()).toEqual([21, 72]);
  expect([memory().arena.tensors, memory().arena.bytes]).toEqual([0, 0]);
});

test('a value stays true also where it is a parameter itself', () => {
  const w = new Parameter(float64(3));
  const { value } = valueAndGrad({ w }, () => w)();
  w.assign(float64(4));
  expect(value.item()).toBe(3);
});

test('inside a scope, too, one call’s gradients outlast the next call', () => {
  const f = grad((x: Tensor) => x.square().sum());
  const sum = scope(() => {
    const first = f(float64([1, 2]));
    const second = f(float64([10, 20]));
    return first.add(second);
  });
  expect(sum.toArray()).toEqual([22, 44]);
});

test('a gradient that stops is zero, and its function runs once', () => {
  let runs = 0;
  const f = (x: Tensor): Tensor => {
    runs++;
    return stopGradient(x.square()).sum();
  };
  expect(grad(f)(float64([1, 2])).toArray()).toEqual([0, 0]);
  expect(runs).toBe(1);
});

test('a tensor from a call is an ordinary one: it can be differentiated by the next', () => {
  const first = grad((x: Tensor) => x.pow(3).sum())(float64([2]));
  expect(first).toBeInstanceOf(Tensor);
  expect(grad((x: Tensor) => x.mul(x).sum())(first).toArray()).toEqual([24]);
});

test.each([
  ['a Map', new Map([['w', float64([1])]])],
  ['a Set', new Set([float64([1])])],
  ['a Random', new Random(1)],
])('%s in a tree is rejected wherever trees are accepted: its contents are invisible', (name, hiding) => {
  const tree = { w: float64([1]), more: hiding } as unknown as { w: Tensor };
  const loss = ({ w }: typeof tree) => w.sum();
  const calls: [string, () => unknown][] = [
    ['grad', () => grad(loss)(tree)],
    ['valueAndGrad', () => valueAndGrad(tree, () => loss(tree))()],
    ['vjp', () => vjp(loss, tree, float64(1))],
    ['hvp', () => hvp(loss, tree, tree)],
    ['leavesOf', () => leavesOf('leavesOf', tree)],
  ];
  for (const [op, call] of calls) {
    expect(call).toThrow(ValueError);
    expect(call).toThrow(
      `${op}: expected a tensor, a module, or arrays or objects of them, got ${name} at more`,
    );
  }
  expect(() => compareGradients(tree, { w: float64([1]) })).toThrow(
    `compareGradients: expected a float tensor, a typed array or nested arrays of numbers at more, got ${name}`,
  );
});

test('a tree that holds itself throws an error with its path; one tensor or branch in two places does not', () => {
  const loop: Record<string, unknown> = { w: float64([1]) };
  loop.list = [loop];
  expect(() => leavesOf('grad', loop)).toThrow(
    'grad: expected a tree, got an object at list.0 that holds itself',
  );
  expect(() => compareGradients(loop, loop)).toThrow(
    'compareGradients: expected a tree, got an object at list.0 that holds itself',
  );
  const branch = { w: float64([1]) };
  expect(leavesOf('grad', { a: branch, b: branch })).toHaveLength(1);
});

test('a hole in an array of a tree throws an error', () => {
  // biome-ignore lint/suspicious/noSparseArray: it is what is tested
  const sparse = [float64([1]), , float64([2])];
  expect(() => leavesOf('grad', sparse)).toThrow(
    'grad: expected a tensor, a module, or arrays or objects of them, got undefined at 1',
  );
});

test('a field named __proto__ is a field as any other: it gets its gradient, and no prototype is changed', () => {
  const tree = JSON.parse('{ "__proto__": 0, "a": 0, "deep": { "__proto__": 0 } }') as Record<
    string,
    unknown
  >;
  const put = (node: object, value: Tensor): void => void Object.defineProperty(node, '__proto__', { value });
  put(tree, float64([1, 2]));
  put(tree.deep as object, float64(5));
  tree.a = float64(3);
  const read = (node: unknown): Tensor => Object.getOwnPropertyDescriptor(node, '__proto__')!.value as Tensor;
  const gradients = grad((t: typeof tree) =>
    read(t)
      .square()
      .sum()
      .add((t.a as Tensor).mul(read(t.deep))),
  )(tree) as Record<string, unknown>;
  expect(read(gradients).toArray()).toEqual([2, 4]);
  expect(read(gradients.deep).toArray()).toBe(3);
  expect((gradients.a as Tensor).toArray()).toBe(5);
  for (const node of [gradients, gradients.deep]) expect(Object.getPrototypeOf(node)).toBe(Object.prototype);
  const result = scope(() => copyOut({ ['__proto__']: float64(1).add(1), b: float64(3) }));
  expect([read(result).item(), Object.getPrototypeOf(result)]).toEqual([2, Object.prototype]);
  expect(Object.keys(Object.prototype)).toEqual([]);
});
