/** The law of `carries`: what an op says about the examples of its output holds for its numbers. */
import { scope } from '@chronograd/tensor';
import { withRecorder } from '@chronograd/tensor/engine';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { carries } from '../../src/per-example/carries.ts';
import { Examples, MIXED, type Stride } from '../../src/per-example/example-axis.ts';
import { fromTensor, type Plain, toTensor } from '../rules/plain.ts';
import { samples } from '../rules/samples/index.ts';
import type { Sample } from '../rules/samples/sample.ts';

const COUNT = 2;
const ownerOf = (i: number, stride: Stride): number => Math.floor(i / stride) % COUNT;

/** Every stride of the examples of a tensor. */
const stridesOf = ({ shape, values }: Plain): number[] =>
  values.map((_, i) => i + 1).filter((stride) => new Examples(COUNT).axisIn(shape, stride) !== null);

/** The output's stride, where inputs have these. Undefined for a constant. */
function carried({ inputs, call }: Sample, strides: readonly (Stride | null)[]): Stride | undefined {
  const examples = new Examples(COUNT);
  const tensors = inputs.map((x) => toTensor(x));
  tensors.forEach((x, i) => {
    const stride = strides[i] ?? null;
    if (stride !== null) examples.set(x, stride);
  });
  return scope(() => examples.strideOf(withRecorder(examples, () => call(...tensors))));
}

/** The sample's inputs with other numbers for one example, which have the same signs. */
const changed = (inputs: readonly Plain[], strides: readonly (Stride | null)[], example: number): Plain[] =>
  inputs.map((x, k) => {
    const stride = strides[k] ?? null;
    const own = (i: number): boolean => stride !== null && ownerOf(i, stride) === example;
    return { ...x, values: x.values.map((value, i) => (own(i) ? value * 1.25 : value)) };
  });

/** @returns whether the output has examples, which then do not depend on one another. */
function check(sample: Sample, seed: number): boolean {
  const choices = sample.inputs.map((x) => [null, ...stridesOf(x)]);
  const strides = choices.map((some, i) => some[Math.floor(seed / 7 ** i) % some.length]!);
  const stride = carried(sample, strides) ?? MIXED;
  if (stride === MIXED) return false;
  const outputs = (inputs: readonly Plain[]): readonly number[] =>
    fromTensor(sample.call(...inputs.map((x) => toTensor(x)))).values;
  const before = outputs(sample.inputs);
  for (let example = 0; example < COUNT; example++) {
    const after = outputs(changed(sample.inputs, strides, example));
    before.forEach((value, i) => {
      if (ownerOf(i, stride) !== example) expect(after[i], `element ${i}, strides ${strides}`).toBe(value);
    });
  }
  return true;
}

const names = Object.keys(carries) as (keyof typeof samples)[];

describe.each(names)('%s', (name) => {
  test('examples that it carries do not depend on one another, and it carries some', () => {
    let found = 0;
    fc.assert(
      fc.property(samples[name], fc.nat(), (sample, seed) => {
        if (check(sample, seed)) found++;
      }),
      { seed: 1, numRuns: 40 },
    );
    expect(found).toBeGreaterThan(0);
  });
});

test('an op that is not listed mixes its examples', () => {
  const custom = fc.sample(samples.custom, { seed: 1, numRuns: 100 });
  const strides = custom.map((sample) =>
    carried(
      sample,
      sample.inputs.map((x) => stridesOf(x)[0] ?? null),
    ),
  );
  expect(new Set(strides.filter((stride) => stride !== undefined))).toEqual(new Set([MIXED]));
});
