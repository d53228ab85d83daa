import { stripVTControlCharacters } from 'node:util';
import { expect, test } from 'vitest';
import { BarReporter } from '../../../src/char-rnn/progress/bar.ts';
import type { TrainInfo, TrainState, TrainSummary } from '../../../src/char-rnn/progress/reporter.ts';
import { createReporter, LinesReporter } from '../../../src/char-rnn/progress/reporters.ts';
import { duration, grouped } from '../../../src/common/format.ts';
import { captured } from '../captured.ts';

const INFO: TrainInfo = {
  corpus: 'moby-dick',
  trainCharacters: 1_071_285,
  heldOutCharacters: 119_032,
  vocabularySize: 83,
  parameters: 38_000,
  cell: 'rnn',
  layers: 1,
  hidden: 128,
  steps: 30,
  batch: 32,
  dtype: 'float32',
  kernels: 'strict',
  seed: 1,
  firstIteration: 0,
  iterations: 2000,
};
const SUMMARY: TrainSummary = {
  iterations: 2000,
  seconds: 65,
  charactersPerSecond: 123_456.7,
  bitsPerCharacter: 2.25,
  windows: 100,
  evenGuessing: 6.375,
  diverged: false,
  training: 2.2,
  evaluated: 119_032,
  counted: 1_071_285,
  trainCharacters: 1_071_285,
  heldOutCharacters: 119_032,
  bestIteration: null,
  heldOut: { model: 2.3, trigram: 2.897, fourgram: 2.416 },
  savedTo: 'dir',
  profile: null,
  stoppedEarly: false,
};

function at(iteration: number): TrainState {
  const smoothedLoss = 3 - iteration / 2000;
  return {
    iteration,
    loss: 2,
    smoothedLoss,
    bitsPerCharacter: smoothedLoss / Math.LN2,
    charactersPerSecond: 98_765,
    secondsLeft: 75,
    timeLimited: false,
  };
}

test('on a terminal a bar is shown, elsewhere lines, and where it was asked for JSON', () => {
  expect(createReporter(false, captured(80).output)).toBeInstanceOf(BarReporter);
  expect(createReporter(false, captured().output)).toBeInstanceOf(LinesReporter);
  const { output, text } = captured(80);
  createReporter(true, output).report({ event: 'note', text: 'x' });
  expect(text()).toBe('{"event":"note","text":"x"}\n');
});

test('JSON is one object a line for every event, whatever characters a sample has', () => {
  const { output, text } = captured();
  const reporter = createReporter(true, output);
  reporter.report({ event: 'start', ...INFO });
  reporter.report({ event: 'step', ...at(1), secondsLeft: Number.NaN });
  const strange = 'a\nb\r\x1b[2J\u2028\u2029\x85\x7f"\\\ud800 鯨';
  reporter.report({ event: 'sample', iteration: 1, text: strange });
  reporter.report({ event: 'end', ...SUMMARY });
  reporter.close();
  // Every character at which some program breaks a line, and every control character.
  expect(text().replaceAll('\n', '')).not.toMatch(/[\p{Cc}\u2028\u2029]/u);
  const events = text()
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(events).toEqual([
    { event: 'start', ...INFO },
    { event: 'step', ...at(1), secondsLeft: null },
    { event: 'sample', iteration: 1, text: strange },
    { event: 'end', ...SUMMARY },
  ]);
});

test('lines tell the text, the progress every second and at the end, samples, and the result beside the n-gram models', () => {
  const { output, text } = captured();
  let now = 0;
  const reporter = new LinesReporter(output, false, () => now);
  reporter.report({ event: 'start', ...INFO });
  for (let i = 1; i <= 2000; i++) {
    now += 0.9;
    reporter.report({ event: 'step', ...at(i) });
  }
  reporter.report({ event: 'sample', iteration: 1000, text: 'Call me\x1b[2J\nIshmael' });
  reporter.report({ event: 'note', text: 'saved\nto dir' });
  reporter.report({ event: 'end', ...SUMMARY });
  reporter.close();
  expect(text()).toBe(
    [
      'moby-dick: 1,071,285 characters, 119,032 held out, 83 distinct',
      'rnn, hidden 128, steps 30, batch 32: 38,000 parameters; float32, strict kernels, seed 1',
      '1,112/2,000  loss 2.444  3.526 bits/char  98,765 chars/s  1m15s left',
      '2,000/2,000  loss 2.000  2.885 bits/char  98,765 chars/s  1m15s left',
      '──── sample after iteration 1,000',
      'Call me␛[2J',
      'Ishmael',
      '────',
      'saved to dir',
      'done after 2,000 iterations, 1m05s, 123,457 chars/s',
      'training text: 2.200 bits/char (its last 119,032 characters)',
      'held-out text: 2.300 bits/char (3-gram model 2.897, 4-gram model 2.416; less is better)',
      'saved to dir',
      '',
    ].join('\n'),
  );
});

