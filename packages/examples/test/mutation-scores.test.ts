/** The committed mutation scores, and their table in CONTRIBUTING.md. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

interface Scores {
  allCommitted(): readonly {
    readonly folder: string;
    readonly survivors: readonly { readonly mutant: string; readonly why: string }[];
  }[];
  scoreTable(): string;
}

const root = new URL('../../../', import.meta.url);
const { allCommitted, scoreTable } = (await import(
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
