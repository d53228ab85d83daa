/** What an experiment is: parts that run by themselves, and a reading of what they gave. */
import type { Figure } from '../../plots/figure.ts';

/** How much time there is: a test's fraction of a second, three minutes for all experiments, or an hour. */
export type Budget = (typeof BUDGETS)[number];
export const BUDGETS = ['tiny', 'quick', 'full'] as const;

/** Numbers of this machine and moment, which no second run repeats: seconds, by what they were spent on. */
export type Measured = Readonly<Record<string, number>>;

/** What a part gives. Plain data; the same configuration gives the same outcome, bit for bit. */
export interface PartResult<Outcome> {
  readonly outcome: Outcome;
  readonly measured?: Measured;
}

/** A part that has run. Outcomes have been through JSON: a number that is not finite is null, whatever its type says. */
export interface DonePart<Config, Outcome> {
  readonly config: Config;
  readonly outcome: Outcome;
  /** With `seconds`, the time of the whole part. */
  readonly measured: Measured;
}

/** Rows of words and numbers. */
export interface Table {
  readonly title: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** Computed from the rows. */
  readonly caption?: string;
}

/** A saying of the textbooks, held against these data. */
export interface Claim {
  readonly claim: string;
  /** Of so many runs it held in how many. */
  readonly held: number;
  readonly of: number;
  /** What is counted, where it is not runs. */
  readonly counted?: string;
  /** The numbers that decide, with their spread. */
  readonly evidence: string;
}

/** Something to read as it is: a sample of text. */
export interface Excerpt {
  readonly title: string;
  readonly text: string;
}

/** What an experiment shows. All of it is computed from the outcomes. */
export interface Presentation {
  /** What was found, most important first; a sentence each. */
  readonly findings: readonly string[];
  readonly figures: readonly Figure[];
  readonly tables?: readonly Table[];
  readonly claims?: readonly Claim[];
  readonly excerpts?: readonly Excerpt[];
}

/** An experiment. Its parts are independent of one another, and run wherever there is a free thread. */
export interface Experiment<Config = unknown, Outcome = unknown> {
  /** Names its files. */
  readonly name: string;
  readonly title: string;
  /** What it asks and how, in a sentence or two. */
  readonly question: string;
  /** Raised when the form of its configurations or outcomes changes, so that results of another form are known; 1 unless said. */
  readonly format?: number;
  /** Everything that decides what the parts compute, seeds included. Plain data. */
  parts(budget: Budget): readonly Config[];
  run(config: Config): PartResult<Outcome>;
  /** Whether a part measures time, and so wants the machine for itself. None does unless it says so. */
  alone?(config: Config): boolean;
  present(parts: readonly DonePart<Config, Outcome>[]): Presentation;
}
