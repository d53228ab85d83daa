/** Errors of differentiated functions name the expected value and the one they got. */
import { grad, hvp, jvp, rules, valueAndGrad, vjp } from '@chronograd/autograd';
import { ChronogradError, DtypeError, ShapeError, type Tensor, tensor, ValueError } from '@chronograd/tensor';
import { record } from '@chronograd/tensor/engine';
import { expect, test } from 'vitest';
import { float64 } from './rules/plain.ts';

const x = float64([1, 2]);
const call = (f: unknown) => (): unknown => valueAndGrad(f as (x: Tensor) => Tensor)(x);

test('a value of several elements', () => {
  expect(call((y: Tensor) => y)).toThrow(ShapeError);
  expect(call((y: Tensor) => y)).toThrow(
    /expected a single number from the function, got shape \[2\]; reduce it with sum\(\) or mean\(\)/,
  );
});

test('a value of integers', () => {
  expect(call(() => tensor(3, { dtype: 'int32' }))).toThrow(DtypeError);
});

test('a value that is no tensor', () => {
  for (const [f, came] of [
    [() => 3, 'a number'],
    [() => null, 'null'],
    [() => undefined, 'undefined'],
    [() => ({ value: 3, aux: null }), 'a number'],
    [() => 'x', '"x"'],
  ] as const) {
    expect(call(f)).toThrow(ValueError);
    expect(call(f)).toThrow(`expected a tensor or { value, aux } from the function, got ${came}`);
  }
});

test('no function', () => {
  expect(() => valueAndGrad(undefined as unknown as (x: Tensor) => Tensor)).toThrow(ValueError);
  expect(() => valueAndGrad(3 as never)).toThrow(
    'valueAndGrad: expected a function, got a number; write valueAndGrad(fn)(x) or',
  );
  expect(() => grad(((y: Tensor) => y.sum()) as never, x as never)).toThrow(
    'grad: expected a function, got a Tensor; write grad(fn)(x) or grad(model, fn)(x)',
  );
});

test('the errors of grad carry its own name', () => {
  expect(() => grad((y: Tensor) => y)(x)).toThrow(
    /^grad: expected a single number from the function, got shape \[2\]/,
  );
  expect(() => grad((y: Tensor) => y)(3 as never)).toThrow(
    /^grad: expected a tensor, a module, or arrays or objects of them, got a number$/,
  );
  expect(() => grad(() => tensor(3, { dtype: 'int32' }))(x)).toThrow(
    /^grad: expected a float from the function, got int32/,
  );
});

test('a leaf that is no tensor, by its path', () => {
  const f = grad((tree: { a: { b: unknown } }) => tree.a.b as Tensor);
  expect(() => f({ a: { b: 3 } })).toThrow(/got a number at a\.b/);
  expect(() => f({ a: { b: null } })).toThrow(/got null at a\.b$/);
});

test('cotangents, tangents and vectors that do not fit', () => {
  const f = (y: Tensor): Tensor => y.mul(2);
  expect(() => vjp(f, x, float64([1]))).toThrow(
    /expected a cotangent float64 \[2\] like the result, got float64 \[1\]/,
  );
  expect(() => vjp(f, x, tensor([1, 2]))).toThrow(/like the result, got float32 \[2\]/);
  expect(() => jvp(f, x, float64([1]))).toThrow(/expected float64 \[2\] for the vector, got float64 \[1\]/);
  expect(() => hvp((y: Tensor) => y.sum(), x, tensor([1, 2]))).toThrow(
    /expected float64 \[2\] for the vector, got float32 \[2\]/,
  );
  const tree = { a: x, b: x.mul(1) };
  const part = { a: x } as unknown as typeof tree;
  expect(() => jvp((t: typeof tree) => t.a.mul(t.b), tree, part)).toThrow(/for b, got undefined/);
  expect(() => hvp(f, x, x)).toThrow(/hvp: expected a single number from the function, got shape \[2\]/);
});

test('results of vjp and jvp that are no float tensors', () => {
  const three = (() => 3) as unknown as (y: Tensor) => Tensor;
  expect(() => vjp(three, x, x)).toThrow(/expected a float tensor from the function, got a number/);
  expect(() => jvp(three, x, x)).toThrow(ValueError);
  expect(() => hvp((y: Tensor) => y.sum().cast('int32'), x, x)).toThrow(/got int32/);
});

test('a primitive of another package that brought no rule is named; with a rule it is differentiated', () => {
  const double = (y: Tensor): Tensor => {
    const twice = y.detach().mul(2);
    (record as (name: string, inputs: readonly Tensor[], params: null, output: Tensor) => void)(
      'double',
      [y],
      null,
      twice,
    );
    return twice;
  };
  const f = grad((y: Tensor) => double(y).sum());
  expect(() => f(x)).toThrow(ChronogradError);
  expect(() => f(x)).toThrow(
    'double: expected a gradient rule for a recorded primitive, got none; add one: Object.assign(rules',
  );
  Object.assign(rules, { double: [(g: Tensor) => g.mul(2)] });
  try {
    expect(f(x).toArray()).toEqual([2, 2]);
  } finally {
    Reflect.deleteProperty(rules, 'double');
  }
});