test('a resumed run says where it goes on, and a stopped one that it was stopped', () => {
  const { output, text } = captured();
  const reporter = new LinesReporter(output, false);
  reporter.report({ event: 'start', ...INFO, heldOutCharacters: 0, firstIteration: 500 });
  reporter.report({ event: 'end', ...SUMMARY, heldOut: null, savedTo: null, stoppedEarly: true });
  expect(text()).toContain(
    'moby-dick: 1,071,285 characters, 83 distinct\n' +
      'rnn, hidden 128, steps 30, batch 32: 38,000 parameters; float32, strict kernels, seed 1; continues after iteration 500\n',
  );
  expect(text()).toMatch(/\nstopped after 2,000 iterations/);
});

test('the bar shows its numbers, text is above it, and it fits any width of terminal', async () => {
  for (const columns of [120, 80, 40]) {
    const { output, text } = captured(columns);
    const reporter = new BarReporter(output);
    reporter.report({ event: 'start', ...INFO });
    reporter.report({ event: 'step', ...at(1000) });
    await new Promise((resolve) => setTimeout(resolve, 300));
    reporter.report({ event: 'sample', iteration: 1000, text: 'Call me\x1b[2J' });
    reporter.report({ event: 'step', ...at(2000) });
    reporter.report({ event: 'end', ...SUMMARY });
    reporter.close();
    // The bar is redrawn from the first column.
    const lines = stripVTControlCharacters(text().replaceAll('\x1b[1G', '\n')).split('\n');
    for (const line of lines.filter((part) => /^[█░]/.test(part)))
      expect(line.length).toBeLessThanOrEqual(columns);
    const shown = lines.join('\n');
    expect(shown).toMatch(/1,000\/2,000 {2}loss 2\.500/);
    expect(shown).toContain('sample after iteration 1,000\nCall me␛[2J\n');
    if (columns >= 80) expect(shown).toMatch(/1m15s left/);
    if (columns === 120) expect(shown).toMatch(/█{10,}░{10,} 1,000\/2,000/);
    expect(shown).toMatch(/done after 2,000 iterations[\s\S]*held-out text: 2\.300/);
  }
});

test('the sparkline of the loss is visible from 72 columns on: it replaces the bar if both do not fit', async () => {
  for (const columns of [72, 80, 95, 100, 130]) {
    const { output, text } = captured(columns);
    const reporter = new BarReporter(output);
    reporter.report({ event: 'start', ...INFO, iterations: 100_000 });
    for (let i = 1; i <= 64; i++)
      reporter.report({ event: 'step', ...at(i), charactersPerSecond: 1_234_567, loss: 9 - i / 16 });
    await new Promise((resolve) => setTimeout(resolve, 200));
    reporter.close();
    const lines = stripVTControlCharacters(text().replaceAll('\x1b[1G', '\n')).split('\n');
    const shown = lines.filter((line) => line.includes('loss')).at(-1)!;
    expect(shown).toMatch(/64\/100,000 {2}loss 2\.968 .* 1,234,567.*\/s {2}1m15s left {2}█[▁▂▃▄▅▆▇█]{7,15}$/);
    expect(shown.endsWith('▁')).toBe(true);
    expect(shown.length).toBeLessThanOrEqual(columns - 3);
    expect(shown.includes('░')).toBe(columns >= 100);
    expect(shown.includes('chars/s')).toBe(columns >= 95);
  }
});

test('a closed bar leaves no timer that would keep the process alive', () => {
  const timers = (): number => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
  const before = timers();
  const reporter = new BarReporter(captured(80).output);
  reporter.report({ event: 'start', ...INFO });
  expect(timers()).toBe(before + 1);
  reporter.close();
  reporter.close();
  expect(timers()).toBe(before);
});

