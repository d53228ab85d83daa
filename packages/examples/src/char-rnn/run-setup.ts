/** Sets a run up from flags: a new one, or the continuation of a saved one. */
import { resolve } from 'node:path';
import { kernelsInUse } from '@chronograd/tensor';
import { UsageError } from '../cli/errors.ts';
import { chooseKernels } from '../common/kernels.ts';
import { checkMemory } from './char-model.ts';
import { savedFingerprint } from './checkpoint-files.ts';
import { configurationOf, resumedConfiguration } from './configuration.ts';
import { ModelDirectory } from './model-directory.ts';
import { DEFAULT_DIRECTORY, type TrainFlags } from './options.ts';
import { readRun, type SavedRun } from './saved-run.ts';
import type { TrainConfiguration } from './settings.ts';
import { type Hooks, Trainer } from './trainer.ts';
import { readText, type TrainingText } from './training-text.ts';

export interface RunSetup {
  readonly trainer: Trainer;
  readonly directory: ModelDirectory;
  /** Notes for the user, such as kernels that this machine lacks. */
  readonly remarks: readonly string[];
}

/**
 * Sets a run up.
 * @throws UsageError for an invalid text, directory or saved run
 */
export function setUpRun(flags: TrainFlags, hooks: Hooks): Promise<RunSetup> {
  return flags.resume === undefined ? newRun(flags, hooks) : resumedRun(flags.resume, flags, hooks);
}

async function newRun(flags: TrainFlags, hooks: Hooks): Promise<RunSetup> {
  const configuration = configurationOf(flags);
  const text = await readText(configuration.source, configuration, hooks.work);
  checkMemory(text.vocabulary.size, configuration);
  const directory = new ModelDirectory(flags.save ?? DEFAULT_DIRECTORY, false);
  const remarks = chooseKernels(configuration.kernels);
  return { trainer: new Trainer(text, configuration, hooks), directory, remarks };
}

async function resumedRun(from: string, flags: TrainFlags, hooks: Hooks): Promise<RunSetup> {
  const before = savedFingerprint(from);
  const saved = readRun(from);
  const configuration = resumedConfiguration(saved.configuration, flags);
  checkUnfinished(saved, configuration, from);
  const text = await readText(configuration.source, configuration, hooks.work);
  checkSameText(text, saved, from);
  const into = flags.save ?? from;
  const own = resolve(into) === resolve(from);
  const directory = new ModelDirectory(into, own);
  // Without the lock, another training may have saved since. Its state would be lost.
  if (own && savedFingerprint(from) !== before)
    throw new UsageError(
      `--resume: another training has just saved into ${from}: start again to continue that one`,
    );
  const remarks = [...chooseKernels(configuration.kernels), ...kernelRemarks(saved.state.kernels)];
  const trainer = new Trainer(text, configuration, hooks);
  trainer.restore(saved);
  return { trainer, directory, remarks };
}

/** Kernels that compute the same bits. */
const SAME_BITS = [
  ['strict', 'reference'],
  ['fast', 'wide'],
];

function kernelRemarks(before: string): string[] {
  const now = kernelsInUse();
  if (before === now || SAME_BITS.some((builds) => builds.includes(before) && builds.includes(now)))
    return [];
  return [
    `saved with ${before} kernels, continuing with ${now} ones: the bits differ from those of an uninterrupted run`,
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
    `--resume: the text ${text.name} is not the one of the run in ${from} (its SHA-256 differs): ` +
      'give that text with --text, or start a new run without --resume',
  );
}
