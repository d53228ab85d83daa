import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Provenance } from '../../../src/experiments/common/provenance.ts';
import { type Results, ResultsFolder } from '../../../src/experiments/common/results.ts';
import { newFolder } from '../../char-rnn/folder.ts';

const made = { version: '1.2.3', commit: 'abc1234' } as Provenance;
const results: Results = {
  experiment: 'one',
  budget: 'tiny',
  parts: [{ config: { seed: 1 }, outcome: { loss: 2 }, measured: { seconds: 3 } }],
};

test('What is written is read again, and no other file is left', () => {
  const folder = new ResultsFolder(join(newFolder(), 'results'));
  folder.write(results, made, 2);
  expect(folder.read('one', 2)).toEqual({ ...results, made });
  expect(folder.read('other')).toBeNull();
  expect(readdirSync(folder.path).sort()).toEqual(['made-with.json', 'one.json', 'timings.json']);
});

test('Results of another format throw an error with the name of their file, and results without one are of format 1', () => {
  const folder = new ResultsFolder(newFolder());
  folder.write(results, made, 1);
  expect(() => folder.read('one', 2)).toThrow(/one\.json: expected results of format 2, got format 1/);
  folder.write(results, made, 3);
  expect(() => folder.read('one', 2)).toThrow(/one\.json: expected results of format 2, got format 3/);
  writeFileSync(join(folder.path, 'made-with.json'), JSON.stringify({ one: made }));
  expect(folder.read('one', 1)?.made).toEqual(made);
  expect(() => folder.read('one', 2)).toThrow(/got format 1/);
});

test.each([
  ['is cut off', '{"experiment":"one","budget":"tiny","par', /one\.json is incomplete or not JSON/],
  ['is empty', '', /one\.json is incomplete or not JSON/],
  ['is no object', 'null', /one\.json is not a JSON object/],
  ['has no parts', '{"experiment":"one","budget":"tiny","parts":[]}', /one\.json holds no parts/],
  [
    'has parts of another kind',
    '{"experiment":"one","budget":"tiny","parts":[null]}',
    /one\.json holds no results of one/,
  ],
  [
    'is of another experiment',
    '{"experiment":"two","budget":"tiny","parts":[]}',
    /one\.json holds no results of one/,
  ],
])('A file that %s is refused with its name', (_, text, message) => {
  const folder = new ResultsFolder(newFolder());
  writeFileSync(join(folder.path, 'one.json'), text);
  expect(() => folder.read('one')).toThrow(message);
});

test('Damaged notes are found before anything runs, and left as they are', () => {
  const folder = new ResultsFolder(newFolder());
  folder.write(results, made);
  folder.check();
  writeFileSync(join(folder.path, 'timings.json'), '{"one": [{');
  expect(() => folder.check()).toThrow(/timings\.json is incomplete or not JSON/);
  expect(() => folder.write(results, made)).toThrow(/timings\.json/);
  expect(readFileSync(join(folder.path, 'timings.json'), 'utf8')).toBe('{"one": [{');
});
