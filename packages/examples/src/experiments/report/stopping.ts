/** A run that ends before its time says what it leaves, and how to go on. */
import { constants } from 'node:os';
import { list } from '../common/words.ts';
import { commandFor, type ReportFlags, redrawCommand } from './options.ts';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Speaks at Ctrl-C and its relatives, and ends the process as they would. @returns what takes that back */
export function whenStopped(speak: () => void): () => void {
  const stop = (signal: (typeof SIGNALS)[number]): void => {
    speak();
    process.exit(128 + constants.signals[signal]);
  };
  for (const signal of SIGNALS) process.on(signal, stop);
  return () => {
    for (const signal of SIGNALS) process.off(signal, stop);
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
