/**
 * How the runner talks to a contestant: one line of JSON in, one line of JSON out, on standard input and output. A contestant says
 * hello first; then it works only when asked. `peers/python/common.py` speaks the same.
 */
import type { Case } from './cases.ts';

/** The first line of a contestant. */
export interface Hello {
  /** Names and versions of all that takes part: `{ node: '24.21.0', … }`. */
  readonly versions: Readonly<Record<string, string>>;
  /** Why it cannot take part at all, and the cure. */
  readonly absent?: string;
}

/** `check` starts a case from the first weights; `run` goes on with it for about `seconds`. */
export interface Request {
  readonly action: 'check' | 'run';
  readonly case: Case;
  readonly variant: string;
  readonly seconds: number;
}

/** What `check` answers: numbers that all contestants must agree on. */
export interface Checked {
  readonly numbers: readonly number[];
}

/** What `run` answers. */
export interface Ran {
  readonly iterations: number;
  readonly seconds: number;
  /** Processor time of the whole process, in seconds: above `seconds` where more than one core worked. */
  readonly cpu: number;
  /** The loss of the last step, where there is one. */
  readonly loss?: number;
}

/** An answer that there is none. */
export interface Refused {
  /** This contestant has no such thing, and why. */
  readonly absent?: string;
  readonly error?: string;
}

export type Answer = Checked | Ran | Refused;
