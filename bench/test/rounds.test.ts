import { expect, test } from 'vitest';
import { type Case, cases } from '../src/cases.ts';
import type { Answer } from '../src/protocol.ts';
import { type Ask, measureCase } from '../src/rounds.ts';
import { contestant, product } from './made-up.ts';

const ours = { contestant: contestant('chronograd-node24-fast', 'chronograd'), variant: '' };
const older = { contestant: contestant('chronograd-node20-strict', 'chronograd'), variant: '' };
const theirs = { contestant: contestant('numpy-float32', 'numpy'), variant: '' };
const effort = { rounds: 2, seconds: 0.5, warmUp: 2 };

/** Answers by contestant, and records the order of requests. */
function field(answers: Readonly<Record<string, { check: Answer; run?: Answer }>>): {
  ask: Ask;
  asked: string[];
} {
  const asked: string[] = [];
  const ask: Ask = async ({ contestant: { id } }, action) => {
    asked.push(`${action} ${id}`);
    return answers[id]![action] ?? { error: 'not made up' };
  };
  return { ask, asked };
}

const ran = (iterations: number): Answer => ({ iterations, seconds: 0.5, cpu: 0.5 });
const agrees: Answer = { numbers: [1, 2] };

test('All are checked first; then they work in turn, one round of warming up and the rounds that count', async () => {
  const { ask, asked } = field({
    'chronograd-node24-fast': { check: agrees, run: ran(4) },
    'numpy-float32': { check: agrees, run: ran(2) },
  });
  const result = await measureCase(product, [ours, theirs], [1, 2], ask, effort);
  const turn = ['run chronograd-node24-fast', 'run numpy-float32'];
  expect(asked).toEqual(['check chronograd-node24-fast', 'check numpy-float32', ...turn, ...turn, ...turn]);
  expect(result.rows.map(({ values, ratio }) => [values.length, ratio])).toEqual([
    [2, 1],
    [2, 2],
  ]);
});

test('A single op gets half the time of training, and only a compiler that starts from nothing a long warm-up', async () => {
  const training = cases.find(({ kind }) => kind === 'train')!;
  const engine = { contestant: { ...contestant('tfjs', 'tfjs'), fresh: true }, variant: '' };
  const times = async (spec: Case): Promise<number[]> => {
    const asked: number[] = [];
    await measureCase(
      spec,
      [engine, theirs],
      null,
      async (_, action, seconds) => {
        if (action === 'check') return agrees;
        asked.push(seconds);
        return ran(1);
      },
      { ...effort, rounds: 1 },
    );
    return asked;
  };
  expect(await times(training)).toEqual([2, 0.125, 0.5, 0.5]);
  expect(await times(product)).toEqual([2, 0.0625, 0.25, 0.25]);
});

test('A value is the work done in the time it took', async () => {
  const { ask } = field({ 'numpy-float32': { check: agrees, run: ran(1_000_000) } });
  const { rows, unit } = await measureCase(product, [theirs], [1, 2], ask, effort);
  expect(unit).toBe('GFLOP/s');
  // 2 · 10³ ops, a million times, in half a second.
  expect(rows[0]).toMatchObject({ median: 4, spread: 0, cores: 1, ratio: null });
});

test('Whoever computes something else is a failure and is not timed', async () => {
  const { ask, asked } = field({
    'chronograd-node24-fast': { check: agrees, run: ran(1) },
    'numpy-float32': { check: { numbers: [1, 2.1] }, run: ran(1) },
  });
  const { rows, failures } = await measureCase(product, [ours, theirs], [1, 2], ask, effort);
  expect(rows.map((row) => row.contestant)).toEqual(['chronograd-node24-fast']);
  expect(failures).toHaveLength(1);
  expect(failures[0]).toContain('The numpy-float32: number 1: expected 2, got 2.1');
  expect(asked).not.toContain('run numpy-float32');
});

test('Whoever is absent is named with the reason, and is no failure', async () => {
  const { ask } = field({ 'numpy-float32': { check: { absent: 'it has no matmul' } } });
  const result = await measureCase(product, [theirs], [1, 2], ask, effort);
  expect(result).toMatchObject({ rows: [], absent: ['The numpy-float32: it has no matmul'], failures: [] });
});

test('Whoever breaks down on the way loses its row and is a failure', async () => {
  const { ask } = field({ 'numpy-float32': { check: agrees, run: { error: 'out of memory' } } });
  const { rows, failures } = await measureCase(product, [theirs], [1, 2], ask, effort);
  expect(rows).toEqual([]);
  expect(failures).toEqual(['The numpy-float32: out of memory']);
});

test('Ratios compare with our last row: the newest Node and its fastest kernels', async () => {
  const { ask } = field({
    'chronograd-node20-strict': { check: agrees, run: ran(2) },
    'chronograd-node24-fast': { check: agrees, run: ran(6) },
    'numpy-float32': { check: agrees, run: ran(3) },
  });
  const { rows, baseline } = await measureCase(product, [older, ours, theirs], [1, 2], ask, effort);
  expect(baseline).toBe('The chronograd-node24-fast');
  expect(rows.map((row) => row.ratio)).toEqual([3, 1, 2]);
});
