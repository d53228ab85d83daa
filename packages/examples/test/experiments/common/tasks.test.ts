import { Random } from '@chronograd/tensor';
import { expect, test } from 'vitest';
import { problemOf } from '../../../src/experiments/common/problems.ts';
import { learnTask, type TaskConfig } from '../../../src/experiments/common/tasks.ts';

const config: TaskConfig = {
  task: 'copy',
  cell: 'gru',
  hidden: 16,
  distance: 2,
  batch: 16,
  lr: 0.03,
  iterations: 500,
  seed: 1,
};

test('the copy task shows three symbols, then nothing until a mark says go, and asks for the symbols', () => {
  const [distance, batch] = [5, 4];
  const { inputs, targets } = problemOf({ ...config, distance, batch }, new Random(2));
  const [read, asked] = [inputs.toArray() as number[][], targets.toArray() as number[][]];
  const [blank, go] = [4, 5];
  expect(read.slice(0, 3)).toEqual(asked);
  expect(new Set(asked.flat()).size).toBe(4);
  expect(Math.max(...asked.flat())).toBeLessThan(blank);
  const rest = read.slice(3).map((step) => [...new Set(step)]);
  expect(rest).toEqual([[blank], [blank], [blank], [blank], [go], [blank], [blank], [blank]]);
});

test('the adding problem marks one number in each half, and asks for their sum', () => {
  const [distance, batch] = [7, 50];
  const { inputs, targets } = problemOf({ ...config, task: 'adding', distance, batch }, new Random(2));
  const [read, asked] = [inputs.toArray() as number[][][], targets.toArray() as number[][]];
  const marks = new Set<number>();
  for (let b = 0; b < batch; b++) {
    const marked = read.flatMap((step, t) => (step[b]![1] === 1 ? [t] : []));
    expect(marked.length).toBe(2);
    expect([marked[0]! < 3, marked[1]! >= 3]).toEqual([true, true]);
    expect(marked.reduce((sum, t) => sum + read[t]![b]![0]!, 0)).toBeCloseTo(asked[b]![0]!, 6);
    for (const t of marked) marks.add(t);
  }
  expect(marks.size).toBe(distance);
});

test('a cell solves what it has steps enough for, and says so; with too few steps it does not', () => {
  const { solvedAt, finalShare } = learnTask(config);
  expect(solvedAt).toBeGreaterThan(20);
  expect(finalShare).toBeLessThan(0.1);
  const short = learnTask({ ...config, iterations: 20 });
  expect(short.solvedAt).toBeNull();
  expect(short.finalShare).toBeGreaterThan(0.5);
});
