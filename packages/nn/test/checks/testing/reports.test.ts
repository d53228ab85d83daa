import { expect, test } from 'vitest';
import {
  type CellLawOptions,
  type CellSizes,
  cellLaws,
  checkCell,
  type LawId,
  type MakeCell,
} from '../../../src/checks/testing/index.ts';
import { RNNCell } from '../../../src/index.ts';
import { meetsAtThree } from './bad-cells.ts';
import { failure } from './failure.ts';

const lawOf = (id: LawId, make: MakeCell<RNNCell>, options: CellLawOptions<RNNCell> = {}) =>
  cellLaws(make, options).find((law) => law.id === id)!;

test('What fails is shrunk to the smallest T, B, F and H that fail', () => {
  const { report } = failure(lawOf('batch', meetsAtThree).check);
  expect(report.laws[0]!.broken!.sizes).toEqual({ steps: 1, batch: 2, inputSize: 1, hiddenSize: 3, seed: 0 });
});

test('One error reports all broken laws, as text, Markdown and data; laws with the same cause are omitted', () => {
  const make = ({ inputSize, hiddenSize, ...options }: CellSizes) => {
    const cell = new RNNCell(inputSize, hiddenSize, options);
    const { advance } = cell;
    cell.advance = (projected, h) => advance.call(cell, projected, h.detach());
    return cell;
  };
  const { message, report } = failure(() => checkCell(make, { runs: 3 }));
  expect(message).toMatch(/^cellLaws: RNNCell breaks a law\n\nBROKEN: Gradients of every parameter/);
  expect(message).toContain('smallest case: T 1, B 1, F 1, H 1, seed 0');
  expect(report.passed).toBe(false);
  expect(report.laws.filter(({ untried }) => untried === 'gradients').map(({ id }) => id)).toEqual([
    'second order',
    'final state',
  ]);
  expect(String(report).split('\n').slice(0, 4)).toEqual([
    'ok      Outputs and states have the shapes and dtypes that the initial state declares',
    'ok      The same seed, inputs and state give the same bits, and running changes nothing',
    'BROKEN  Gradients of every parameter, the inputs and the states equal differences',
    '–       Gradients of gradients equal differences',
  ]);
  expect(report.toMarkdown()).toContain(
    '| BROKEN | Gradients of every parameter, the inputs and the states equal differences | T 1, B 1, F 1, H 1, seed 0 |',
  );
  expect(JSON.parse(JSON.stringify(report))).toMatchObject({ cell: 'RNNCell', passed: false });
});

test('A cell that throws breaks a law, and the report has the error and the step; invalid sizes are not tried', () => {
  const divisibleBy =
    (parts: number): MakeCell<RNNCell> =>
    ({ inputSize, hiddenSize, ...options }) => {
      if (hiddenSize % parts !== 0) throw new RangeError(`${parts} parts are needed`);
      return new RNNCell(inputSize, hiddenSize, options);
    };
  const { message } = failure(lawOf('split', divisibleBy(2)).check);
  expect(message).toContain('H 1, seed 0\n  what: it threw RangeError: 2 parts are needed');
  lawOf('split', divisibleBy(2), { hiddenMultiple: 2 }).check();
  lawOf('split', divisibleBy(8), { hiddenMultiple: 8 }).check();
});

test('Laws that cannot hold can be left out, states drawn by the caller, and sizes and seeds named', () => {
  const seen: number[][] = [];
  const make = ({ inputSize, hiddenSize, ...options }: CellSizes) => {
    seen.push([inputSize, hiddenSize]);
    return new RNNCell(inputSize, hiddenSize, options);
  };
  const batches: number[] = [];
  const options = {
    skip: ['second order', 'gradients', 'final state'],
    runs: 3,
    largest: { batch: 1, inputSize: 5, hiddenSize: 2, steps: 2 },
    state: (cell: RNNCell, batch: number) => {
      batches.push(batch);
      return cell.initialState(batch);
    },
  } as const;
  const report = checkCell(make, options);
  expect(report.laws.map(({ id }) => id)).not.toContain('gradients');
  expect(Math.max(...seen.map(([inputs]) => inputs!))).toBeGreaterThan(3);
  // Some laws need more than one stream or two units to say anything.
  expect(Math.max(...batches)).toBe(2);
  expect(Math.max(...seen.map(([, hidden]) => hidden!))).toBe(3);
  const trials = JSON.stringify(seen.splice(0));
  checkCell(make, options);
  expect(JSON.stringify(seen.splice(0))).toBe(trials);
  checkCell(make, { ...options, seed: 2 });
  expect(JSON.stringify(seen)).not.toBe(trials);
});
