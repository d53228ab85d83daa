/** A run that is stopped reports what is stored, and how to continue. */
import { constants } from 'node:os';
import { onOutputLost, outputFailure } from '../../cli/standard-output.ts';
import { list } from '../../common/format.ts';
import { commandFor, type ReportFlags, redrawCommand } from './options.ts';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Calls `report` and ends the process on SIGINT, SIGTERM, SIGHUP, or when standard output is
 * closed.
 * @param report - receives the reason, or null for a signal or a closed pipe
 * @returns removes the listeners
 */
export function onStopped(report: (why: string | null) => void): () => void {
  const stop = (signal: (typeof SIGNALS)[number]): void => {
    report(null);
    process.exit(128 + constants.signals[signal]);
  };
  for (const signal of SIGNALS) process.on(signal, stop);
  const forgetOutput = onOutputLost(() => {
    const why = outputFailure();
    report(why);
    process.exit(why === null ? 0 : 1);
  });
  return () => {
    for (const signal of SIGNALS) process.off(signal, stop);
    forgetOutput();
  };
}

/**
 * What a stopped run has stored, and the commands to continue.
 * @param chosen experiments to run
 * @param ended those that finished
 */
export function formatKept(chosen: readonly string[], ended: readonly string[], flags: ReportFlags): string {
  const left = chosen.filter((name) => !ended.includes(name));
  if (ended.length === 0) return 'no experiment finished, so nothing of this run is stored';
  const kept = `stored in ${flags.out}/results: ${list(ended)}`;
  const draw = `${redrawCommand(flags)} draws it`;
  return left.length === 0
    ? `${kept}; ${draw}`
    : `${kept}; continue with: ${commandFor(left, flags)} (${draw})`;
}
