/**
 * Laws for recurrent cells, the shipped ones and anyone's own: `cellLaws` in a test runner, `checkCell` by itself. Needs the peer dependency
 * fast-check. `gradientProblem` is one of their tries. See docs/testing-cells.md.
 */
export { type CellLaw, cellLaws, checkCell } from './cell-laws.ts';
export type { BackwardProblem, HandwrittenBackward, HandwrittenGradients } from './handwritten.ts';
export type { CellLawOptions, CellSizes, LawId, MakeCell, TrialSizes } from './options.ts';
export { type GradientProblem, gradientProblem } from './problem.ts';
export { type BrokenLaw, CellLawError, CellLawReport, type LawOutcome } from './report.ts';
