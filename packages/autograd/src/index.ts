/** Gradients you can trust: a tape over tensor code, a table of rules, and the checks that prove them. See docs/tape.md. */
export { AnomalyError, anomaly, atTimeStep, detectAnomaly } from './anomaly.ts';
export { customGradient, stopGradient } from './custom.ts';
export { hvp, jvp, vjp } from './functional.ts';
export { grad, type ValueAndGrads, type ValueOrAux, valueAndGrad } from './grad.ts';
export { rules } from './rules/index.ts';
export { type Gradients, type HasParameters, leavesOf, mapTree } from './tree.ts';
