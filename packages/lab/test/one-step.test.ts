import { grad } from '@chronograd/autograd';
import { isFloat, Random, scope, Tensor, tensor } from '@chronograd/tensor';
import { describe, expect, test } from 'vitest';
import { type OneStepEvent, oneStep } from '../src/engine/one-step.ts';
import { compile } from '../src/engine/program.ts';
import { presetOf, presets } from '../src/presets/index.ts';
import { oneStepDefaults } from '../src/settings/one-step.ts';

const eventsOf = (id: string, settings = {}): OneStepEvent[] => [
  ...(oneStep([compile(presetOf(id).code)], { ...oneStepDefaults, ...settings }) as Iterable<OneStepEvent>),
];

/** The largest difference, relative to 1 or the numbers themselves. */
function farthest(a: readonly number[], b: readonly number[]): number {
  expect(a.length).toBe(b.length);
  return Math.max(0, ...a.map((value, i) => Math.abs(value - b[i]!) / Math.max(1, Math.abs(b[i]!))));
}

const sumOf = (parts: readonly (readonly number[] | null)[], size: number): number[] =>
  Array.from({ length: size }, (_, i) => parts.reduce((sum, part) => sum + (part?.[i] ?? 0), 0));

describe.each(presets)('$id', ({ id, code }) => {
  const settings = { hiddenSize: 3, steps: 3, seed: 2 };
  const events = eventsOf(id, settings);
  const { makeCell, options } = compile(code);

  test('the parts of all steps add up to the gradient of the library', () => {
    const unit = options.hiddenMultiple ?? 1;
    const hiddenSize = unit * Math.ceil(settings.hiddenSize / unit);
    const random = new Random(settings.seed);
    const cell = makeCell({ inputSize: 2, hiddenSize, dtype: 'float64', random });
    const xs = events.map(({ leaves, values }) => {
      const { shape, values: numbers } = values[leaves.find(({ name }) => name === 'x')!.id]!;
      return tensor(numbers, { shape, dtype: 'float64' });
    });
    const targets = events.map(({ values, output: { id, error } }) => {
      const { shape, values: numbers } = values[id]!;
      return tensor(
        numbers.map((value, i) => value - error[i]!),
        { shape, dtype: 'float64' },
      );
    });
    const loss = (xs: readonly Tensor[]): Tensor => {
      let state = cell.initialState(1);
      let sum = tensor(0, { dtype: 'float64' });
      for (const [t, x] of xs.entries()) {
        const { output, state: next } = cell.step(x, state);
        sum = sum.add(output.sub(targets[t]!).square().sum().mul(0.5));
        state = next;
      }
      return sum;
    };
    const grads = scope(() => grad([cell, xs] as const, () => loss(xs))());
    const wanted = new Map(grads[0] === null ? [] : flat(grads[0]));
    for (const [name, parameter] of cell.namedParameters()) {
      const parts = events.map(({ leaves }) => leaves.find((leaf) => leaf.name === name)!.part);
      expect(farthest(sumOf(parts, parameter.size), wanted.get(name)!)).toBeLessThan(1e-12);
    }
    for (const [t, dx] of (grads[1] as readonly Tensor[]).entries()) {
      const { part } = events[t]!.leaves.find(({ name }) => name === 'x')!;
      if (isFloat(dx.dtype))
        expect(farthest(sumOf([part], dx.size), [...dx.toTypedArray()])).toBeLessThan(1e-12);
    }
    const total = events.reduce((sum, { loss }) => sum + loss, 0);
    expect(Math.abs(total - scope(() => loss(xs).item()))).toBeLessThan(1e-12);
  });

  test('what arrives at a value is the sum of what is sent to it', () => {
    for (const { rows, values, output, states, leaves } of events) {
      for (const [id, { gradient, shape }] of values.entries()) {
        if (gradient === null || leaves.some((leaf) => leaf.id === id && leaf.kind === 'parameter')) continue;
        const parts = rows.flatMap((row) => row.parts.filter((_, i) => row.inputs[i] === id));
        const later = states.find((state) => state.id === id)?.later ?? null;
        const error = output.id === id && output.tracked ? output.error : null;
        const size = shape.reduce((product, n) => product * n, 1);
        expect(farthest(sumOf([...parts, later, error], size), gradient)).toBeLessThan(1e-12);
      }
    }
  });
});

/** Gradients of a module by path. */
function flat(tree: object, path = ''): [string, number[]][] {
  return Object.entries(tree).flatMap(([key, value]): [string, number[]][] => {
    const name = path === '' ? key : `${path}.${key}`;
    if (value instanceof Tensor) return [[name, [...value.toTypedArray()]]];
    return typeof value === 'object' && value !== null ? flat(value, name) : [];
  });
}

test('each row names the line of the program that called the operation', () => {
  const lines = presetOf('lstm').code.split('\n');
  const [first] = eventsOf('lstm');
  const calls = first!.rows.map(({ op, line }) => [op, lines[line! - 1]!.trim()] as const);
  expect(calls.filter(([op]) => op === 'linear').map(([, text]) => text)).toEqual([
    'const z = linear(h, this.weightHh, linear(x, this.weightIh, this.bias));',
    'const z = linear(h, this.weightHh, linear(x, this.weightIh, this.bias));',
  ]);
  expect(calls.filter(([op]) => op === 'slice')).toHaveLength(4);
  expect(calls.every(([op, text]) => op !== 'slice' || text.includes('.chunk(4, -1)'))).toBe(true);
  expect(calls.at(-1)).toEqual(['mul', 'const next = o.mul(cell.tanh());']);
});

test('operations of modules have the line of the program that called the module', () => {
  const lines = presetOf('own').code.split('\n');
  const [first] = eventsOf('own');
  const linear = first!.rows.filter(({ op }) => op === 'linear');
  expect(linear).toHaveLength(2);
  for (const { line } of linear) expect(lines[line! - 1]).toContain('.forward(');
});
