import { expect, test } from 'vitest';
import { cases } from '../src/cases.ts';
import { joined } from '../src/join.ts';
import { busyWarning } from '../src/machine.ts';
import type { BenchResult, CaseResult, Row } from '../src/results.ts';
import { caseTable, markdown, report, showNumber, showRatio, summaryTable } from '../src/table.ts';
import { product } from './made-up.ts';

const row = (contestant: string, variant: string, median: number, ratio: number): Row => ({
  contestant,
  name: `The ${contestant}`,
  variant,
  values: [median],
  median,
  spread: 0.05,
  cores: 1,
  loss: null,
  ratio,
});

const found: CaseResult = {
  case: product,
  unit: 'GFLOP/s',
  better: 'higher',
  baseline: 'The chronograd-node24-fast',
  rows: [row('chronograd-node24-fast', '', 50, 1), row('numpy', 'a', 25, 2), row('numpy', 'b', 40, 1.25)],
  absent: ['The torch: not installed'],
  failures: [],
};

const result: BenchResult = {
  date: '2026-11-21',
  quick: false,
  rounds: 5,
  seconds: 0.5,
  commit: 'abc1234',
  machine: { processor: 'A processor, 2 cores' },
  peak: { fused: 60, separate: 50, wide: 100 },
  contestants: [
    {
      id: 'chronograd-node24-fast',
      name: 'The chronograd-node24-fast',
      versions: { node: '24.21.0' },
      absent: null,
    },
    { id: 'numpy', name: 'The numpy', versions: { numpy: '2.5.5' }, absent: null },
    { id: 'torch', name: 'The torch', versions: {}, absent: 'not installed' },
  ],
  cases: [found],
};

test('Numbers are shown with three digits and commas', () => {
  expect([132_456, 1234, 56.78, 1.2345, 0.1234, 0.00456, 0].map(showNumber)).toEqual([
    '132,000',
    '1,230',
    '56.8',
    '1.23',
    '0.123',
    '0.00456',
    '0.00',
  ]);
  expect(showRatio(7.261)).toBe('7.26×');
  expect(showRatio(null)).toBe('–');
});

test('A table has one width for each column, with numbers to the right', () => {
  expect(
    markdown(
      ['who', 'speed'],
      [
        ['a', '1'],
        ['another', '1,000'],
      ],
    ).split('\n'),
  ).toEqual(['| who     | speed |', '| ------- | ----: |', '| a       |     1 |', '| another | 1,000 |']);
});

test('The table of a case has a row for each variant, the share of the peak, and who is missing', () => {
  const text = caseTable(found, result.peak);
  expect(text).toContain('### A product (`matmul-10`)');
  expect(text).toMatch(/The numpy +\| b +\| +40.0 \| ±5.0 % \| +1.00 \| +1.25×/);
  expect(text).toContain('- The chronograd-node24-fast: 83 % of the 128-bit peak');
  expect(text).toContain('- absent: The torch: not installed');
});

test('Wide kernels are compared with the 256-bit peak', () => {
  const [row] = found.rows;
  const wide = { ...row!, contestant: 'chronograd-node24-wide', name: 'Wide' };
  expect(caseTable({ ...found, rows: [wide] }, result.peak)).toContain('- Wide: 50 % of the 256-bit peak');
});

test('A busy machine is a warning', () => {
  expect(busyWarning(0.4)).toBeNull();
  expect(busyWarning(1.25)).toMatch(/^warning: 1.25 other processes/);
});

test('The summary compares with the best variant of each peer, and leaves out who ran nothing', () => {
  const [head, , line] = summaryTable(result).split('\n');
  expect(head).toMatch(/case +\| +Chronograd \| The numpy/);
  expect(head).not.toContain('torch');
  expect(line).toMatch(/A product +\| 50.0 GFLOP\/s \| +1.25×/);
});

test('The report names date, machine, versions and whoever is absent', () => {
  const text = report(result);
  for (const part of [
    '# Bench, 2026-11-21',
    'Commit abc1234',
    'A processor, 2 cores',
    '60.0 GFLOP/s fused, 50.0 GFLOP/s not fused',
    'The numpy: numpy 2.5.5',
    'absent: The torch: not installed',
  ]) {
    expect(text).toContain(part);
  }
});

test('Parts of a run are joined: all cases in order, the last measurement of each, every load', () => {
  const part = (ids: readonly string[], load: string, median: number): BenchResult => ({
    ...result,
    machine: { ...result.machine, 'load before the run': load },
    cases: ids.map((id) => ({
      ...found,
      case: cases.find((each) => each.id === id)!,
      rows: [row('numpy', '', median, 1)],
    })),
  });
  const whole = joined([part(['sample', 'train-gru-b1'], '0.1', 1), part(['sample', 'add-4096'], '0.2', 2)]);
  expect(whole.cases.map(({ case: { id }, rows }) => [id, rows[0]!.median])).toEqual([
    ['train-gru-b1', 1],
    ['sample', 2],
    ['add-4096', 2],
  ]);
  expect(whole.machine['load before the run']).toBe('0.1; 0.2');
  expect(whole.contestants).toEqual(result.contestants);
  const other = { ...part([], '0.1', 1), commit: 'def5678' };
  expect(() => joined([result, other])).toThrow('expected parts of one run');
});
