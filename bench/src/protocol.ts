/**
 * The protocol between the runner and a contestant: one line of JSON per request and per answer, on
 * standard input and output. A contestant sends the first message, then only answers.
 * `peers/python/common.py` implements the same protocol.
 */
import type { Case } from './cases.ts';

/** The first line of a contestant. */
export interface Hello {
  /** Names and versions of the software: `{ node: '24.21.0', … }`. */
  readonly versions: Readonly<Record<string, string>>;
  /** Why it is unavailable, and the cure. */
  readonly absent?: string;
}

/** `check` starts a case from the first weights. `run` continues it for about `seconds`. */
export interface Request {
  readonly action: 'check' | 'run';
  readonly case: Case;
  readonly variant: string;
  readonly seconds: number;
}

/** The answer to `check`: the numbers to compare. */
export interface Checked {
  readonly numbers: readonly number[];
}

/** The answer to `run`. */
export interface Ran {
  readonly iterations: number;
  readonly seconds: number;
  /**
   * Processor time of the whole process, in seconds. It exceeds `seconds` if more than one core
   * worked.
   */
  readonly cpu: number;
  /** The loss of the last step, if there is one. */
  readonly loss?: number;
}

/** A request that failed. */
export interface Refused {
  /** The contestant does not support the case, and why. */
  readonly absent?: string;
  readonly error?: string;
}

export type Answer = Checked | Ran | Refused;
