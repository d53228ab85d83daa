/** What a law is, and how it is broken. */
import type { LawId, TestCaseSizes } from './options.ts';
import type { TestCase } from './test-case.ts';

/** One step shows what is wrong with a gradient. This many show when. */
export const STEPS_TO_SHOW = 3;

export interface Law {
  readonly id: LawId;
  /** A sentence: what holds. */
  readonly name: string;
  /** Below these sizes the law means nothing, or may not hold for a good cell. */
  readonly atLeast?: Partial<TestCaseSizes>;
  /** Above these sizes the law finds no more, and takes longer. */
  readonly atMost?: Partial<TestCaseSizes>;
  /** The share of the runs that the law makes, for laws that are slow. Default: 1. */
  readonly share?: number;
  /** A law that implies this one: `checkCell` does not try this one if that one is broken. */
  readonly after?: LawId;
  /** Whether the law applies to a cell. Default: always. */
  readonly concerns?: (testCase: TestCase) => boolean;
  /** @throws Violation, or an error of the cell. */
  readonly check: (testCase: TestCase) => void;
}

/** Thrown by a law that does not hold. Callers of the kit get a `CellLawError` instead. */
export class Violation extends Error {
  override readonly name = 'Violation';
  /** The likely mistake, and where to look. Evaluated for the smallest case only. */
  readonly cure: () => string;
  /** A table with details. Evaluated for the smallest case only. */
  readonly detail: (() => string) | null;

  /** @param what what differs, between what, where. */
  constructor(what: string, cure: string | (() => string), detail: (() => string) | null = null) {
    super(what);
    this.cure = typeof cure === 'string' ? () => cure : cure;
    this.detail = detail;
  }
}

/** A number as messages show it. */
export const short = (x: number): string => String(Number(x.toPrecision(6)));
