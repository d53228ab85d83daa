/** Tolerances of gradient checks. A looser one elsewhere needs a comment with the reason. */
import type { FloatDtype } from '@chronograd/tensor';
import type { OptionKeys } from '@chronograd/tensor/engine';

/** Two numbers agree where |a − b| ≤ atol + rtol · size. Each check defines `size`. */
export interface Tolerance {
  /** Relative part. */
  readonly rtol: number;
  /** Absolute part, for numbers that are 0 up to rounding. */
  readonly atol: number;
}

export const TOLERANCE: OptionKeys<Tolerance> = { rtol: true, atol: true };

/**
 * `gradcheck`: autograd and differences in float64. Where the function is smooth, five-point
 * differences are accurate to about 1e-12 and central ones to about 1e-9. Both detect a gradient
 * that is wrong in its sixth digit.
 */
export const gradcheckTolerance: Tolerance = { rtol: 1e-7, atol: 1e-9 };

/** `compareGradients`: computations that differ in rounding only, by the coarser dtype. */
export const comparisonTolerance: Readonly<Record<FloatDtype, Tolerance>> = {
  float64: { rtol: 1e-10, atol: 1e-14 },
  float32: { rtol: 1e-4, atol: 1e-9 },
};
