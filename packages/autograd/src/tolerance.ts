/** The tolerances of gradient checks, all in one place. A looser one somewhere needs a reason beside it. */
import type { FloatDtype } from '@chronograd/tensor';
import type { OptionKeys } from '@chronograd/tensor/engine';

/** Two numbers agree where |a − b| ≤ atol + rtol · size; what `size` is, each check says. */
export interface Tolerance {
  /** Relative part. */
  readonly rtol: number;
  /** Absolute part, for numbers that are 0 but for rounding. */
  readonly atol: number;
}

export const TOLERANCE: OptionKeys<Tolerance> = { rtol: true, atol: true };

/**
 * `gradcheck`: autograd against differences in float64. Five-point differences are right to about 1e-12 and central ones to about 1e-9
 * where the function is smooth, so that both tell a gradient that is wrong in its sixth digit.
 */
export const gradcheckTolerance: Tolerance = { rtol: 1e-7, atol: 1e-9 };

/** `compareGradients`: two computations of the same gradient that differ in rounding only, by the coarser dtype of the two. */
export const comparisonTolerance: Readonly<Record<FloatDtype, Tolerance>> = {
  float64: { rtol: 1e-10, atol: 1e-14 },
  float32: { rtol: 1e-4, atol: 1e-9 },
};
