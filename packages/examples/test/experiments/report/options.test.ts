import { expect, test } from 'vitest';
import { commandFor, parseReport, redrawCommand } from '../../../src/experiments/report/options.ts';
import { formatKept } from '../../../src/experiments/report/stopping.ts';

const flags = { budget: 'quick', only: [], redraw: false, out: 'elsewhere', kernels: 'fast' } as const;

test('What does not go together throws an error', () => {
  for (const other of [['--quick'], ['--tiny'], ['--only', 'memory']])
    expect(() => parseReport(['--redraw', ...other])).toThrow('--redraw runs nothing');
  expect(parseReport(['--redraw', '--out', 'x'])).toMatchObject({ redraw: true, out: 'x' });
  expect(() => parseReport(['--only', 'memori'])).toThrow('did you mean memory?');
});

test('The commands that are named are read as what they mean', () => {
  const typed = (command: string) => parseReport(command.split(' ').slice(1));
  expect(typed(commandFor(['memory', 'training'], flags))).toEqual({
    ...flags,
    only: ['memory', 'training'],
  });
  expect(commandFor(['memory'], { budget: 'full', out: 'report', kernels: 'fastest' })).toBe(
    'report --only memory',
  );
  expect(typed(redrawCommand(flags))).toMatchObject({ redraw: true, out: 'elsewhere' });
});

test('A run that is stopped says what is kept, and how to go on with the rest', () => {
  const chosen = ['training', 'memory', 'clipping'];
  expect(formatKept(chosen, [], flags)).toBe('no experiment finished, so nothing of this run is stored');
  expect(formatKept(chosen, ['memory'], flags)).toBe(
    'stored in elsewhere/results: memory; continue with: report --quick --only training,clipping --kernels fast --out elsewhere (report --redraw --out elsewhere draws it)',
  );
  expect(formatKept(chosen, chosen, flags)).not.toContain('--only');
});
