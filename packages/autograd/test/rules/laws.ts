/** The laws that every op must keep, primitive or composed, at whatever inputs. */
import { hvp, jvp, vjp } from '@chronograd/autograd';
import { type KernelBuild, kernelsInUse, type Tensor, useKernels } from '@chronograd/tensor';
import { expect } from 'vitest';
import { decimals, fromTensor, inner, type Plain, toTensor, total } from './plain.ts';

/** An op at some inputs. */
export interface Question {
  readonly inputs: readonly Plain[];
  readonly call: (...inputs: Tensor[]) => Tensor;
}

/**
 * Differences are taken at inputs ± h·v and ± 2h·v: a power of two, so that those points are exact.
 */
const STEP = 2 ** -11;
/** Truncation is h⁴·f⁽⁵⁾/30 and rounding ε·f/h, both about 1e-12 of what is summed up. */
const DIFFERENCES = 1e-10;
/** Two ways through the same numbers in another order. */
const ROUNDING = 1e-12;
/** float32 has 24 bits; a few operations on numbers of about 1. */
const SINGLE = 1e-6;

/** Runs `body` on the kernels of a build. */
export function underKernels<R>(build: KernelBuild, body: () => R): R {
  const before = kernelsInUse();
  useKernels(build);
  try {
    return body();
  } finally {
    useKernels(before);
  }
}

/** Elementwise the same numbers, relative to each, under the same shape. */
export function expectEqual(got: Tensor, expected: Plain, tolerance: number = ROUNDING): void {
  expect(got.shape).toEqual(expected.shape);
  const values = got.toTypedArray();
  expected.values.forEach((value, i) => {
    const error = Math.abs(values[i]! - value);
    if (!Object.is(values[i], value) && !(error <= tolerance * Math.abs(value) + tolerance / 100)) {
      expect.fail(`element ${i}: expected ${value}, got ${values[i]}, an error of ${error}`);
    }
  });
}

/** The same number, relative to the size of what was added up for it. */
export function expectClose(got: number, expected: number, scale: number, tolerance: number): void {
  const error = Math.abs(got - expected);
  if (!(error <= tolerance * (1 + scale)))
    expect.fail(`expected ${expected}, got ${got}, an error of ${error}`);
}

/** A direction for each input, and one for the output. */
function directions(seed: number, inputs: readonly Plain[]): Plain[] {
  return inputs.map(({ shape, values }, i) => ({ shape, values: decimals(seed + i, values.length) }));
}

function moved(inputs: readonly Plain[], along: readonly Plain[], by: number): Tensor[] {
  return inputs.map(({ shape, values }, k) =>
    toTensor({ shape, values: values.map((value, i) => value + by * along[k]!.values[i]!) }),
  );
}

/** The derivative of a function along `v` by five points: (f₋₂ − 8f₋₁ + 8f₁ − f₂) / 12h. */
function differences(f: (inputs: Tensor[]) => number, inputs: readonly Plain[], v: readonly Plain[]): number {
  const at = (steps: number): number => f(moved(inputs, v, steps * STEP));
  return (at(-2) - 8 * at(-1) + 8 * at(1) - at(2)) / (12 * STEP);
}

/** Σ aᵢ·bᵢ over all tensors, and the sum of the terms' magnitudes. */
function dots(
  a: readonly (readonly number[])[],
  b: readonly (readonly number[])[],
): { sum: number; scale: number } {
  const terms = a.flatMap((values, k) => values.map((value, i) => value * b[k]![i]!));
  return { sum: total(terms), scale: total(terms.map(Math.abs)) };
}

const valuesOf = (tensors: readonly (Tensor | Plain)[]): number[][] =>
  tensors.map((x) => ('values' in x ? [...x.values] : [...x.toTypedArray()]));

/** The value is what plain numbers say, in either build. */
export function checkValue(question: Question, oracle: (...inputs: Plain[]) => Plain): void {
  for (const build of ['strict', 'reference'] as const) {
    underKernels(build, () => {
      const y = question.call(...question.inputs.map((x) => toTensor(x)));
      expect(y.dtype).toBe('float64');
      expectEqual(y, oracle(...question.inputs));
    });
  }
}

/**
 * One gradient for each input, of its shape and dtype. ⟨v, VJP(u)⟩ equals differences of ⟨u, f⟩
 * along v, and ⟨JVP(v), u⟩.
 */
