import { expect, test } from 'vitest';
import {
  configurationOf,
  PRESETS,
  readConfiguration,
  resumedConfiguration,
} from '../../src/char-rnn/configuration.ts';
import { parseTrain, type TrainFlags } from '../../src/char-rnn/options.ts';

const flagsOf = (line: string): TrainFlags => parseTrain(line.split(' ').filter(Boolean))!;

import { UsageError } from '../../src/cli/errors.ts';

test('without flags the default configuration runs, with a preset that preset', () => {
  expect(configurationOf(flagsOf(''))).toEqual(PRESETS.default);
  expect(configurationOf(flagsOf('--preset notebook'))).toEqual(PRESETS.notebook);
});

test('a flag overrides its own value of the preset and nothing else', () => {
  const flags = flagsOf(
    '--preset min-char-rnn --hidden 7 --clip-norm 2 --text a.txt --save x --json --debug',
  );
  expect(configurationOf(flags)).toEqual({
    ...PRESETS['min-char-rnn'],
    hidden: 7,
    clip: { by: 'norm', at: 2 },
    source: { file: 'a.txt' },
  });
  expect(configurationOf(flagsOf('--preset micro-rnn --clip none --corpus code'))).toEqual({
    ...PRESETS['micro-rnn'],
    clip: null,
    source: 'code',
  });
});

test('naming the iterations lifts the time limit of a preset or of a saved run, unless a limit is named too', () => {
  const limited = { ...configurationOf(flagsOf('')), seconds: 60 };
  expect(configurationOf(flagsOf('--iterations 5')).seconds).toBeNull();
  expect(configurationOf(flagsOf('--iterations 5 --seconds 7')).seconds).toBe(7);
  expect(resumedConfiguration(limited, flagsOf('--iterations 5'))).toEqual({
    ...limited,
    iterations: 5,
    seconds: null,
  });
  expect(resumedConfiguration(limited, flagsOf(''))).toEqual(limited);
});

test('a resumed run keeps its configuration, but for how long it goes on and what it shows', () => {
  const saved = configurationOf(flagsOf('--hidden 64'));
  expect(resumedConfiguration(saved, flagsOf(''))).toEqual(saved);
  const flags = {
    iterations: 5,
    seconds: 1,
    sampleEvery: 2,
    temperature: 0.5,
    kernels: 'reference',
  } as const;
  expect(resumedConfiguration(saved, { given: { ...flags, hidden: 64 }, resume: 'dir' })).toEqual({
    ...saved,
    ...flags,
  });
});

test('a resumed run throws for flags and presets that would make it another run', () => {
  const saved = configurationOf(flagsOf('--hidden 64'));
  const resume = (line: string) => () => resumedConfiguration(saved, flagsOf(line));
  expect(resume('--hidden 65')).toThrow('--resume: the saved run has hidden 64, not 65: leave the flag out');
  expect(resume('--cell lstm')).toThrow('has cell rnn, not lstm');
  expect(resume('--clip-norm 5')).toThrow('has clip {"by":"norm","at":0.1}, not {"by":"norm","at":5}');
  expect(resume('--seed 2')).toThrow('has seed 1, not 2');
  expect(resume('--corpus code')).toThrow('has source moby-dick, not code');
  expect(resume('--text a.txt')).toThrow('has source moby-dick, not {"file":"a.txt"}');
  expect(resume('--preset default')).toThrow('has hidden 64, not 160');
});

test('a resumed run may find its text under another path', () => {
  const saved = configurationOf(flagsOf('--text a.txt'));
  expect(resumedConfiguration(saved, flagsOf('--text b.txt'))).toEqual({
    ...saved,
    source: { file: 'b.txt' },
  });
});

const VARIANTS: readonly object[] = [
  { source: { file: 'a.txt' } },
  { cell: 'min-gru' },
  { clip: null },
  { clip: { by: 'norm', at: 1 } },
  { init: { normal: 0.5 } },
  { seconds: 10 },
];

test.each(VARIANTS)('a saved configuration with %j is read as it was', (variant) => {
  const saved = { ...PRESETS.default, ...variant };
  expect(readConfiguration(saved, 'state.json')).toEqual(saved);
});

const DAMAGED: readonly [object, string][] = [
  [{ hidden: 0 }, "state.json: the configuration's hidden is 0"],
  [{ hidden: '64' }, 'hidden is "64"'],
  [{ hidden: undefined }, 'hidden is missing'],
  [{ cell: 'elman' }, 'cell is "elman"'],
  [{ lr: null }, 'lr is null'],
  [{ source: 'shakespeare' }, 'source is "shakespeare"'],
  [{ source: { file: 5 } }, 'source is {"file":5}'],
  [{ source: { file: 'a', more: 1 } }, 'source is'],
  [{ clip: { by: 'value' } }, 'clip is {"by":"value"}'],
  [{ clip: [] }, 'clip is []'],
  [{ init: { normal: -1 } }, 'init is {"normal":-1}'],
  [{ holdOut: 1 }, 'holdOut is 1'],
  [{ dtype: 'float16' }, 'dtype is "float16"'],
  [{ resetAtEnd: 1 }, 'resetAtEnd is 1'],
  [{ depth: 2 }, 'an unknown field depth'],
];

test.each(DAMAGED)('a saved configuration with %j throws an error', (change, message) => {
  const read = (): unknown => readConfiguration({ ...PRESETS.default, ...change }, 'state.json');
  expect(read).toThrow(UsageError);
  expect(read).toThrow(message);
});

test('a configuration that was saved before there were other cells has the simple one', () => {
  const { cell, ...before } = PRESETS.default;
  expect(readConfiguration(before, 'state.json')).toEqual({ ...before, cell: 'rnn' });
});

test('a value that is not an object is not a configuration', () => {
  for (const value of [null, undefined, 5, 'x', []]) {
    expect(() => readConfiguration(value, 'state.json')).toThrow('state.json: the configuration is missing');
  }
});
