/** `train`: trains a character RNN on a text, saves it and evaluates it. */
import { KernelProfile, kernelsInUse, OutOfMemoryError } from '@chronograd/tensor';
import { UsageError } from '../cli/errors.ts';
import { runCommand } from '../cli/run-command.ts';
import { StopRequest } from '../cli/signals.ts';
import { identityOf } from './configuration.ts';
import { compareHeldOut } from './evaluate.ts';
import { parseTrain, type TrainFlags } from './options.ts';
import { hasSavedCurves } from './progress/curves.ts';
import { PlottingReporter } from './progress/plot.ts';
import type { Reporter, TrainInfo } from './progress/reporter.ts';
import { createReporter } from './progress/reporters.ts';
import { setUpRun } from './run-setup.ts';
import type { Trainer } from './trainer.ts';
import { EventLoopYield, type Run, save, showSample, trainingLoop } from './training-loop.ts';

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
  const { trainer, directory, remarks } = setUpRun(flags);
  const text = createReporter(flags.json === true, process.stdout);
  // A resumed run continues its plot. An old plot would not match the new model.
  const drawn = flags.plot === true || (flags.resume !== undefined && hasSavedCurves(flags.resume));
  const plots = drawn ? plotting(text, flags, trainer, directory.path) : null;
  const reporter = plots ?? text;
  const stop = new StopRequest();
  const eventLoop = new EventLoopYield();
  const profile = flags.profile === true ? new KernelProfile(() => performance.now()) : null;
  const gradientNorms = plots !== null;
  const run: Run = { trainer, directory, reporter, stop, eventLoop, profile, gradientNorms };
  try {
    for (const remark of remarks) reporter.note(remark);
    reporter.start(infoOf(trainer));
    const { sampled, recent, ...pace } = await trainingLoop(run);
    save(run);
    const { exitCode } = stop;
    const stoppedEarly = trainer.iteration < trainer.configuration.iterations;
    if (stoppedEarly) {
      const why = exitCode === null ? 'time limit reached' : 'stopped';
      reporter.note(`${why}: continue with --resume ${directory.path}`);
    }
    if (exitCode === null && !sampled && trainer.configuration.sampleEvery > 0) showSample(run);
    const heldOut = await measureHeldOut(run);
    if (heldOut !== null) plots?.heldOut(heldOut.model);
    await plots?.draw();
    const evenGuessing = Math.log2(trainer.text.vocabulary.size);
    // First steps that are too long may raise the loss above guessing for a moment; the factor
    // allows it.
    const diverged = recent.bitsPerCharacter > 2 * evenGuessing;
    if (diverged) process.exitCode = 1;
    reporter.end({
      ...pace,
      ...recent,
      evenGuessing,
      diverged,
      iterations: trainer.iteration,
      heldOut,
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

async function measureHeldOut({ trainer, stop, eventLoop }: Run): ReturnType<typeof compareHeldOut> {
  if (stop.exitCode !== null) return null;
  return compareHeldOut(trainer.model, trainer.text, async () => {
    if (eventLoop.due) await eventLoop.pause();
    return stop.exitCode === null;
  });
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
  const { cell, hidden, steps, batch, dtype, seed, iterations } = configuration;
  return {
    corpus: text.name,
    trainCharacters: text.training.length,
    heldOutCharacters: text.heldOut.length,
    vocabularySize: text.vocabulary.size,
    parameters: model.parameterCount,
    cell,
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
