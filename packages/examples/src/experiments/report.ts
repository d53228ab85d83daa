/** `report`: runs the experiments, stores and draws their results, and writes one page. */
import { join } from 'node:path';
import { RunFailure, UsageError } from '../cli/errors.ts';
import { fileError } from '../cli/read-file.ts';
import { runCommand } from '../cli/run-command.ts';
import { printable, printableLine, wrapForTerminal } from '../cli/sanitize-terminal.ts';
import { makeDirectory, replaceFile } from '../cli/write-file.ts';
import { duration } from '../common/format.ts';
import { chooseKernels } from '../common/kernels.ts';
import { Threads } from './common/pool.ts';
import { provenance } from './common/provenance.ts';
import { ResultsFolder } from './common/results.ts';
import { runExperiments } from './common/runner.ts';
import { EXPERIMENTS } from './index.ts';
import { writeDrawings } from './report/files.ts';
import { commandFor, parseReport, type ReportFlags } from './report/options.ts';
import { page } from './report/page.ts';
import { ReportProgress } from './report/progress.ts';
import { provenanceRemarks } from './report/remarks.ts';
import { type DrawnSection, drawAll, type LeftOut } from './report/sections.ts';
import { formatKept, onStopped } from './report/stopping.ts';

await runCommand(async () => {
  const flags = parseReport(process.argv.slice(2));
  if (flags === null) return;
  try {
    await report(flags);
  } catch (error) {
    const { path } = error as NodeJS.ErrnoException;
    throw path === undefined ? error : fileError(error, path, 'write');
  }
});

async function report(flags: ReportFlags): Promise<void> {
  const start = performance.now();
  const folder = new ResultsFolder(join(flags.out, 'results'));
  folder.check();
  const threads = new Threads();
  try {
    const ended = flags.redraw ? [] : await runAll(flags, folder, threads);
    const { sections, leftOut } = drawAll(EXPERIMENTS, folder);
    for (const each of leftOut) warnLeftOut(each, ended, flags);
    if (leftOut.length > 0 && sections.length === 0)
      throw new RunFailure(`no results in ${folder.path} can be drawn, so no page is written`);
    if (sections.length === 0)
      throw new UsageError(`--redraw: no results in ${flags.out}: run report without --redraw first`);
    await draw(sections, leftOut, flags.out, threads);
  } finally {
    await threads.close();
  }
  const total = duration((performance.now() - start) / 1000);
  process.stdout.write(`${printableLine(join(flags.out, 'index.html'))} written in ${total}\n`);
}

/**
 * Runs the chosen experiments. If it is stopped, it reports what is stored.
 * @returns names of finished experiments
 */
async function runAll(flags: ReportFlags, folder: ResultsFolder, threads: Threads): Promise<string[]> {
  const { budget, only, kernels } = flags;
  const chosen = EXPERIMENTS.filter(({ name }) => only.length === 0 || only.includes(name));
  folder.make();
  // Threads share the code of kernels that this one has compiled.
  for (const remark of chooseKernels(kernels)) warn(remark);
  const progress = new ReportProgress(chosen, budget, process.stdout);
  const used = new Set<string>();
  const ended: string[] = [];
  const reportKept = (why: string | null): void => {
    progress.close();
    const names = chosen.map(({ name }) => name);
    const kept = `${why === null ? '' : `${why}; `}${formatKept(names, ended, flags)}`;
    warn(`stopped: ${kept}`);
  };
  const removeListeners = onStopped(reportKept);
  try {
    await runExperiments(
      chosen,
      budget,
      async (task) => {
        const part = await threads.part({ ...task, kernels });
        used.add(part.kernels);
        return part;
      },
      (results) => {
        const { format } = chosen.find(({ name }) => name === results.experiment)!;
        folder.write(results, provenance(threads.count, [...used].sort().join(' and ')), format);
        ended.push(results.experiment);
        progress.ended(results.experiment);
      },
      (experiment) => progress.part(experiment),
    );
    progress.close();
  } catch (error) {
    reportKept(null);
    throw error;
  } finally {
    removeListeners();
  }
  return ended;
}

/** Old results can be computed again. Results of this run that cannot be drawn are a bug. */
function warnLeftOut(
  { experiment, why, error }: LeftOut,
  ended: readonly string[],
  flags: ReportFlags,
): void {
  const own = ended.includes(experiment);
  const cure = own
    ? 'a bug in the program; --debug shows where'
    : `${commandFor([experiment], flags)} computes it again`;
  warn(`left out: ${experiment}: ${why} (${cure})`);
  if (process.argv.includes('--debug') && error instanceof Error)
    process.stderr.write(`${printable(error.stack ?? '')}\n`);
  process.exitCode = 1;
}

/** Writes a line to standard error, sanitized: it may contain text from a file. */
function warn(text: string): void {
  process.stderr.write(`${wrapForTerminal(printableLine(text), process.stderr)}\n`);
}

async function draw(
  sections: readonly DrawnSection[],
  leftOut: readonly LeftOut[],
  out: string,
  threads: Threads,
): Promise<void> {
  makeDirectory(out);
  const pictures = sections.flatMap(({ drawings }) => writeDrawings(join(out, 'plots'), drawings));
  await Promise.all(pictures.map((picture) => threads.png(picture)));
  const missing = leftOut.map(({ why }) => `Left out: ${why.replace(/\.$/, '')}.`);
  const made = provenanceRemarks(sections);
  replaceFile(join(out, 'index.html'), page(sections, { made, missing }));
}
