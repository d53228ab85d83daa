/** `report`: runs the experiments, keeps their results, draws them, and writes one page. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { duration } from '../char-rnn/progress/words.ts';
import { runCommand } from '../char-rnn/run-command.ts';
import { UsageError } from '../char-rnn/usage-error.ts';
import type { Experiment } from './common/experiment.ts';
import { Threads } from './common/pool.ts';
import { provenance } from './common/provenance.ts';
import { ResultsFolder } from './common/results.ts';
import { runExperiments } from './common/runner.ts';
import { EXPERIMENTS } from './index.ts';
import { writeFigure } from './report/files.ts';
import { parseReport, type ReportFlags } from './report/options.ts';
import { page, type Section } from './report/page.ts';
import { ReportProgress } from './report/progress.ts';
import { remarksOf } from './report/remarks.ts';

await runCommand(async () => {
  const flags = parseReport(process.argv.slice(2));
  if (flags !== null) await report(flags);
});

async function report(flags: ReportFlags): Promise<void> {
  const start = performance.now();
  const folder = new ResultsFolder(join(flags.out, 'results'));
  const threads = new Threads();
  try {
    if (!flags.redraw) await runAll(flags, folder, threads);
    const sections = EXPERIMENTS.flatMap((experiment) => sectionOf(experiment, folder));
    if (sections.length === 0)
      throw new UsageError(`--redraw: no results in ${flags.out}: run report without it first`);
    await draw(sections, flags.out, threads);
  } finally {
    await threads.close();
  }
  const total = duration((performance.now() - start) / 1000);
  process.stdout.write(`${join(flags.out, 'index.html')} written in ${total}\n`);
}

async function runAll({ budget, only }: ReportFlags, folder: ResultsFolder, threads: Threads): Promise<void> {
  const chosen = EXPERIMENTS.filter(({ name }) => only.length === 0 || only.includes(name));
  const progress = new ReportProgress(chosen, budget, process.stdout);
  const made = provenance(threads.count);
  try {
    await runExperiments(
      chosen,
      budget,
      (task) => threads.part(task),
      (results) => {
        folder.write(results, made);
        progress.ended(results.experiment);
      },
      (experiment) => progress.part(experiment),
    );
  } finally {
    progress.close();
  }
}

function sectionOf(experiment: Experiment, folder: ResultsFolder): Section[] {
  const results = folder.read(experiment.name);
  return results === null ? [] : [{ experiment, results, presentation: experiment.present(results.parts) }];
}

async function draw(sections: readonly Section[], out: string, threads: Threads): Promise<void> {
  mkdirSync(out, { recursive: true });
  const pictures = sections.flatMap(({ presentation }) =>
    presentation.figures.flatMap((figure) => writeFigure(join(out, 'plots'), figure)),
  );
  await Promise.all(pictures.map((picture) => threads.png(picture)));
  writeFileSync(join(out, 'index.html'), page(sections, remarksOf(sections)));
}
