import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type Checkpoint, readCheckpoint, saveCheckpoint } from '../../src/char-rnn/checkpoint-files.ts';
import { UsageError } from '../../src/cli/errors.ts';
import { newFolder } from './folder.ts';
import { type Files, SimulatedDisk } from './simulated-disk.ts';

const OLD: Checkpoint = { state: { iteration: 1, text: 'old – “é”' }, tensors: Uint8Array.of(1, 2, 3, 4) };
const NEW: Checkpoint = { state: { iteration: 2, text: 'new' }, tensors: Uint8Array.of(5, 6, 7, 8, 9) };

/** What a program that starts now would read. */
function readBack(directory: string): Checkpoint {
  const { state, tensors } = readCheckpoint(directory);
  return { state, tensors: Uint8Array.from(tensors) };
}

function savedFiles(checkpoint: Checkpoint): Files {
  const disk = new SimulatedDisk(new Map());
  saveCheckpoint('dir', checkpoint, disk);
  return disk.afterKill();
}

test('what was saved is read back, and a later save takes its place and leaves nothing behind', () => {
  const directory = join(newFolder(), 'a', 'b');
  saveCheckpoint(directory, OLD);
  expect(readBack(directory)).toEqual(OLD);
  writeFileSync(join(directory, 'notes.txt'), 'mine');
  saveCheckpoint(directory, NEW);
  expect(readBack(directory)).toEqual(NEW);
  const names = readdirSync(directory).sort();
  expect(names).toEqual([
    expect.stringMatching(/^model-[0-9a-f]{16}\.safetensors$/),
    'notes.txt',
    'state.json',
  ]);
});

test('a new state with the same tensors is saved too', () => {
  const directory = newFolder();
  saveCheckpoint(directory, OLD);
  saveCheckpoint(directory, {
    ...OLD,
    state: [1.5, 1e300, '\ud800', null, true, { __proto__: null, '10': 0, '9': -1e-7 }],
  });
  expect(readBack(directory).tensors).toEqual(OLD.tensors);
  expect(JSON.stringify(readBack(directory).state)).toBe(
    '[1.5,1e+300,"\\ud800",null,true,{"9":-1e-7,"10":0}]',
  );
});

test('a directory that cannot be made is named', () => {
  const file = join(newFolder(), 'file');
  writeFileSync(file, '');
  expect(() => saveCheckpoint(file, OLD)).toThrow(
    `cannot write the model directory ${file}: a file of that name`,
  );
  expect(() => saveCheckpoint(join(file, 'sub'), OLD)).toThrow(UsageError);
});

test('a state with a number that JSON has no word for throws an error, and nothing is written', () => {
  const directory = join(newFolder(), 'new');
  expect(() => saveCheckpoint(directory, { ...OLD, state: { loss: Number.NaN } })).toThrow(
    "saveCheckpoint: the state's loss is NaN, which JSON cannot hold",
  );
  expect(() => readCheckpoint(directory)).toThrow('no saved model in');
});

test('a directory that is missing, empty, or whose tensors are missing is named as that', () => {
  const directory = newFolder();
  expect(() => readCheckpoint(join(directory, 'none'))).toThrow(
    /no saved model in .*none \(there is no state.json\)/,
  );
  expect(() => readCheckpoint(directory)).toThrow(UsageError);
  saveCheckpoint(directory, OLD);
  rmSync(join(directory, tensorsName(directory)));
  expect(() => readCheckpoint(directory)).toThrow(/cannot read the saved model .*: no such file/);
});

function tensorsName(directory: string): string {
  return readdirSync(directory).find((name) => name.startsWith('model-')) ?? '';
}

test('tensors of which a byte was changed, lost or added throw an error', () => {
  const changes: readonly ((bytes: Uint8Array) => Uint8Array)[] = [
    (bytes) => Uint8Array.from(bytes, (byte, i) => (i === 1 ? byte ^ 4 : byte)),
    (bytes) => bytes.subarray(1),
    (bytes) => Uint8Array.of(...bytes, 0),
    () => new Uint8Array(0),
  ];
  for (const change of changes) {
    const directory = newFolder();
    saveCheckpoint(directory, OLD);
    const file = join(directory, tensorsName(directory));
    writeFileSync(file, change(readFileSync(file)));
    expect(() => readCheckpoint(directory)).toThrow(/the saved model .* is damaged: it is not the file that/);
  }
});

test('every single flipped bit of state.json, and every length it is cut to, throws an error of one line', () => {
  const directory = newFolder();
  saveCheckpoint(directory, OLD);
  const file = join(directory, 'state.json');
  const whole = readFileSync(file);
  const read = (): unknown => readCheckpoint(directory);
  for (let bit = 0; bit < whole.length * 8; bit++) {
    const damaged = Buffer.from(whole);
    damaged[bit >> 3] = (damaged[bit >> 3] as number) ^ (1 << (bit & 7));
    // White space between the tokens says nothing: another kind of it is no damage.
    if (JSON.stringify(tryParse(damaged)) === JSON.stringify(tryParse(whole))) continue;
    writeFileSync(file, damaged);
    expect(read).toThrow(UsageError);
  }
  for (let length = 0; length < whole.length - 1; length++) {
    writeFileSync(file, whole.subarray(0, length));
    expect(read).toThrow(/is damaged: it is not JSON/);
  }
});

function tryParse(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString());
  } catch {
    return bytes;
  }
}

test('other formats and versions are named as such', () => {
  const directory = newFolder();
  const cases: readonly [string, RegExp][] = [
    ['null', /expected the format chronograd-char-rnn, got another one/],
    ['[]', /expected the format chronograd-char-rnn, got another one/],
    ['{"format":"other"}', /expected the format chronograd-char-rnn, got another one/],
    ['{"format":"chronograd-char-rnn","version":2}', /expected format version 1, got 2/],
    ['{"format":"chronograd-char-rnn"}', /expected format version 1, got missing/],
    ['{"format":"chronograd-char-rnn","version":1}', /its checksum does not match/],
  ];
  for (const [text, message] of cases) {
    writeFileSync(join(directory, 'state.json'), text);
    expect(() => readCheckpoint(directory)).toThrow(UsageError);
    expect(() => readCheckpoint(directory)).toThrow(message);
  }
});

test('a directory in the place of a file is named', () => {
  const directory = newFolder();
  mkdirSync(join(directory, 'state.json'));
  expect(() => readCheckpoint(directory)).toThrow('expected a file, got a directory');
  const other = newFolder();
  saveCheckpoint(other, OLD);
  renameSync(join(other, tensorsName(other)), join(other, 'elsewhere'));
  mkdirSync(join(other, tensorsNameOf(OLD)));
  expect(() => readCheckpoint(other)).toThrow('expected a file, got a directory');
});

function tensorsNameOf(checkpoint: Checkpoint): string {
  return [...savedFiles(checkpoint).keys()].find((name) => name.startsWith('model-')) ?? '';
}
