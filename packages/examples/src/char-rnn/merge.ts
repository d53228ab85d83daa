/** What a run computes: a preset's values, overridden by flags; or a saved run's, which flags may not contradict. */
import { isDeepStrictEqual } from 'node:util';
import type { TrainConfiguration } from './configuration.ts';
import type { CorpusSource } from './corpora.ts';
import { clipOf, type TrainFlags } from './options.ts';
import { PRESETS } from './presets.ts';
import { UsageError } from './usage-error.ts';

/** The preset's values (default: those of `default`), overridden by every flag that was given; `--iterations` lifts the preset's time limit. */
export function configurationOf(flags: TrainFlags): TrainConfiguration {
  return { ...PRESETS[flags.preset ?? 'default'], ...overrides(flags) };
}

/** What a run may change when it is resumed without becoming another run: how long it goes on, and what it shows. */
const FREE_ON_RESUME = ['iterations', 'seconds', 'kernels', 'sampleEvery', 'sampleLength', 'temperature'];

/**
 * The configuration of a resumed run: the saved one, with the flags that only say how long to go on and what to show.
 *
 * Let through here, for whoever resumes to deal with: other kernels (the bits may then differ), and another path in place of a
 * file's (the text may have moved: compare the texts).
 * @throws UsageError if a flag (or the preset that was named) contradicts the saved configuration
 */
export function resumedConfiguration(saved: TrainConfiguration, flags: TrainFlags): TrainConfiguration {
  const preset = flags.preset === undefined ? {} : PRESETS[flags.preset];
  const given = overrides(flags);
  for (const [key, value] of Object.entries({ ...preset, ...given })) {
    const before = saved[key as keyof TrainConfiguration];
    if (FREE_ON_RESUME.includes(key) || isDeepStrictEqual(value, before)) continue;
    if (key === 'source' && isFile(value) && isFile(before)) continue;
    throw new UsageError(
      `--resume: the saved run has ${key} ${shown(before)}, not ${shown(value)}: ` +
        'leave the flag out to go on with it, or start anew without --resume',
    );
  }
  return { ...saved, ...given };
}

/** What makes a run the run that it is, wherever its text lies: as long as this stays, a resumed run is the same one. */
export function identityOf(configuration: TrainConfiguration, textSha256: string): string {
  const lasting = Object.entries(configuration).filter(
    ([key]) => key !== 'source' && !FREE_ON_RESUME.includes(key),
  );
  return `${textSha256} ${JSON.stringify(lasting.sort(([a], [b]) => (a < b ? -1 : 1)))}`;
}

/** Each setting that a flag was given for. */
function overrides(flags: TrainFlags): Partial<TrainConfiguration> {
  const { preset, corpus, text, clip, clipNorm, save, resume, profile, plot, json, debug, ...same } = flags;
  const source: CorpusSource | undefined = text === undefined ? corpus : { file: text };
  const clipping = clipOf(flags);
  // Who says how many iterations means them: a preset's time limit is lifted, unless there is one of their own.
  const limit = flags.iterations === undefined ? {} : { seconds: null };
  return {
    ...limit,
    ...same,
    ...(source === undefined ? {} : { source }),
    ...(clipping === undefined ? {} : { clip: clipping }),
  };
}

function isFile(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'file' in value;
}

function shown(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
