/** The configuration of a run: a preset and flags, or the saved one of a resumed run. */
import { isDeepStrictEqual } from 'node:util';
import { UsageError } from '../cli/errors.ts';
import { RATES } from './optimizers.ts';
import type { TrainFlags } from './options.ts';
import { PRESET_NAMES, type PresetName } from './schema.ts';
import { SETTINGS, settingEntries, type TrainConfiguration } from './settings.ts';

/** Complete configurations, in the order of a list. */
export const PRESETS = Object.fromEntries(
  PRESET_NAMES.map((name) => {
    const values = settingEntries().map(([key, { presets }]) => {
      const from = ([name, 'min-char-rnn', 'default'] as const).find((each) => each in presets)!;
      return [key, presets[name === 'default' ? 'default' : from]];
    });
    return [name, Object.fromEntries(values)];
  }),
) as Readonly<Record<PresetName, TrainConfiguration>>;

/** The values of the preset (default: `default`), overridden by flags. */
export function configurationOf({ preset = 'default', given, workers }: TrainFlags): TrainConfiguration {
  const { optimizer } = given;
  const rate = optimizer === undefined || optimizer === 'adagrad' ? {} : { lr: RATES[optimizer] };
  const configuration = { ...PRESETS[preset], ...rate, ...overrides(given) };
  checkTogether(configuration);
  checkWorkers(configuration, workers);
  return configuration;
}

/** @throws UsageError for threads without work */
function checkWorkers({ shards, batch }: TrainConfiguration, workers = 1): void {
  if (shards > batch)
    throw new UsageError(
      `--shards: expected at most one for each of the ${batch} streams of --batch, got ${shards}`,
    );
  if (workers > shards)
    throw new UsageError(
      `--workers: expected at most one for each of ${shards} --shards, got ${workers}; give --shards ${workers}`,
    );
}

/** @throws UsageError for settings that have no effect without another one */
function checkTogether({
  dropout,
  layers,
  schedule,
  patience,
  evalEvery,
  holdOut,
}: TrainConfiguration): void {
  if (dropout > 0 && layers === 1)
    throw new UsageError('--dropout: expected --layers of at least 2, got 1; it drops values between layers');
  if (evalEvery > 0 && holdOut === 0)
    throw new UsageError('--eval-every: expected a preset that holds text out, got one that holds out none');
  if (evalEvery > 0) return;
  const needs = patience !== null ? '--patience' : schedule === 'plateau' ? '--schedule plateau' : null;
  if (needs === null) return;
  throw new UsageError(`${needs}: expected --eval-every too, got none; it says how often to look`);
}

/**
 * The configuration of a resumed run: the saved one, overridden by flags for resumable settings.
 *
 * Two differences are left to the caller: other kernels (the bits may then differ), and another
 * path of the text (the file may have moved; the caller compares the texts).
 * @throws UsageError if a flag, or the preset, contradicts the saved configuration
 */
export function resumedConfiguration(
  saved: TrainConfiguration,
  { preset, given, workers }: TrainFlags,
): TrainConfiguration {
  const overridden = overrides(given);
  const wanted = { ...(preset === undefined ? {} : PRESETS[preset]), ...overridden };
  for (const [key, value] of Object.entries(wanted)) {
    const before = saved[key as keyof TrainConfiguration];
    if (isResumable(key) || isDeepStrictEqual(value, before)) continue;
    if (key === 'source' && isObject(value) && isObject(before)) continue;
    throw new UsageError(
      `--resume: the saved run has ${key} ${shown(before)}, not ${shown(value)}: ` +
        'leave the flag out to continue it, or start a new run without --resume',
    );
  }
  const configuration = { ...saved, ...overridden };
  checkTogether(configuration);
  checkWorkers(configuration, workers);
  return configuration;
}

/**
 * Identifies a run by its text and by the settings that a resumed run cannot change. The path of
 * the text is not part of it.
 */
export function identityOf(configuration: TrainConfiguration, textSha256: string): string {
  const lasting = Object.entries(configuration).filter(([key]) => key !== 'source' && !isResumable(key));
  return `${textSha256} ${JSON.stringify(lasting.sort(([a], [b]) => (a < b ? -1 : 1)))}`;
}

/**
 * Checks a configuration that was read from JSON.
 * @param where the file, for messages
 * @throws UsageError with the first field that is missing, unknown or out of range
 */
export function readConfiguration(value: unknown, where: string): TrainConfiguration {
  if (!isObject(value)) throw new UsageError(`${where}: the configuration is missing`);
  const saved: Record<string, unknown> = { ...value };
  for (const [key, { before }] of settingEntries())
    if (before !== undefined && !Object.hasOwn(value, key)) saved[key] = before;
  for (const [key, { rule, or }] of settingEntries()) {
    const field = Object.hasOwn(saved, key) ? saved[key] : undefined;
    if (rule.accepts(field) || or?.rule.accepts(field)) continue;
    throw new UsageError(`${where}: the configuration's ${key} is ${JSON.stringify(field) ?? 'missing'}`);
  }
  const unknown = Object.keys(value).find((key) => !Object.hasOwn(SETTINGS, key));
  if (unknown !== undefined)
    throw new UsageError(`${where}: the configuration has an unknown field ${unknown}`);
  return saved as unknown as TrainConfiguration;
}

/** `--iterations` removes the time limit of a preset or of a saved run. */
function overrides(given: TrainFlags['given']): Partial<TrainConfiguration> {
  return given.iterations === undefined ? given : { seconds: null, ...given };
}

function isResumable(key: string): boolean {
  return SETTINGS[key as keyof typeof SETTINGS].resumable === true;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function shown(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
