import { expect, test, vi } from 'vitest';
import { PRESETS } from '../../src/char-rnn/configuration.ts';
import { DEFAULT_DIRECTORY, parseSample, parseTrain } from '../../src/char-rnn/options.ts';
import { settingEntries } from '../../src/char-rnn/settings.ts';
import { parseCheck } from '../../src/check/options.ts';
import { UsageError } from '../../src/cli/errors.ts';
import { parseReport } from '../../src/experiments/report/options.ts';
import { parseLesson } from '../../src/lessons/options.ts';

test('without arguments nothing is set, and sample has its defaults', () => {
  expect(parseTrain([])).toEqual({ given: {} });
  expect(parseSample([])).toEqual({
    from: DEFAULT_DIRECTORY,
    prompt: '',
    length: 500,
    temperature: 1,
    seed: 1,
  });
});

test('every flag of train is read', () => {
  const line = (
    '--corpus code --preset notebook --cell gru --hidden 64 --steps 20 --batch 8 --lr 1e-2 --clip 3 --init 0.05 --iterations 500 ' +
    '--seconds 1.5 --seed 4294967295 --dtype float64 --kernels reference --sample-every 0 --sample-length 10 ' +
    '--temperature .5 --layers 2 --dropout .1 --optimizer adamw --schedule cosine --eval-every 50 --patience 3 ' +
    '--shards 4 --workers 2 --save a --resume b --json --debug'
  ).split(' ');
  const others = ['--text', 'my file', '--clip-norm=2', '--init', 'orthogonal'];
  const typed = [...line, ...others].map((arg) => arg.split('=')[0]);
  const flags = settingEntries().flatMap(([, { flag, or }]) => [flag, or?.flag]);
  for (const flag of flags) if (flag !== undefined) expect(typed).toContain(flag.split(' ')[0]);
  expect(parseTrain(line)).toEqual({
    preset: 'notebook',
    given: {
      source: 'code',
      cell: 'gru',
      hidden: 64,
      steps: 20,
      batch: 8,
      lr: 0.01,
      clip: { by: 'value', at: 3 },
      init: { normal: 0.05 },
      iterations: 500,
      seconds: 1.5,
      seed: 4294967295,
      dtype: 'float64',
      kernels: 'reference',
      sampleEvery: 0,
      sampleLength: 10,
      temperature: 0.5,
      layers: 2,
      dropout: 0.1,
      optimizer: 'adamw',
      schedule: 'cosine',
      evalEvery: 50,
      patience: 3,
      shards: 4,
    },
    workers: 2,
    save: 'a',
    resume: 'b',
    json: true,
    debug: true,
  });
  expect(parseTrain(others)).toEqual({
    given: { source: { file: 'my file' }, clip: { by: 'norm', at: 2 }, init: 'orthogonal' },
  });
  expect(parseTrain(['--profile', '--plot'])).toEqual({ given: {}, profile: true, plot: true });
});

test('every flag of sample is read, and a prompt may be any text', () => {
  const args = [
    '--from',
    'm',
    '--prompt',
    '--Call me\n',
    '--length',
    '9',
    '--temperature',
    '2',
    '--seed',
    '0',
    '--top-k',
    '5',
    '--top-p',
    '0.9',
  ];
  expect(parseSample(args)).toEqual({
    from: 'm',
    prompt: '--Call me\n',
    length: 9,
    temperature: 2,
    topK: 5,
    topP: 0.9,
    seed: 0,
  });
});

test('a leading -- is passed over, as package managers leave one', () => {
  expect(parseTrain(['--', '--hidden', '64'])).toEqual({ given: { hidden: 64 } });
});

test('clipping is by value, by global norm, off, or not given', () => {
  const clipOf = (line: string) => parseTrain(line.split(' '))?.given.clip;
  expect(clipOf('--clip 3')).toEqual({ by: 'value', at: 3 });
  expect(clipOf('--clip-norm 3')).toEqual({ by: 'norm', at: 3 });
  expect(clipOf('--clip none')).toBeNull();
  expect(clipOf('--seed 1')).toBeUndefined();
});

