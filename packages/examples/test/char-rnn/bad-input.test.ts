import {
  appendFileSync,
  cpSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { saveRun } from '../../src/char-rnn/saved-run.ts';
import { runProgram } from './process.ts';
import { steps, tinyText, tinyTrainer } from './tiny.ts';

/** Texts and models, one of each kind, in a folder that the programs run in. */
const folder = mkdtempSync(join(tmpdir(), 'chronograd-'));
const filesOf = (directory: string): [string, string][] =>
  readdirSync(join(folder, directory)).map((name) => [
    name,
    readFileSync(join(folder, directory, name), 'latin1'),
  ]);
let before: [string, string][];

beforeAll(async () => {
  const texts = {
    'tiny.txt': tinyText,
    'other.txt': tinyText.replace('the', 'eht'),
    'empty.txt': '',
    'short.txt': 'to be or not to be',
    'same.txt': 'a'.repeat(5_000),
    'latin1.txt': Buffer.from('na\u00efve '.repeat(1_000), 'latin1'),
  };
  for (const [name, content] of Object.entries(texts)) writeFileSync(join(folder, name), content);
  const trainer = tinyTrainer({ source: { file: 'tiny.txt' } });
  await steps(trainer, 10);
  saveRun(join(folder, 'model'), trainer);
  before = filesOf('model');
  cpSync(join(folder, 'model'), join(folder, 'damaged'), { recursive: true });
  const [name] = readdirSync(join(folder, 'damaged')).filter((each) => each.endsWith('.safetensors'));
  appendFileSync(join(folder, 'damaged', name!), '!');
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

const TRAIN: readonly [string, string][] = [
  ['--text missing.txt', 'cannot read the text missing.txt: no such file or directory'],
  ['--text empty.txt', 'the text empty.txt is empty'],
  ['--text model', 'the text model: expected a file, got a directory'],
  ['--text latin1.txt', 'the text latin1.txt is not UTF-8 (byte 0xEF at offset 2)'],
  ['--text short.txt', 'the text short.txt is too short'],
  ['--text same.txt', 'the text same.txt: expected at least 2 distinct characters, got 1'],
  ['--colour red', "unknown option '--colour'"],
  ['faster', 'too many arguments'],
  ['--corpus shakespeare', '--corpus shakespeare: expected moby-dick'],
  ['--preset min-char-rn', 'did you mean min-char-rnn?'],
  ['--shards 25', '--shards: expected at most one for each of the 24 streams of --batch, got 25'],
  [
    '--shards 3 --workers 4',
    '--workers: expected at most one for each of 3 --shards, got 4; give --shards 4',
  ],
  ['--shards 2 --workers 2 --profile', '--profile: expected one of the --workers, got 2'],
  ['--resume model --workers 2', '--workers: expected at most one for each of 1 --shards, got 2'],
  ['--hidden 0', '--hidden 0: expected a whole number from 1'],
  ['--lr -1', '--lr -1: expected a number above 0'],
  ['--temperature NaN', '--temperature NaN: expected a number'],
  ['--corpus simple --text tiny.txt', '--corpus and --text both name the text'],
  [
    '--text tiny.txt --steps 7 --batch 3 --hidden 16384',
    '--hidden 16384: expected a run of at most 4.3 GB, got more than 5.4 GB in float32',
  ],
  [
    '--text tiny.txt --steps 7 --batch 3 --hidden 8192 --cell lstm --dtype float64',
    'more than 10.8 GB in float64',
  ],
  ['--text tiny.txt --steps 7 --batch 3 --save tiny.txt', 'the model directory tiny.txt'],
  ['--resume nowhere', 'no saved model in nowhere'],
  ['--resume damaged', 'is damaged'],
  ['--resume model --hidden 20', '--resume: the saved run has hidden 19, not 20'],
  ['--resume model --text other.txt', 'the text other.txt is not the one of the run in model'],
  [
    '--resume model --iterations 10',
    'the run in model has done 10 iterations of 10: give more with --iterations',
  ],
];

const SAMPLE: readonly [string, string][] = [
  ['--from nowhere', 'no saved model in nowhere'],
  ['--from damaged', 'is damaged'],
  [
    '--from model --prompt Ärger',
    '--prompt: expected characters of the vocabulary, got "Ä"; its vocabulary has ',
  ],
  ['--from model --length 0', '--length 0: expected a whole number from 1'],
  ['--from model --temperature 0.001', '--temperature 0.001: expected a number 0, or from 0.01'],
  ['--from model --random', "unknown option '--random'"],
];

const CASES = [
  ...TRAIN.map(([line, message]) => ['train', line, message] as const),
  ...SAMPLE.map(([line, message]) => ['sample', line, message] as const),
];

test.concurrent.each(CASES)(
  '%s %s: one line on standard error, exit code 2, and nothing lost',
  async (program, line, message) => {
    const { code, out, err } = await runProgram(program, line.split(' '), { cwd: folder });
    expect(err).toContain(message);
    expect(err).toMatch(/^error: [^\n]+\n$/);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(filesOf('model')).toEqual(before);
  },
);
