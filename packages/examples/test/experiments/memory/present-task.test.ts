import { expect, test } from 'vitest';
import type { TaskConfig, TaskOutcome } from '../../../src/experiments/common/tasks.ts';
import { presentTask } from '../../../src/experiments/memory/present-task.ts';

type Part = Parameters<typeof presentTask>[0][number];

/** Runs of a cell: for each T the steps that its seeds need, null where one does not solve it. */
const runs = (
  cell: TaskConfig['cell'],
  solved: Readonly<Record<number, readonly (number | null)[]>>,
  lr = 0.005,
): Part[] =>
  Object.entries(solved).flatMap(([distance, all]) =>
    all.map((solvedAt, i): Part => {
      const config = { task: 'copy', cell, hidden: 8, batch: 4, lr, iterations: 1000 } as const;
      const outcome: TaskOutcome = { solvedAt, finalShare: solvedAt === null ? 0.5 : 0.1 };
      return { config: { ...config, distance: Number(distance), seed: i + 1 }, outcome, measured: {} };
    }),
  );
const said = (...parts: readonly Part[][]): string => presentTask(parts.flat()).findings.join(' ');

test('a cell gets as far as every T before was solved with every seed', () => {
  const solver = runs('rnn', { 10: [1, 1], 20: [1, 1], 40: [1, 1] });
  const gap = runs('gru', { 10: [1, null], 20: [1, 1], 40: [1, 1] });
  expect(said(solver, gap)).toBe(
    'With every seed, RNN solves the copy task up to T = 40. With every seed, GRU does not solve the copy task even at T = 10.',
  );
  expect(said(runs('gru', { 10: [1, 1], 20: [1, null], 40: [1, 1] }))).toContain(
    'GRU solves the copy task up to T = 10.',
  );
});

test('what is said turns with the outcomes', () => {
  const [all, none] = [
    { 10: [1, 1], 20: [1, 1] },
    { 10: [null, 1], 20: [null, null] },
  ];
  expect(said(runs('rnn', all), runs('gru', none))).toMatch(
    /RNN solves .* up to T = 20\. .*GRU does not solve .* even at T = 10/,
  );
  expect(said(runs('rnn', none), runs('gru', all))).toMatch(
    /GRU solves .* up to T = 20\. .*RNN does not solve .* even at T = 10/,
  );
  expect(said(runs('rnn', none), runs('gru', none))).toMatch(
    /^With every seed, RNN and GRU do not solve the copy task even at T = 10\.$/,
  );
});

test('each cell is shown with the learning rate that serves it better, and an LSTM by its whole name', () => {
  const { method, tables } = presentTask([
    ...runs('lstm', { 10: [900, null] }, 0.005),
    ...runs('lstm', { 10: [800, 900] }, 0.02),
    ...runs('gru', { 10: [100, 200] }, 0.005),
    ...runs('gru', { 10: [300, 400] }, 0.02),
  ]);
  expect(tables![0]!.rows).toEqual([
    ['LSTM, forget bias 1', '0.02', '2 of 2; 850'],
    ['GRU', '0.005', '2 of 2; 150'],
  ]);
  expect(method![1]).toContain('the better of the learning rates 0.005 and 0.02');
  expect(presentTask(runs('gru', { 10: [1] })).method![1]).toBe('All cells use the learning rate 0.005.');
});