export function checkGradient({ inputs, call }: Question, seed: number): void {
  const f = (x: readonly Tensor[]): Tensor => call(...x);
  const x = inputs.map((each) => toTensor(each));
  const y = fromTensor(f(x));
  const u: Plain = { shape: y.shape, values: decimals(seed + 100, y.values.length) };
  const v = directions(seed, inputs);

  const { value, grads } = vjp(f, x, toTensor(u));
  expect(fromTensor(value)).toEqual(y);
  expectLike(grads, x);
  const backward = dots(valuesOf(grads), valuesOf(v));

  const numeric = differences((at) => inner(u.values, [...f(at).toTypedArray()]), inputs, v);
  const size = total(y.values.map((each, i) => Math.abs(each * u.values[i]!)));
  expectClose(backward.sum, numeric, backward.scale + size, DIFFERENCES);

  const { tangent } = jvp(
    f,
    x,
    v.map((each) => toTensor(each)),
  );
  expect([tangent.shape, tangent.dtype]).toEqual([y.shape, 'float64']);
  const forward = inner(u.values, fromTensor(tangent).values);
  expectClose(forward, backward.sum, backward.scale, ROUNDING);
}

/**
 * Gradients are differentiable: the Hessian of ⟨w, f⟩ times v equals differences of the gradient
 * along v.
 */
export function checkSecondOrder({ inputs, call }: Question, seed: number): void {
  const x = inputs.map((each) => toTensor(each));
  const y = call(...x);
  const w = toTensor({ shape: y.shape, values: decimals(seed + 200, y.size) });
  const f = (at: readonly Tensor[]): Tensor =>
    call(...at)
      .mul(w)
      .sum();
  const v = directions(seed + 1, inputs);
  const u = directions(seed + 2, inputs);

  const { product, grads } = hvp(
    f,
    x,
    v.map((each) => toTensor(each)),
  );
  expectLike(product, x);
  const one = toTensor({ shape: [], values: [1] });
  const first = (at: Tensor[]): number => dots(valuesOf(vjp(f, at, one).grads), valuesOf(u)).sum;
  const second = dots(valuesOf(product), valuesOf(u));
  const size = dots(valuesOf(grads), valuesOf(u)).scale;
  expectClose(second.sum, differences(first, inputs, v), second.scale + size, DIFFERENCES);
}

/** float32 in, float32 out, forward and backward, and about the numbers of float64. */
export function checkSingle({ inputs, call }: Question, seed: number): void {
  const f = (x: readonly Tensor[]): Tensor => call(...x);
  const [single, double] = (['float32', 'float64'] as const).map((dtype) => {
    const x = inputs.map((each) => toTensor(each, dtype));
    const { shape, size } = f(x);
    const { value, grads } = vjp(f, x, toTensor({ shape, values: decimals(seed, size) }, dtype));
    expect(value.dtype).toBe(dtype);
    expectLike(grads, x);
    return [value, ...grads].map(fromTensor);
  });
  single!.forEach(({ values }, k) => {
    const scale = total(double![k]!.values.map(Math.abs));
    values.forEach((value, i) => {
      expectClose(value, double![k]!.values[i]!, scale, SINGLE);
    });
  });
}

/** Strict and reference kernels give the same bits, forward and backward, in both float types. */
export function checkBuilds({ inputs, call }: Question, seed: number): void {
  for (const dtype of ['float64', 'float32'] as const) {
    const bits = (['strict', 'reference'] as const).map((build) =>
      underKernels(build, () => {
        const f = (x: readonly Tensor[]): Tensor => call(...x);
        const x = inputs.map((each) => toTensor(each, dtype));
        const { shape, size } = f(x);
        const { value, grads } = vjp(f, x, toTensor({ shape, values: decimals(seed, size) }, dtype));
        return [value, ...grads].map((each) => new Uint8Array(each.toTypedArray().buffer).join());
      }),
    );
    expect(bits[0]).toEqual(bits[1]);
  }
}

/** Gradients are as many as what they are gradients of, each of its shape and dtype. */
export function expectLike(grads: readonly Tensor[], inputs: readonly Tensor[]): void {
  const what = (x: Tensor): unknown => [x.shape, x.dtype];
  expect(grads.map(what)).toEqual(inputs.map(what));
}
