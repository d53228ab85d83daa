/**
 * Compares a run of StrykerJS with the committed scores of the folder, so that a change adds no
 * survivor.
 *
 * `scores/FOLDER.json` contains the number of killed mutants, and each survivor: its file, the line
 * of source, the replacement of the mutated text, and why it survives.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const home = join(dirname(fileURLToPath(import.meta.url)), 'scores');
const fileOf = (folder) => join(home, `${folder.replaceAll('/', '-')}.json`);
const keyOf = ({ file, line, mutant }) => JSON.stringify([file, line, mutant]);

/** The committed scores of a folder; null before its first run. */
export function committed(folder) {
  return existsSync(fileOf(folder)) ? JSON.parse(readFileSync(fileOf(folder), 'utf8')) : null;
}

/** All committed scores, by folder. */
export function allCommitted() {
  if (!existsSync(home)) return [];
  return readdirSync(home)
    .sort()
    .map((name) => JSON.parse(readFileSync(join(home, name), 'utf8')));
}

/** The score of one run: counts and survivors, in the order of the files. */
export function scoreOf(folder, report) {
  const score = { folder, killed: 0, mutants: 0, survivors: [] };
  for (const [file, { source, mutants }] of Object.entries(report.files).sort()) {
    const lines = source.split('\n');
    for (const { status, replacement, location } of mutants) {
      if (status === 'Ignored' || status === 'CompileError') continue;
      score.mutants++;
      if (status !== 'Survived' && status !== 'NoCoverage') {
        score.killed++;
        continue;
      }
      const { start, end } = location;
      const before = lines[start.line - 1].slice(0, start.column - 1);
      const after = lines[end.line - 1].slice(end.column - 1);
      score.survivors.push({
        file: file.replace(/^packages\//, ''),
        line: lines[start.line - 1].trim(),
        mutant: `${before}${replacement}${after}`.replace(/\s+/g, ' ').trim(),
        why: '',
      });
    }
  }
  return score;
}

/** Survivors of `score` that `before` does not list. Equal lines count as often as listed. */
export function newSurvivors(score, before) {
  const left = new Map();
  for (const each of before?.survivors ?? []) left.set(keyOf(each), (left.get(keyOf(each)) ?? 0) + 1);
  return score.survivors.filter((each) => {
    const times = left.get(keyOf(each)) ?? 0;
    left.set(keyOf(each), times - 1);
    return times <= 0;
  });
}

/** Writes a score, and keeps the reasons of survivors that were listed before. */
export function accept(score, before) {
  const reasons = new Map((before?.survivors ?? []).map((each) => [keyOf(each), each.why]));
  const survivors = score.survivors.map((each) => ({ ...each, why: reasons.get(keyOf(each)) ?? '' }));
  mkdirSync(home, { recursive: true });
  writeFileSync(fileOf(score.folder), `${JSON.stringify({ ...score, survivors }, null, 2)}\n`);
}

/** The table of scores in CONTRIBUTING.md. */
export function scoreTable(scores = allCommitted()) {
  const rows = scores.map(
    ({ folder, killed, mutants, survivors }) =>
      `| ${folder} | ${killed} / ${mutants} | ${((100 * killed) / mutants).toFixed(1)} % | ${survivors.length} |`,
  );
  return ['| folder | killed | score | survivors |', '|---|---|---|---|', ...rows].join('\n');
}
