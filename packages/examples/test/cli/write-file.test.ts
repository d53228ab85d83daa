import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { saveCheckpoint } from '../../src/char-rnn/checkpoint-files.ts';
import { RunCurves } from '../../src/char-rnn/progress/curves.ts';
import { createFile, makeDirectory, replaceFile } from '../../src/cli/write-file.ts';
import { ResultsFolder } from '../../src/experiments/common/results.ts';
import { png } from '../../src/experiments/common/thread.ts';
import { writeDrawings } from '../../src/experiments/report/files.ts';
import { newFolder } from '../char-rnn/folder.ts';

/** A file that must not change. */
function precious(): string {
  const file = join(newFolder(), 'precious');
  writeFileSync(file, 'precious');
  return file;
}

test('A file is replaced whole, and what is in its way is not followed: neither its own name nor the temporary one', () => {
  const [folder, other] = [newFolder(), precious()];
  for (const name of ['a', 'a.tmp']) symlinkSync(other, join(folder, name));
  replaceFile(join(folder, 'a'), 'new');
  expect(readFileSync(join(folder, 'a'), 'utf8')).toBe('new');
  expect(readFileSync(other, 'utf8')).toBe('precious');
  expect(readdirSync(folder)).toEqual(['a']);
  mkdirSync(join(folder, 'b'));
  expect(() => replaceFile(join(folder, 'b'), 'new')).toThrow();
  expect(readdirSync(folder)).toEqual(['a', 'b']);
});

test('A file is created only where nothing has its name, a link to nowhere included', () => {
  const folder = newFolder();
  symlinkSync(join(folder, 'nowhere'), join(folder, 'a'));
  expect(() => createFile(join(folder, 'a'), 'new')).toThrow('EEXIST');
  expect(existsSync(join(folder, 'nowhere'))).toBe(false);
});

const png1 = '<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"/>';
const WRITERS: readonly (readonly [string, readonly string[], (folder: string) => void])[] = [
  [
    'a saved run',
    ['state.json', 'state.json.tmp'],
    (f) => saveCheckpoint(f, { state: 1, tensors: Uint8Array.of(1) }),
  ],
  ['the curves of a run', ['training.json', 'training.json.tmp'], (f) => new RunCurves('run').save(f)],
  ['a drawing', ['a.svg', 'a.svg.tmp'], (f) => writeDrawings(f, [{ name: 'a', svg: png1 }])],
  ['a picture', ['a.png', 'a.png.tmp'], (f) => png({ svg: png1, file: join(f, 'a.png') })],
  [
    'results',
    ['memory.json', 'memory.json.tmp', 'timings.json.tmp', 'made-with.json.tmp'],
    (f) =>
      new ResultsFolder(f).write(
        { experiment: 'memory', budget: 'tiny', parts: [] },
        { version: '1', commit: null, runtime: 'x', kernels: 'strict', processor: 'y', threads: 1 },
      ),
  ],
];

test.each(WRITERS)('%s is not written through symbolic links', (_, names, write) => {
  const [folder, other] = [newFolder(), precious()];
  for (const name of names) symlinkSync(other, join(folder, name));
  write(folder);
  expect(readFileSync(other, 'utf8')).toBe('precious');
  for (const name of readdirSync(folder)) expect(lstatSync(join(folder, name)).isSymbolicLink()).toBe(false);
});

test('Directories are made with those above them, and where that cannot be, it is said why, at once', () => {
  const folder = newFolder();
  makeDirectory(join(folder, 'a/b/c'));
  makeDirectory(join(folder, 'a/b/c'));
  expect(readdirSync(join(folder, 'a/b'))).toEqual(['c']);
  writeFileSync(join(folder, 'file'), '');
  symlinkSync(join(folder, 'nowhere'), join(folder, 'link'));
  for (const [path, code] of [
    ['file', 'EEXIST'],
    ['file/below', 'ENOTDIR'],
    ['link', 'ENOENT'],
    ['link/below', 'ENOENT'],
  ] as const)
    expect(() => makeDirectory(join(folder, path))).toThrow(code);
  // Node's recursive mkdir never returns from this one, where there is such a file system.
  expect(() => makeDirectory('/proc/chronograd/below')).toThrow(/^E[A-Z]+: /);
});
