/**
 * Instruments for running recurrent networks: states and gates, gradients through time, Jacobians,
 * spectra, summaries, traces. See docs/probes.md.
 */
export { type ConnectivityOptions, connectivity } from './connectivity.ts';
export {
  type Contribution,
  type GradientFlow,
  type GradientFlowOptions,
  gradientFlow,
} from './gradient-flow.ts';
export {
  type JacobianNormsOptions,
  type JacobianOptions,
  jacobianNorms,
  type StateJacobianOptions,
  stateJacobian,
  stepJacobians,
} from './jacobians.ts';
export { normsOf } from './norms.ts';
export { eigenvalues, largestSingularValue, type Matrix, spectralRadius } from './spectrum.ts';
export type { ModelSummary } from './summary/model-summary.ts';
export type { ModuleSummary, Totals } from './summary/module-summary.ts';
export { type SummaryOptions, summary } from './summary/summary.ts';
export { recordTaps, type Taps } from './taps.ts';
export type { TraceEvent } from './trace/events.ts';
export type { SpanKind } from './trace/span.ts';
export { type ChromeTrace, type TraceOptions, trace } from './trace/trace.ts';
