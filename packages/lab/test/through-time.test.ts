import { spectralRadius } from '@chronograd/nn/probe';
import { Random } from '@chronograd/tensor';
import { expect, test } from 'vitest';
import { compile } from '../src/engine/program.ts';
import { type ReachEvent, throughTime } from '../src/engine/through-time.ts';
import { addToGate, recurrentBlocks, scaleBlocks } from '../src/engine/weights.ts';
import { presetOf } from '../src/presets/index.ts';
import { throughTimeDefaults } from '../src/settings/through-time.ts';

const made = (id: string, H: number) =>
  compile(presetOf(id).code).makeCell({
    inputSize: 3,
    hiddenSize: H,
    dtype: 'float64',
    random: new Random(1),
  });

function reach(id: string, settings = {}): ReachEvent {
  const events = throughTime([compile(presetOf(id).code)], { ...throughTimeDefaults, ...settings });
  return [...(events as Iterable<ReachEvent>)][0]!;
}

test('Each recurrent matrix, and that of each gate, has the chosen spectral radius', () => {
  for (const [id, gates] of [
    ['rnn', 1],
    ['gru', 3],
    ['lstm', 4],
  ] as const) {
    const cell = made(id, 8);
    expect(scaleBlocks(cell, 8, 0.7, spectralRadius)).toBe(gates);
    const blocks = recurrentBlocks(cell, 8).flatMap(({ matrix }) => matrix.chunk(gates, 0));
    for (const block of blocks) expect(spectralRadius(block)).toBeCloseTo(0.7, 10);
  }
});

test('The forget bias is added to gate f alone, and cells without one are left as they are', () => {
  const cell = made('lstm', 4);
  const bias = cell.namedParameters().find(([name]) => name === 'bias')![1];
  expect(addToGate(cell, 'f', 2)).toBe(true);
  expect(bias.toArray()).toEqual([0, 0, 0, 0, 2, 2, 2, 2, 0, 0, 0, 0, 0, 0, 0, 0]);
  expect(addToGate(made('gru', 4), 'f', 2)).toBe(false);
});

test("The norms stay below the textbook's bound, which only a tanh cell without gates has", () => {
  for (const radius of [0.5, 1, 1.5]) {
    const { norms, bound } = reach('rnn', { radius, inputs: 0.5 });
    expect(bound).toHaveLength(norms.length);
    for (const [k, norm] of norms.entries()) expect(norm).toBeLessThanOrEqual(bound![k]! * (1 + 1e-9));
  }
  expect(reach('gru').bound).toBeNull();
  expect(reach('lstm').bound).toBeNull();
});

test('The curve begins at 1, has T + 1 points, and is the same each time', () => {
  const { norms } = reach('gru', { steps: 20 });
  expect(norms).toHaveLength(21);
  expect(norms[0]).toBeCloseTo(1, 12);
  expect(reach('gru', { steps: 20 }).norms).toEqual(norms);
});
