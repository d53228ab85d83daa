/** What an experiment is: parts that run on their own, and a presentation of their outcomes. */
import type { Figure } from '../../plots/figure.ts';
import type { Panel } from '../../plots/panel.ts';

/** Size of a run: a fraction of a second (tests), three minutes for all experiments, or an hour. */
export type Budget = (typeof BUDGETS)[number];
export const BUDGETS = ['tiny', 'quick', 'full'] as const;

/** Numbers that differ from run to run, such as seconds, by name. */
export type Measured = Readonly<Record<string, number>>;

/** Result of a part. Plain data. Equal configurations give equal outcomes, bit for bit. */
export interface PartResult<Outcome> {
  readonly outcome: Outcome;
  readonly measured?: Measured;
}

/**
 * A finished part. Outcomes went through JSON: a number that is not finite is null, whatever its
 * type.
 */
export interface DonePart<Config, Outcome> {
  readonly config: Config;
  readonly outcome: Outcome;
  /** Includes `seconds`, the time of the whole part. */
  readonly measured: Measured;
}

export interface Table {
  readonly title: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
  readonly caption?: string;
}

/** A textbook claim, checked against the outcomes. */
export interface Claim {
  readonly claim: string;
  /** Number of runs in which it held, of how many. */
  readonly held: number;
  readonly of: number;
  /** What is counted. Default: `runs`. */
  readonly counted?: string;
  /** The numbers that decide, with their spread, a sentence each. */
  readonly evidence: readonly string[];
}

/** Text to read as it is: a sample. */
export interface Excerpt {
  readonly title: string;
  readonly text: string;
}

/** What an experiment shows. Everything in it is computed from the outcomes. */
export interface Presentation {
  /** The main result in one short sentence. */
  readonly headline: string;
  /** A small panel of the best plot, about 300 pixels wide. */
  readonly thumbnail?: Panel;
  /** Results with their numbers and spread, a sentence each, most important first. */
  readonly findings: readonly string[];
  /** How the numbers were computed, a sentence each. */
  readonly method?: readonly string[];
  readonly figures: readonly Figure[];
  readonly tables?: readonly Table[];
  readonly claims?: readonly Claim[];
  readonly excerpts?: readonly Excerpt[];
}

/** What an experiment computes. Its parts are independent and run on any free thread. */
export interface Study<Config = unknown, Outcome = unknown> {
  /** Prefix of its file names and anchors. */
  readonly name: string;
  readonly title: string;
  /** What it asks and how, one sentence each. */
  readonly question: string;
  /**
   * Version of the stored configurations and outcomes. Raise it when their form changes. Default:
   * 1.
   */
  readonly format?: number;
  /**
   * The configuration of each part, seeds included. Plain data that decides what the part computes.
   */
  parts(budget: Budget): readonly Config[];
  run(config: Config): PartResult<Outcome> | Promise<PartResult<Outcome>>;
  /** True for a part that measures time and therefore must run alone. Default: false. */
  alone?(config: Config): boolean;
}

/** A study and how its outcomes are shown. */
export interface Experiment<Config = unknown, Outcome = unknown> extends Study<Config, Outcome> {
  present(parts: readonly DonePart<Config, Outcome>[]): Presentation;
}

/** Size of a thumbnail. */
export const THUMBNAIL = { width: 320, height: 220 } as const;
