/** PyTorch is the oracle: `scripts/golden_ops.py` writes the cases, values and gradients. */
import { readFileSync } from 'node:fs';
import { vjp } from '@chronograd/autograd';
import { einsum, type Tensor, tensor } from '@chronograd/tensor';
import { expect, test } from 'vitest';
import { type Plain, toTensor } from '../rules/plain.ts';

interface Case {
  readonly op: string;
  readonly args: readonly (string | number | boolean)[];
  readonly indices: Plain | null;
  readonly inputs: readonly Plain[];
  readonly cotangent: Plain;
  readonly value: Plain;
  readonly grads: readonly Plain[];
}

const cases = JSON.parse(
  readFileSync(new URL('./fixtures/ops.json', import.meta.url), 'utf8'),
) as readonly Case[];
const names = [...new Set(cases.map(({ op }) => op))];

type Method = (...args: unknown[]) => Tensor;

function run({ op, args, indices }: Case, [x, ...others]: readonly Tensor[]): Tensor {
  if (op === 'einsum') return einsum(args[0] as string, x!, others[0]);
  const given = indices === null ? [] : [tensor(Int32Array.from(indices.values), { shape: indices.shape })];
  const result = (x as unknown as Record<string, Method>)[op]!(...others, ...given, ...args);
  return 'values' in result ? (result.values as Tensor) : result;
}

/** The largest error, relative to the array's largest element or 1. */
function error(found: Tensor, { shape, values }: Plain): number {
  expect(found.shape).toEqual(shape);
  const largest = values.reduce((most, value) => Math.max(most, Math.abs(value)), 1);
  return [...found.toTypedArray()].reduce(
    (most, value, i) => Math.max(most, Math.abs(value - values[i]!) / largest),
    0,
  );
}

test.each(names)('%s has the values and gradients of PyTorch', (name) => {
  for (const each of cases.filter(({ op }) => op === name)) {
    const f = (x: readonly Tensor[]): Tensor => run(each, x);
    const { value, grads } = vjp(
      f,
      each.inputs.map((x) => toTensor(x)),
      toTensor(each.cotangent),
    );
    expect(error(value, each.value)).toBeLessThan(1e-14);
    for (const [i, wanted] of each.grads.entries()) expect(error(grads[i]!, wanted)).toBeLessThan(1e-13);
  }
});
