import { expect, test } from 'vitest';
import { PRESETS } from '../../src/char-rnn/presets.ts';
import { readConfiguration } from '../../src/char-rnn/saved-configuration.ts';
import { UsageError } from '../../src/char-rnn/usage-error.ts';

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
  [{ layers: 2 }, 'an unknown field layers'],
];

test.each(DAMAGED)('a saved configuration with %j is refused', (change, message) => {
  const read = (): unknown => readConfiguration({ ...PRESETS.default, ...change }, 'state.json');
  expect(read).toThrow(UsageError);
  expect(read).toThrow(message);
});

test('a configuration that was saved before there were other cells has the simple one', () => {
  const { cell, ...before } = PRESETS.default;
  expect(readConfiguration(before, 'state.json')).toEqual({ ...before, cell: 'rnn' });
});

test('what is no object is no configuration', () => {
  for (const value of [null, undefined, 5, 'x', []]) {
    expect(() => readConfiguration(value, 'state.json')).toThrow('state.json: the configuration is missing');
  }
});
