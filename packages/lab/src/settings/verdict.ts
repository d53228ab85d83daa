/** Settings of the verdict. The page imports this file, and only the worker the computation. */
export interface VerdictSettings {
  /** Test cases of each law. */
  readonly runs: number;
}

export const verdictDefaults: VerdictSettings = { runs: 10 };
