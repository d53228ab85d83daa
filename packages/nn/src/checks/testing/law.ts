/** What a law is, to the kit. */
import type { LawId, TrialSizes } from './options.ts';
import type { Trial } from './trial.ts';

/** One step shows what is wrong with a gradient; so many show when. */
export const STEPS_TO_SHOW = 3;

export interface Law {
  readonly id: LawId;
  /** A sentence: what holds. */
  readonly name: string;
  /** Below these sizes the law says nothing, or may not hold for a good cell. */
  readonly atLeast?: Partial<TrialSizes>;
  /** Above these sizes the law says no more, and takes longer. */
  readonly atMost?: Partial<TrialSizes>;
  /** How many of the runs it tries; 1, all, unless named. Each try of some laws takes as long as ten of others. */
  readonly share?: number;
  /** A law that says the same where it is broken: all laws together leave this one out then. */
  readonly after?: LawId;
  /** Whether the law is about this cell at all; it is unless this says not. */
  readonly concerns?: (trial: Trial) => boolean;
  /** @throws Violation, or whatever the cell throws. */
  readonly check: (trial: Trial) => void;
}
