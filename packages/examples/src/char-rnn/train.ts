/** `train`: trains a character RNN on a text, saves it and evaluates it. */
import { KernelProfile, kernelsInUse, OutOfMemoryError, withProfile } from '@chronograd/tensor';
import { UsageError } from '../cli/errors.ts';
import { runCommand } from '../cli/run-command.ts';
import { StopRequest } from '../cli/signals.ts';
import { identityOf } from './configuration.ts';
import { evaluate } from './evaluate.ts';
import { parseTrain, type TrainFlags } from './options.ts';
import { hasSavedCurves } from './progress/curves.ts';
import { PlottingReporter } from './progress/plot.ts';
import type { Reporter, TrainInfo } from './progress/reporter.ts';
import { createReporter } from './progress/reporters.ts';
import { workOf } from './progress/work.ts';
import { setUpRun } from './run-setup.ts';
import type { Trainer } from './trainer.ts';
import { type Run, save, showSample, trainingLoop } from './training-loop.ts';

await runCommand(async () => {
  const flags = parseTrain(process.argv.slice(2));
  if (flags === null) return;
  try {
    await train(flags);
  } catch (error) {
    throw error instanceof OutOfMemoryError
      ? new UsageError(`${error.message}: smaller --hidden, --batch or --steps need less`)
      : error;
  }
});

async function train(flags: TrainFlags): Promise<void> {
  const text = createReporter(flags.json === true, process.stdout);
  const profile = flags.profile === true ? new KernelProfile(() => performance.now()) : null;
  // A resumed run continues its plot. An old plot would not match the new model.
  const drawn = flags.plot === true || (flags.resume !== undefined && hasSavedCurves(flags.resume));
  const { workers = 1 } = flags;
  if (profile !== null && workers > 1)
    throw new UsageError(`--profile: expected one of the --workers, got ${workers}; it times one thread`);
  const around = profile === null ? {} : { around: (step: () => void) => withProfile(profile, step) };
  const setup = setUpRun(flags, { ...around, work: workOf(text), gradientNorms: drawn, workers });
  const { trainer, directory, remarks } = await setup.finally(() => text.close());
  const plots = drawn ? plotting(text, flags, trainer, directory.path) : null;
  const reporter = plots ?? text;
  const stop = new StopRequest();
  const run: Run = { trainer, directory, reporter, stop };
  try {
    const note = (text: string): void => reporter.report({ event: 'note', text });
    for (const remark of remarks) note(remark);
    reporter.report({ event: 'start', ...infoOf(trainer) });
    const { sampled, recent, ended, ...pace } = await trainingLoop(run);
    save(run);
    const { exitCode } = stop;
    const stoppedEarly = ended?.reason === 'stopped';
    if (stoppedEarly) {
      const why = exitCode === null ? 'time limit reached' : 'stopped';
      note(`${why}: continue with --resume ${directory.path}`);
    }
    if (ended?.reason === 'patience') note('the held-out loss no longer improves');
    if (exitCode === null && !sampled && trainer.configuration.sampleEvery > 0) showSample(run);
    const work = workOf(reporter, () => stop.exitCode === null);
    const evaluation = exitCode === null ? await evaluate(trainer.model, trainer.text, work) : null;
    if (evaluation?.heldOut) plots?.heldOut(evaluation.heldOut.model);
    await plots?.draw();
    const evenGuessing = Math.log2(trainer.text.vocabulary.size);
    // First steps that are too long may raise the loss above guessing for a moment; the factor
    // allows it.
    const diverged = (evaluation?.training ?? recent.bitsPerCharacter) > 2 * evenGuessing;
    if (diverged) process.exitCode = 1;
    reporter.report({
      event: 'end',
      ...pace,
      ...recent,
      evenGuessing,
      diverged,
      iterations: trainer.iteration,
      ...(evaluation ?? { training: null, heldOut: null, evaluated: 0, counted: 0 }),
      trainCharacters: trainer.text.training.length,
      heldOutCharacters: trainer.text.heldOut.length,
      bestIteration: ended?.weights === 'best' ? ended.bestStep : null,
      savedTo: directory.path,
      profile: profile === null ? null : { milliseconds: profile.total, rows: profile.rows },
      stoppedEarly,
    });
  } catch (error) {
    // The plot helps most with a run that fails.
    await plots?.draw();
    throw error;
  } finally {
    reporter.close();
    directory.close();
    stop.close();
  }
  if (stop.exitCode !== null) process.exitCode = stop.exitCode;
}

function plotting(
  next: Reporter,
  { resume }: TrainFlags,
  { configuration, text }: Trainer,
  directory: string,
): PlottingReporter {
  const run = identityOf(configuration, text.sha256);
  return new PlottingReporter(next, { directory, resumed: resume ?? null, run, clip: configuration.clip });
}

function infoOf({ text, model, configuration, iteration }: Trainer): TrainInfo {
  const { cell, layers, hidden, steps, batch, dtype, seed, iterations } = configuration;
  return {
    corpus: text.name,
    trainCharacters: text.training.length,
    heldOutCharacters: text.heldOut.length,
    vocabularySize: text.vocabulary.size,
    parameters: model.parameterCount,
    cell,
    layers,
    hidden,
    steps,
    batch,
    dtype,
    kernels: kernelsInUse(),
    seed,
    firstIteration: iteration,
    iterations,
  };
}
