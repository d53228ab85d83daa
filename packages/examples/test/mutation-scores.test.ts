/** The committed mutation scores, and their table in CONTRIBUTING.md. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

interface Score {
  readonly folder: string;
  readonly files: Readonly<Record<string, { readonly killed: number; readonly mutants: number }>>;
  readonly notRun?: readonly string[];
  readonly survivors: readonly Readonly<Record<'file' | 'line' | 'mutant' | 'why', string>>[];
}
interface Scores {
  allCommitted(): readonly Score[];
  merged(score: Score, before: Score | null, all: readonly string[]): Score;
  scoreTable(scores?: readonly Score[]): string;
}

const root = new URL('../../../', import.meta.url);
const { allCommitted, merged, scoreTable } = (await import(
  String(new URL('scripts/mutation/scores.mjs', root))
)) as Scores;

test('CONTRIBUTING.md has the table of the committed scores', () => {
  expect(readFileSync(new URL('CONTRIBUTING.md', root), 'utf8')).toContain(scoreTable());
});

test('every mutant that survives has a reason', () => {
  const scores = allCommitted();
  const unexplained = scores.flatMap(({ survivors }) => survivors.filter(({ why }) => why === ''));
  expect(unexplained).toEqual([]);
});

test('A run of some files keeps the scores and reasons of the others, and lists the files that were not run', () => {
  const survivor = (file: string, mutant: string, why: string) => ({
    file: `a/src/${file}`,
    line: 'x',
    mutant,
    why,
  });
  const all = ['one.ts', 'two.ts', 'sub/three.ts'];
  const before = {
    folder: 'a/src',
    files: {
      'gone.ts': { killed: 0, mutants: 1 },
      'one.ts': { killed: 8, mutants: 10 },
      'two.ts': { killed: 1, mutants: 2 },
    },
    survivors: [
      survivor('gone.ts', 'y', 'gone'),
      survivor('one.ts', 'y', 'first'),
      survivor('one.ts', 'z', 'killed now'),
      survivor('two.ts', 'y', 'second'),
    ],
  };
  const run = {
    folder: 'a/src',
    files: { 'one.ts': { killed: 10, mutants: 12 } },
    survivors: [survivor('one.ts', 'y', ''), survivor('one.ts', 'new', '')],
  };
  const after = merged(run, before, all);
  expect(after).toEqual({
    folder: 'a/src',
    files: { 'one.ts': { killed: 10, mutants: 12 }, 'two.ts': { killed: 1, mutants: 2 } },
    notRun: ['sub/three.ts'],
    survivors: [
      survivor('one.ts', 'y', 'first'),
      survivor('one.ts', 'new', ''),
      survivor('two.ts', 'y', 'second'),
    ],
  });
  expect(scoreTable([after])).toContain('| a/src | 2 of 3 | 11 / 14 | 78.6 % | 3 |');
  expect(merged(run, null, ['one.ts']).notRun).toEqual([]);
});