test('numbers are grouped by three, and durations are short', () => {
  expect([0, 999, 1000, 1234567.5, -1234, Number.NaN].map(grouped)).toEqual([
    '0',
    '999',
    '1,000',
    '1,234,568',
    '-1,234',
    '–',
  ]);
  expect([0, 59.4, 59.6, 61, 3599, 3660, 90_000, -1, Number.POSITIVE_INFINITY].map(duration)).toEqual([
    '0s',
    '59s',
    '1m00s',
    '1m01s',
    '59m59s',
    '1h01m',
    '25h00m',
    '–',
    '–',
  ]);
});

test('A run that diverged is not done: it says so, beside what even guessing takes, and what to change', () => {
  const { output, text } = captured();
  const ended = { ...SUMMARY, training: null, heldOut: null };
  new LinesReporter(output, false).report({
    event: 'end',
    ...ended,
    bitsPerCharacter: 4158,
    windows: 1,
    diverged: true,
  });
  expect(text()).not.toContain('done');
  expect(text()).toMatch(/^diverged after 2,000 iterations/);
  expect(text()).toContain('training text: 4158.000 bits/char, the mean of the last window in training\n');
  expect(text()).toContain(
    'training diverged: even guessing takes 6.375 bits/char; lower --lr, or clip more',
  );
});

test('Only figures worse than even guessing have a warning, with what to change', () => {
  for (const [training, warns] of [
    [6.37, false],
    [6.38, true],
  ] as const) {
    const { output, text } = captured();
    new LinesReporter(output, false).report({ event: 'end', ...SUMMARY, training });
    expect(text().includes('warning: worse than even guessing, which takes 6.375 bits/char: ')).toBe(warns);
    expect(text().includes('lower --lr, or clip more')).toBe(warns);
  }
});

test('The end names the part of a long text that was evaluated, and the weights if they are not the last', () => {
  const { output, text } = captured();
  const long = { heldOutCharacters: 20_000_000, trainCharacters: 180_000_000 };
  const parts = { evaluated: 250_000, counted: 10_000_000, bestIteration: 1_500 };
  new LinesReporter(output, false).report({ event: 'end', ...SUMMARY, ...long, ...parts });
  expect(text()).toContain('the weights are those after iteration 1,500, the best on held-out text\n');
  expect(text()).toContain('training text: 2.200 bits/char (its last 250,000 characters)\n');
  expect(text()).toContain(
    'held-out text: 2.300 bits/char (its first 250,000 characters; 3-gram model of the last 10,000,000 characters 2.897,',
  );
});

test('Where the time limit ends a run that is said, and the bar fills with the time', async () => {
  for (const [columns, words] of [
    [130, '1m15s to time limit'],
    [80, '1m15s to limit'],
  ] as const) {
    const { output, text } = captured(columns);
    const reporter = new BarReporter(output);
    reporter.report({ event: 'start', ...INFO, iterations: 100_000 });
    // As many characters are to come as have been read.
    const charactersPerSecond = (1000 * INFO.steps * INFO.batch) / 75;
    reporter.report({ event: 'step', ...at(1000), charactersPerSecond, timeLimited: true });
    await new Promise((resolve) => setTimeout(resolve, 200));
    reporter.close();
    const shown = stripVTControlCharacters(text());
    expect(shown).toContain(words);
    if (columns === 130) expect(shown).toMatch(/█{15}░{14} 1,000\/100,000/);
  }
});

test('On a terminal no word is broken at its edge, and every word is there', () => {
  const long = { ...SUMMARY, diverged: true, savedTo: 'models/of/mine' };
  const words = (columns?: number): string[] => {
    const { output, text } = captured(columns);
    const reporter = createReporter(false, output);
    reporter.report({ event: 'start', ...INFO, firstIteration: 500 });
    reporter.report({
      event: 'note',
      text: 'the model of an earlier run in models/of/mine is now in models/of/mine/earlier-1, and it stays so',
    });
    reporter.report({ event: 'end', ...long });
    reporter.close();
    const lines = stripVTControlCharacters(text().replaceAll('\x1b[1G', '\n')).split('\n');
    if (columns !== undefined) for (const line of lines) expect(line.length).toBeLessThanOrEqual(columns);
    return lines
      .filter((line) => !/[█░]|^\d[\d,]*\/|^ *$/.test(line))
      .join(' ')
      .split(/ +/);
  };
  for (const columns of [40, 80, 140]) expect(words(columns)).toEqual(words());
});
