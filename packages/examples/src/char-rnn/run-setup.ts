/** From what was typed to a run that can begin: anew, or where a saved one stopped. */
import { resolve } from 'node:path';
import { kernelsAvailable, kernelsInUse, Random, useKernels } from '@chronograd/tensor';
import { CharModel } from './char-model.ts';
import { savedFingerprint } from './checkpoint-files.ts';
import type { KernelChoice, TrainConfiguration } from './configuration.ts';
import { loadCorpus } from './corpora.ts';
import { configurationOf, resumedConfiguration } from './merge.ts';
import { ModelDirectory } from './model-directory.ts';
import { DEFAULT_DIRECTORY, type TrainFlags } from './options.ts';
import { readRun, type SavedRun } from './saved-run.ts';
import { Trainer } from './trainer.ts';
import { prepareText, type TrainingText } from './training-text.ts';
import { UsageError } from './usage-error.ts';

export interface RunSetup {
  readonly trainer: Trainer;
  readonly directory: ModelDirectory;
  /** What a reader should know before it begins. */
  readonly remarks: readonly string[];
}

/**
 * Sets a run up.
 * @throws UsageError for a text, a directory or a saved run that will not do
 */
export function setUpRun(flags: TrainFlags): RunSetup {
  return flags.resume === undefined ? newRun(flags) : resumedRun(flags.resume, flags);
}

function newRun(flags: TrainFlags): RunSetup {
  const configuration = configurationOf(flags);
  const text = prepareText(loadCorpus(configuration.source), configuration);
  checkMemory(text, configuration);
  const directory = new ModelDirectory(flags.save ?? DEFAULT_DIRECTORY, false);
  const remarks = chooseKernels(configuration.kernels);
  return { trainer: new Trainer(text, configuration), directory, remarks };
}

function resumedRun(from: string, flags: TrainFlags): RunSetup {
  const before = savedFingerprint(from);
  const saved = readRun(from);
  const configuration = resumedConfiguration(saved.configuration, flags);
  checkUnfinished(saved, configuration, from);
  const text = prepareText(loadCorpus(configuration.source), configuration);
  checkSameText(text, saved, from);
  const into = flags.save ?? from;
  const own = resolve(into) === resolve(from);
  const directory = new ModelDirectory(into, own);
  // What another training saved while nobody held the lock would be lost.
  if (own && savedFingerprint(from) !== before)
    throw new UsageError(
      `--resume: another training has just saved into ${from}: start again, to go on with that`,
    );
  const remarks = [...chooseKernels(configuration.kernels), ...kernelRemarks(saved.state.kernels)];
  const trainer = new Trainer(text, configuration);
  trainer.restore(saved);
  return { trainer, directory, remarks };
}

/** Sets the kernels, or the next best that this engine can run. @returns what a reader should know of them. */
export function chooseKernels(kernels: KernelChoice): string[] {
  const available = kernelsAvailable();
  const wanted = kernels === 'fastest' ? ['fast', 'strict'] : [kernels];
  const chosen = available.find((each) => wanted.includes(each)) ?? available[0]!;
  useKernels(chosen);
  if (chosen === 'reference' && kernels !== 'reference')
    return [
      'this engine has no WebAssembly SIMD: reference kernels, the bits of strict ones, many times slower',
    ];
  return kernels === 'fast' && chosen !== 'fast'
    ? ['this engine has no relaxed SIMD, which fast kernels need (Node 22 has it): strict kernels']
    : [];
}

/** The kernel builds that compute the same bits as one another. */
const SAME_BITS = ['strict', 'reference'];

function kernelRemarks(before: string): string[] {
  const now = kernelsInUse();
  if (before === now || (SAME_BITS.includes(before) && SAME_BITS.includes(now))) return [];
  return [
    `saved with ${before} kernels, going on with ${now} ones: the bits will not be those of a run without the stop`,
  ];
}

function checkUnfinished(saved: SavedRun, { iterations }: TrainConfiguration, from: string): void {
  const { iteration } = saved.state;
  if (iteration < iterations) return;
  throw new UsageError(
    `--resume: the run in ${from} has done ${iteration} iterations of ${iterations}: give more with --iterations`,
  );
}

function checkSameText(text: TrainingText, saved: SavedRun, from: string): void {
  if (text.sha256 === saved.textSha256) return;
  throw new UsageError(
    `--resume: the text ${text.name} is not the one that the run in ${from} learns from (its SHA-256 is another): ` +
      'give that text with --text, or start anew without --resume',
  );
}

/** Where the addresses of WebAssembly end. */
const MOST_BYTES = 2 ** 32;

/** A network that can never fit is refused before minutes have gone into its first weights. */
function checkMemory({ vocabulary: { size } }: TrainingText, configuration: TrainConfiguration): void {
  const { hidden, dtype } = configuration;
  const parameters = countParameters(size, configuration);
  // Weights, Adagrad's accumulators and gradients stand in memory together.
  const bytes = 3 * parameters * (dtype === 'float32' ? 4 : 8);
  if (bytes <= MOST_BYTES) return;
  const gigabytes = (bytes / 1e9).toFixed(1);
  throw new UsageError(
    `--hidden ${hidden}: needs more than ${gigabytes} GB in ${dtype}, ${(MOST_BYTES / 1e9).toFixed(1)} GB is all that can be addressed`,
  );
}

/** How many numbers a network learns. Whatever the cell, that is a polynomial of degree 2 in H, which three tiny networks tell. */
function countParameters(vocabularySize: number, configuration: TrainConfiguration): number {
  const at = (hidden: number): number => {
    using model = new CharModel(vocabularySize, { ...configuration, hidden }, new Random(0));
    return model.parameterCount;
  };
  const [one, two, three] = [at(1), at(2), at(3)];
  const H = configuration.hidden;
  return (one * (H - 2) * (H - 3)) / 2 - two * (H - 1) * (H - 3) + (three * (H - 1) * (H - 2)) / 2;
}
