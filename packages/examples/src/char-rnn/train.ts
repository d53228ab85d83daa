/** `train`: trains a character RNN on a text, saves it, and says what it is worth. */
import { KernelProfile, kernelsInUse, OutOfMemoryError } from '@chronograd/tensor';
import { Breathing } from './breathing.ts';
import { measureHeldOut } from './held-out.ts';
import { Interruption } from './interruption.ts';
import { identityOf } from './merge.ts';
import { parseTrain, type TrainFlags } from './options.ts';
import { keepsCurves } from './progress/curves.ts';
import { PlottingReporter } from './progress/plot.ts';
import { createReporter, type Reporter, type TrainInfo } from './progress.ts';
import { runCommand } from './run-command.ts';
import { setUpRun } from './run-setup.ts';
import type { Trainer } from './trainer.ts';
import { type Run, save, showSample, trainingLoop } from './training-loop.ts';
import { UsageError } from './usage-error.ts';

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
  const words = createReporter(flags.json === true, process.stdout);
  // A run that was drawn goes on being drawn: an old curve beside a newer model would mislead.
  const drawn = flags.plot === true || (flags.resume !== undefined && keepsCurves(flags.resume));
  const plots = drawn ? plotting(words, flags, trainer, directory.path) : null;
  const reporter = plots ?? words;
  const interruption = new Interruption();
  const profile = flags.profile === true ? new KernelProfile(() => performance.now()) : null;
  const run: Run = {
    trainer,
    directory,
    reporter,
    interruption,
    breathing: new Breathing(),
    profile,
    gradientNorms: plots !== null,
  };
  try {
    for (const remark of remarks) reporter.note(remark);
    reporter.start(infoOf(trainer));
    const { sampled, recent, ...pace } = await trainingLoop(run);
    save(run);
    const { exitCode } = interruption;
    if (trainer.iteration < trainer.configuration.iterations) {
      const why = exitCode === null ? 'the time is up' : 'stopped';
      reporter.note(`${why}: --resume ${directory.path} goes on from here`);
    }
    if (exitCode === null && !sampled && trainer.configuration.sampleEvery > 0) showSample(run);
    const heldOut = await measureHeldOut(run);
    if (heldOut !== null) plots?.heldOut(heldOut.model);
    await plots?.draw();
    const evenGuessing = Math.log2(trainer.text.vocabulary.size);
    // First steps that are too long may cost more than guessing, and be mended by the next.
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
      stoppedEarly: trainer.iteration < trainer.configuration.iterations,
    });
  } catch (error) {
    // Of a run that ends like this the curves tell most.
    await plots?.draw();
    throw error;
  } finally {
    reporter.close();
    directory.close();
    interruption.close();
  }
  if (interruption.exitCode !== null) process.exitCode = interruption.exitCode;
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
