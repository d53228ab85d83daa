/** The results of a run, as JSON. */
import type { Case } from './cases.ts';

/** One contestant's variant of a case. */
export interface Row {
  readonly contestant: string;
  readonly name: string;
  readonly variant: string;
  /** One value per round, in the case's unit. */
  readonly values: readonly number[];
  readonly median: number;
  /** The largest distance from the median, as a share of it. */
  readonly spread: number;
  /** Processor time by time: the number of busy cores. Null if not measured. */
  readonly cores: number | null;
  readonly loss: number | null;
  /**
   * How many times as good the baseline is, per round. Above 1 Chronograd is better. Null without a
   * baseline.
   */
  readonly ratio: number | null;
}

/** A case with all its rows. */
export interface CaseResult {
  readonly case: Case;
  readonly unit: string;
  readonly better: 'higher' | 'lower';
  /** The row that the ratios refer to: `contestant variant`. Null if it did not run. */
  readonly baseline: string | null;
  readonly rows: readonly Row[];
  /** Absent contestants, and why. */
  readonly absent: readonly string[];
  /** Contestants with other numbers, or that failed. They are not timed. */
  readonly failures: readonly string[];
}

/** A contestant in the report. */
export interface ContestantResult {
  readonly id: string;
  readonly name: string;
  readonly versions: Readonly<Record<string, string>>;
  readonly absent: string | null;
}

/** The peak of 128-bit units in WebAssembly, in GFLOP/s. */
export interface Peak {
  /** By fused multiply-add. Null if the engine has none. */
  readonly fused: number | null;
  /** By a multiplication and an addition. */
  readonly separate: number;
  /** By fused multiply-add that V8 packs into 256 bits. Null where it does not. */
  readonly wide: number | null;
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
