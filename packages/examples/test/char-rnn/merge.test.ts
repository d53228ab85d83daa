import { expect, test } from 'vitest';
import { configurationOf, resumedConfiguration } from '../../src/char-rnn/merge.ts';
import { parseTrain } from '../../src/char-rnn/options.ts';
import { PRESETS } from '../../src/char-rnn/presets.ts';

test('without flags the default configuration runs, with a preset that preset', () => {
  expect(configurationOf({})).toEqual(PRESETS.default);
  expect(configurationOf({ preset: 'notebook' })).toEqual(PRESETS.notebook);
});

test('a flag overrides its own value of the preset and nothing else', () => {
  const flags = parseTrain(
    '--preset min-char-rnn --hidden 7 --clip-norm 2 --text a.txt --save x --json --debug'.split(' '),
  );
  expect(configurationOf(flags ?? {})).toEqual({
    ...PRESETS['min-char-rnn'],
    hidden: 7,
    clip: { by: 'norm', at: 2 },
    source: { file: 'a.txt' },
  });
  expect(configurationOf({ preset: 'micro-rnn', clip: 'none', corpus: 'code' })).toEqual({
    ...PRESETS['micro-rnn'],
    clip: null,
    source: 'code',
  });
});

test('naming the iterations lifts the time limit of a preset or of a saved run, unless a limit is named too', () => {
  const limited = { ...configurationOf({}), seconds: 60 };
  expect(configurationOf({ iterations: 5 }).seconds).toBeNull();
  expect(configurationOf({ iterations: 5, seconds: 7 }).seconds).toBe(7);
  expect(resumedConfiguration(limited, { iterations: 5 })).toEqual({
    ...limited,
    iterations: 5,
    seconds: null,
  });
  expect(resumedConfiguration(limited, {})).toEqual(limited);
});

test('a resumed run keeps its configuration, but for how long it goes on and what it shows', () => {
  const saved = configurationOf({ hidden: 64 });
  expect(resumedConfiguration(saved, {})).toEqual(saved);
  const flags = {
    iterations: 5,
    seconds: 1,
    sampleEvery: 2,
    temperature: 0.5,
    kernels: 'reference',
  } as const;
  expect(resumedConfiguration(saved, { ...flags, hidden: 64, resume: 'dir' })).toEqual({
    ...saved,
    ...flags,
  });
});

test('a resumed run refuses flags and presets that would make it another run', () => {
  const saved = configurationOf({ hidden: 64 });
  const resume = (flags: Parameters<typeof resumedConfiguration>[1]) => () =>
    resumedConfiguration(saved, flags);
  expect(resume({ hidden: 65 })).toThrow('--resume: the saved run has hidden 64, not 65: leave the flag out');
  expect(resume({ cell: 'lstm' })).toThrow('has cell rnn, not lstm');
  expect(resume({ clipNorm: 5 })).toThrow('has clip {"by":"norm","at":0.1}, not {"by":"norm","at":5}');
  expect(resume({ seed: 2 })).toThrow('has seed 1, not 2');
  expect(resume({ corpus: 'code' })).toThrow('has source moby-dick, not code');
  expect(resume({ text: 'a.txt' })).toThrow('has source moby-dick, not {"file":"a.txt"}');
  expect(resume({ preset: 'default' })).toThrow('has hidden 64, not 160');
});

test('a resumed run may find its text under another path', () => {
  const saved = configurationOf({ text: 'a.txt' });
  expect(resumedConfiguration(saved, { text: 'b.txt' })).toEqual({ ...saved, source: { file: 'b.txt' } });
});
