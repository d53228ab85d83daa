/** A run that ends before its time says what it leaves, and how to go on. */
import { constants } from 'node:os';
import { onOutputLost, outputFailure } from '../../cli/standard-output.ts';
import { list } from '../../common/format.ts';
import { commandFor, type ReportFlags, redrawCommand } from './options.ts';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Speaks at Ctrl-C and its relatives, and where standard output is lost, and ends the process as they would.
 * @param speak - says why, if it is more than somebody's wish
 * @returns what takes that back
 */
export function whenStopped(speak: (why: string | null) => void): () => void {
  const stop = (signal: (typeof SIGNALS)[number]): void => {
    speak(null);
    process.exit(128 + constants.signals[signal]);
  };
  for (const signal of SIGNALS) process.on(signal, stop);
  const forgetOutput = onOutputLost(() => {
    const why = outputFailure();
    speak(why);
    process.exit(why === null ? 0 : 1);
  });
  return () => {
    for (const signal of SIGNALS) process.off(signal, stop);
    forgetOutput();
  };
}

/** What is kept of a run, and the commands that go on from there. @param chosen what was to run @param ended what of it has */
export function keptWords(chosen: readonly string[], ended: readonly string[], flags: ReportFlags): string {
  const left = chosen.filter((name) => !ended.includes(name));
  if (ended.length === 0) return 'no experiment had ended, and none of this run is kept';
  const kept = `kept in ${flags.out}/results: ${list(ended)}`;
  const draw = `${redrawCommand(flags)} draws what is there`;
  return left.length === 0 ? `${kept}; ${draw}` : `${kept}; go on with: ${commandFor(left, flags)} (${draw})`;
}