const REFUSED: readonly [string, string][] = [
  ['--cell elman', '--cell elman: expected rnn, lstm, gru, peephole-lstm'],
  ['--cell mingru', 'did you mean min-gru?'],
  ['--cell constructor', '--cell constructor: expected rnn, lstm'],
  ['--hidden 0', '--hidden 0: expected a whole number from 1 to 16384'],
  ['--hidden 1.5', '--hidden 1.5: expected a whole number'],
  ['--hidden -3', '--hidden -3: expected a whole number'],
  ['--hidden abc', '--hidden abc: expected a whole number'],
  ['--hidden=', "--hidden '': expected a whole number"],
  ['--hidden 0x10', '--hidden 0x10: expected a whole number'],
  ['--hidden 1e999', '--hidden 1e999: expected a whole number'],
  ['--hidden --steps 5', '--hidden --steps: expected a whole number'],
  ['--hidden', "option '--hidden <n>' argument missing"],
  ['--steps 0', '--steps 0: expected a whole number from 1 to 10000'],
  ['--batch 5000', '--batch 5000: expected a whole number from 1 to 4096'],
  ['--lr -1', '--lr -1: expected a number above 0, at most 1000'],
  ['--lr 0', '--lr 0: expected a number above 0'],
  ['--lr NaN', '--lr NaN: expected a number above 0'],
  ['--lr Infinity', '--lr Infinity: expected a number above 0'],
  ['--lr 0.1x', '--lr 0.1x: expected a number above 0'],
  ['--clip 0', '--clip 0: expected a number above 0'],
  ['--clip nan', '--clip nan: expected a number above 0'],
  ['--clip-norm none', '--clip-norm none: expected a number above 0'],
  ['--clip 1 --clip-norm 1', '--clip (by value) and --clip-norm (by global norm) exclude each other'],
  ['--init 0', '--init 0: expected a number above 0, at most 1000'],
  [
    '--init xavier-norm',
    'expected fan-in, xavier-normal, xavier-uniform, pytorch, orthogonal, or a number; did you mean xavier-normal?',
  ],
  ['--iterations 0', '--iterations 0: expected a whole number from 1'],
  ['--seconds 0', '--seconds 0: expected a number above 0'],
  ['--seed -1', '--seed -1: expected a whole number from 0 to 4294967295'],
  ['--seed 4294967296', '--seed 4294967296: expected a whole number from 0 to 4294967295'],
  ['--dtype float16', '--dtype float16: expected float32, float64; did you mean float32?'],
  ['--kernels slow', '--kernels slow: expected fastest, wide, fast, strict, reference'],
  ['--sample-every -1', '--sample-every -1: expected a whole number from 0'],
  ['--sample-length 0', '--sample-length 0: expected a whole number from 1'],
  ['--temperature NaN', '--temperature NaN: expected a number 0, or from 0.01 to 100'],
  ['--temperature 0.001', '--temperature 0.001: expected a number 0, or from 0.01 to 100'],
  ['--layers 0', '--layers 0: expected a whole number from 1 to 64'],
  ['--optimizer adamax', '--optimizer adamax: expected adagrad, rmsprop, adam, adamw, sgd'],
  ['--schedule cosin', 'did you mean cosine?'],
  ['--dropout 1', '--dropout 1: expected a number from 0, below 1'],
  ['--eval-every -1', '--eval-every -1: expected a whole number from 0'],
  ['--patience 0', '--patience 0: expected a whole number from 1'],
  [
    '--corpus mobydick',
    '--corpus mobydick: expected moby-dick, code, numbers, simple, man; did you mean moby-dick?',
  ],
  ['--corpus toString', '--corpus toString: expected moby-dick'],
  ['--preset min-char', '--preset min-char: expected default, min-char-rnn'],
  ['--preset day31-smal', 'did you mean day31-small?'],
  ['--corpus code --text a', '--corpus and --text both name the text'],
  ['--text=', '--text: expected a path, got an empty one'],
  ['--save=', '--save: expected a path, got an empty one'],
  ['--hiden 5', "unknown option '--hiden' (Did you mean --hidden?)"],
  ['--wat', "unknown option '--wat'"],
  ['stray', 'too many arguments. Expected 0 arguments but got 1; see --help'],
];

