/**
 * Compares a run of StrykerJS with the committed scores of the folder, so that a change adds no
 * survivor.
 *
 * `scores/FOLDER.json` contains the number of killed mutants of each file that was run, the files
 * that were not, and each survivor: its file, the line of source, the replacement of the mutated
 * text, and why it survives.
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

/** The score of a run of some files of a folder: counts and survivors, file by file. */
export function scoreOf(folder, run, report) {
  // Files without mutants are not in the report.
  const files = Object.fromEntries(run.map((name) => [name, { killed: 0, mutants: 0 }]));
  const score = { folder, files, survivors: [] };
  for (const [file, { source, mutants }] of Object.entries(report.files).sort()) {
    const lines = source.split('\n');
    const count = files[file.replace(`packages/${folder}/`, '')];
    for (const { status, replacement, location } of mutants) {
      if (status === 'Ignored' || status === 'CompileError') continue;
      count.mutants++;
      if (status !== 'Survived' && status !== 'NoCoverage') {
        count.killed++;
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

/** The killed mutants, and all, of the files that were run. */
export function totalOf({ files }) {
  const counts = Object.values(files);
  const sum = (key) => counts.reduce((total, count) => total + count[key], 0);
  return { killed: sum('killed'), mutants: sum('mutants') };
}

/**
 * A score beside those of the other files of the folder, `all`. Survivors that were listed before
 * keep their reasons.
 */
export function merged(score, before, all) {
  const { folder } = score;
  const reasons = new Map((before?.survivors ?? []).map((each) => [keyOf(each), each.why]));
  const own = score.survivors.map((each) => ({ ...each, why: reasons.get(keyOf(each)) ?? '' }));
  const counts = { ...before?.files, ...score.files };
  const inFolder = ({ file }) => file.slice(folder.length + 1);
  const kept = (before?.survivors ?? []).filter(
    (each) => !(inFolder(each) in score.files) && all.includes(inFolder(each)),
  );
  return {
    folder,
    files: Object.fromEntries(all.filter((name) => name in counts).map((name) => [name, counts[name]])),
    notRun: all.filter((name) => !(name in counts)),
    survivors: [...kept, ...own].sort((a, b) => (a.file < b.file ? -1 : a.file > b.file ? 1 : 0)),
  };
}

/** Writes a score with those of the files that were not run. */
export function accept(score, before, all) {
  mkdirSync(home, { recursive: true });
  writeFileSync(fileOf(score.folder), `${JSON.stringify(merged(score, before, all), null, 2)}\n`);
}

/** The table of scores in CONTRIBUTING.md. */
export function scoreTable(scores = allCommitted()) {
  const rows = scores.map((score) => {
    const { killed, mutants } = totalOf(score);
    const ran = Object.keys(score.files).length;
    const files = score.notRun.length === 0 ? `all ${ran}` : `${ran} of ${ran + score.notRun.length}`;
    const share = ((100 * killed) / mutants).toFixed(1);
    return `| ${score.folder} | ${files} | ${killed} / ${mutants} | ${share} % | ${score.survivors.length} |`;
  });
  return ['| folder | files | killed | score | survivors |', '|---|---|---|---|---|', ...rows].join('\n');
}
