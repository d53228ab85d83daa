/**
 * Laws for recurrent cells: `cellLaws` for a test runner, `checkCell` without one. Needs the peer
 * dependency fast-check. `gradientProblem` is one of their test cases. See docs/testing-cells.md.
 */
export { type CellLaw, cellLaws, checkCell, lawOutcomes } from './cell-laws.ts';
export type {
  BackwardProblem,
  CellLawOptions,
  CellSizes,
  HandwrittenBackward,
  HandwrittenGradients,
  LawId,
  MakeCell,
  TestCaseSizes,
} from './options.ts';
export { type GradientProblem, gradientProblem } from './problem.ts';
export { type BrokenLaw, CellLawError, CellLawReport, type LawOutcome } from './report.ts';
