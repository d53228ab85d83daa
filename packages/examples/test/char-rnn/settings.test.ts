import { expect, test } from 'vitest';
import { PRESETS, readConfiguration } from '../../src/char-rnn/configuration.ts';
import { PRESET_NAMES, type PresetName } from '../../src/char-rnn/schema.ts';

/**
 * H, T, learning rate, clip (by value), how weights start: the table that the presets reproduce.
 */
const TABLE: Readonly<
  Record<Exclude<PresetName, 'default'>, readonly [number, number, number, number, unknown]>
> = {
  'min-char-rnn': [100, 25, 0.1, 5, { normal: 0.01 }],
  'micro-rnn': [128, 30, 0.05, 3, 'fan-in'],
  'clear-rnn': [100, 25, 0.1, 5, { normal: 0.01 }],
  notebook: [100, 10, 0.01, 5, { normal: 0.1 }],
  'day31-small': [25, 15, 0.1, 5, 'xavier-normal'],
  'day31-medium': [50, 25, 0.1, 5, 'xavier-normal'],
  'day31-large': [100, 35, 0.1, 5, 'xavier-normal'],
  module05: [100, 25, 0.1, 5, 'xavier-normal'],
};

test.each(Object.entries(TABLE))('%s has the numbers of the implementation it reproduces', (name, row) => {
  const preset = PRESETS[name as PresetName];
  const [hidden, steps, lr, at, init] = row;
  expect(preset).toMatchObject({ hidden, steps, lr, clip: { by: 'value', at }, init });
  expect(preset).toMatchObject({
    holdOut: 0,
    batch: 1,
    reduction: 'sum',
    smoothing: 0.999,
    resetAtEnd: true,
    epsilon: 1e-8,
    epsilonInside: true,
    dtype: 'float64',
  });
});

test('what single presets say beyond the table', () => {
  expect(PRESETS['micro-rnn'].iterations).toBe(20_000);
  expect(PRESETS['clear-rnn'].source).toBe('man');
  expect(PRESETS.notebook).toMatchObject({ sampleEvery: 100, sampleLength: 200 });
});

test('the default learns from nine tenths of Moby Dick', () => {
  expect(PRESETS.default).toMatchObject({
    source: 'moby-dick',
    holdOut: 0.1,
    dtype: 'float32',
    kernels: 'fastest',
  });
});

test('every preset is a configuration that could have been saved', () => {
  expect(PRESET_NAMES).toEqual(['default', ...Object.keys(TABLE)]);
  for (const name of PRESET_NAMES) {
    const saved: unknown = JSON.parse(JSON.stringify(PRESETS[name]));
    expect(readConfiguration(saved, 'state.json')).toEqual(PRESETS[name]);
  }
});
