/** What a run of the bench found: the shape of its JSON. */
import type { Case } from './cases.ts';

/** One contestant's variant of a case. */
export interface Row {
  readonly contestant: string;
  readonly name: string;
  readonly variant: string;
  /** One value a round, in the case's unit. */
  readonly values: readonly number[];
  readonly median: number;
  /** Largest distance from the median, as a share of it. */
  readonly spread: number;
  /** Processor time by time: how many cores it kept busy; null where that was not measured. */
  readonly cores: number | null;
  readonly loss: number | null;
  /** How many times as good the baseline is, round by round; null without a baseline. Above 1 ours is better. */
  readonly ratio: number | null;
}

/** A case with all its rows. */
export interface CaseResult {
  readonly case: Case;
  readonly unit: string;
  readonly better: 'higher' | 'lower';
  /** Which row the ratios compare with: `contestant variant`; null where it did not run. */
  readonly baseline: string | null;
  readonly rows: readonly Row[];
  /** Who is missing, and why. */
  readonly absent: readonly string[];
  /** Who computed something else, or failed. Not timed. */
  readonly failures: readonly string[];
}

/** A contestant as it stands in the report. */
export interface ContestantResult {
  readonly id: string;
  readonly name: string;
  readonly versions: Readonly<Record<string, string>>;
  readonly absent: string | null;
}

/** What 128-bit units can do in WebAssembly, in GFLOP/s. */
export interface Peak {
  /** By fused multiply-add; null where the engine has none. */
  readonly fused: number | null;
  /** By a multiplication and an addition. */
  readonly separate: number;
}

/** Everything. */
export interface BenchResult {
  readonly date: string;
  readonly quick: boolean;
  readonly rounds: number;
  readonly seconds: number;
  readonly commit: string;
  readonly machine: Readonly<Record<string, string>>;
  readonly peak: Peak | null;
  readonly contestants: readonly ContestantResult[];
  readonly cases: readonly CaseResult[];
}