test.each(REFUSED)('train %s throws an error of one line', (line, message) => {
  const parse = (): unknown => parseTrain(line.split(' '));
  expect(parse).toThrow(UsageError);
  expect(parse).toThrow(message);
  expect(parse).not.toThrow('\n');
});

test('sample throws for invalid numbers and unknown flags', () => {
  expect(() => parseSample(['--length', '0'])).toThrow(
    '--length 0: expected a whole number from 1 to 1000000',
  );
  expect(() => parseSample(['--temperature', '-1'])).toThrow(
    '--temperature -1: expected a number 0, or from 0.01',
  );
  expect(() => parseSample(['--top-k', '0'])).toThrow('--top-k 0: expected a whole number from 1');
  expect(() => parseSample(['--top-p', '0'])).toThrow('--top-p 0: expected a number above 0, at most 1');
  expect(() => parseSample(['--top-p', '1.1'])).toThrow('--top-p 1.1: expected a number above 0, at most 1');
  expect(() => parseSample(['--hidden', '5'])).toThrow("unknown option '--hidden'");
  expect(() => parseSample(['--from='])).toThrow('--from: expected a path');
});

test('help is printed on standard output, and is no error', () => {
  const written: string[] = [];
  const write = vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    written.push(String(text));
    return true;
  });
  try {
    expect(parseTrain(['--help'])).toBeNull();
    expect(parseSample(['-h'])).toBeNull();
  } finally {
    write.mockRestore();
  }
  const help = written.join('').replace(/\s+/g, ' ');
  for (const word of [
    '--corpus <name>',
    'rnn, lstm, gru',
    'moby-dick, code',
    '--clip-norm',
    '--prompt <text>',
  ]) {
    expect(help).toContain(word);
  }
  // Every flag with its default, and what each preset sets.
  for (const [, { flag, rule, presets }] of settingEntries()) {
    if (flag === undefined || !rule.accepts(presets.default) || flag.includes('none')) continue;
    const [, description] = help.split(`${flag} `);
    expect(description).toMatch(
      new RegExp(`^[^(]*(\\([^d)][^)]*\\)[^(]*)?\\(default: ${rule.format(presets.default)}\\)`),
    );
  }
  expect(help).toContain('--clip-norm <x> clip gradients by global norm (default: 0.1)');
  expect(help).toContain('min-char-rnn holdOut 0, hidden 100, steps 25, batch 1, epsilon 1e-8, clip 5');
  expect(help).toContain('micro-rnn min-char-rnn with hidden 128, steps 30, lr 0.05, clip 3, init fan-in');
  expect(help).toContain('clear-rnn min-char-rnn with corpus man');
});

test('The text of a value parses to the value again, for every flag and preset', () => {
  for (const configuration of Object.values(PRESETS)) {
    for (const [key, { flag, rule, or }] of settingEntries()) {
      if (flag === undefined) continue;
      const value = configuration[key];
      if (value === null) continue;
      const by = rule.accepts(value) ? { flag, rule } : or!;
      const [name = ''] = by.flag.split(' ');
      expect(parseTrain([name, by.rule.format(value)])!.given).toEqual({ [key]: value });
    }
  }
});

test('What is typed may be as long as a shell lets it be: it is read once', () => {
  for (const long of [' '.repeat(1e6), ' \n'.repeat(5e5), '1'.repeat(1e6), 'a'.repeat(1e6)]) {
    for (const args of [
      [`--${long}`],
      [long],
      ['--hidden', long],
      ['--corpus', long],
      ['--init', long],
      ['--clip', long],
    ])
      expect(() => parseTrain(args)).toThrow(UsageError);
    for (const args of [[`--${long}`], ['--only', long]]) expect(() => parseReport(args)).toThrow(UsageError);
    for (const parse of [parseLesson, parseCheck]) expect(() => parse([`--${long}`])).toThrow(UsageError);
  }
});

test('Every flag that takes a path throws for an empty one', () => {
  for (const flag of ['--text', '--save', '--resume'])
    expect(() => parseTrain([flag, ''])).toThrow(`${flag}: expected a path`);
  expect(() => parseSample(['--from', ''])).toThrow('--from: expected a path');
  expect(() => parseReport(['--out', ''])).toThrow('--out: expected a path');
  expect(() => parseLesson(['4', '--write', ''])).toThrow('--write: expected a path');
});
