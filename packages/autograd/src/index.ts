/** Automatic differentiation: a tape, a table of rules, and gradient checks. See docs/tape.md. */
export { AnomalyError, atTimeStep, detectAnomaly } from './anomaly.ts';
export { CheckpointSeries, checkpoint, withoutCheckpoints } from './checkpoint.ts';
export { type CompareOptions, compareGradients } from './compare.ts';
export {
  type GateComparison,
  GradientComparison,
  GradientMismatchError,
  type ParameterComparison,
} from './compare-report.ts';
export { type ContextWrapper, withContext } from './context.ts';
export { customGradient, stopGradient } from './custom.ts';
export { type Dependency, dependencies } from './dependencies.ts';
export { hvp, jvp, vjp } from './functional.ts';
export { grad, requireValue, type ValueAndGrads, type ValueOrAux, valueAndGrad } from './grad.ts';
export type { Method as GradcheckMethod } from './gradcheck/finite-differences.ts';
export {
  type GradcheckEntry,
  GradcheckError,
  type GradcheckPair,
  GradcheckReport,
} from './gradcheck/report.ts';
export { type GradcheckOptions, gradcheck } from './gradcheck.ts';
export { type Blocks, type LocateOptions, type Place, showPlace } from './locate.ts';
export {
  type ClippedMean,
  clippedMeanGradients,
  type PerExample,
  type PerExampleGradients,
  type PerExampleNorms,
  perExampleGradients,
  perExampleNorms,
} from './per-example/per-example.ts';
export { replayRandom } from './replay-random.ts';
export { rules } from './rules/index.ts';
export { comparisonTolerance, gradcheckTolerance, type Tolerance } from './tolerance.ts';
export { type Gradients, type HasParameters, leavesOf, mapTree } from './tree.ts';
