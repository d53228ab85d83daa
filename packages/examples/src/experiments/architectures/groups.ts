/** Runs of architectures, by text and network. */
import { groupBy } from '../../common/groups.ts';
import type { DonePart } from '../common/experiment.ts';
import { type Config, type Outcome, timeKey } from './run.ts';

/** All runs of one network on one text. */
export interface Group {
  readonly config: Config;
  readonly first: Outcome;
  readonly finals: readonly number[];
  readonly heldOut: readonly number[];
  /** Held-out losses in bits. */
  readonly bits: readonly number[];
  /** Microseconds of training per character. Null if not measured. */
  readonly microseconds: number | null;
}

/** The networks on each text. */
export type Texts = readonly [corpus: string, networks: readonly Group[]][];

export function groupsOf(parts: readonly DonePart<Config, Outcome | null>[]): Group[] {
  const trained = parts.filter((part): part is DonePart<Config, Outcome> => part.outcome !== null);
  return groupBy(trained, ({ config }) => `${config.corpus} ${timeKey(config)}`).map(([, runs]): Group => {
    const { config, outcome } = runs[0]!;
    const timed = parts.find((part) => part.config.rounds > 0 && part.config.corpus === config.corpus);
    const seconds = timed?.measured[timeKey(config)];
    const heldOut = runs.map((run) => finiteOr(run.outcome.heldOutLoss));
    return {
      config,
      first: outcome,
      finals: runs.map((run) => finiteOr(run.outcome.finalLoss)),
      heldOut,
      bits: heldOut.map((nats) => nats / Math.LN2),
      microseconds: seconds === undefined ? null : 1e6 * seconds,
    };
  });
}

export function entropyBits({ first }: Group): number {
  return first.entropy / Math.LN2;
}

/** The largest number that any panel shows: all share one axis. */
export function highest(groups: readonly Group[]): number {
  return groups
    .flatMap((group) => [...group.bits, entropyBits(group)])
    .filter(Number.isFinite)
    .reduce((most, bits) => Math.max(most, bits), 0);
}

/** Infinite for a run that diverged. */
function finiteOr(loss: number | null): number {
  return loss ?? Number.POSITIVE_INFINITY;
}
