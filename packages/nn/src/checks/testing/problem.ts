/** A test case of the laws as a problem to work on: for a debugger or a table. */
import { isFloat, Parameter, type Tensor } from '@chronograd/tensor';
import type { Cell, StateOf } from '../../cells/cell.ts';
import { floatTree, mapLeaves } from '../../recurrent/state-leaves.ts';
import type { BackwardProblem, CellLawOptions, MakeCell, TestCaseSizes } from './options.ts';
import { requireCell, requireLawOptions, requireMaker, requireSizes } from './require.ts';
import { lossOf, problemOf, stepByStep } from './run.ts';
import { TestCase } from './test-case.ts';

/**
 * The arguments of a backward, and the loss that it differentiates. Inputs and state are
 * parameters.
 */
export interface GradientProblem<C extends Cell<unknown>> extends BackwardProblem<C> {
  /** `{ cell, inputs, state }`: what to differentiate with respect to. */
  readonly target: object;
  /** Σ outputs · dOutputs + Σ final state · dState. */
  readonly loss: () => Tensor;
}

/**
 * The cell, inputs and states that the laws draw for some sizes and a seed, such as the smallest
 * case of a report.
 * @throws ValueError as `cellLaws`.
 * @example
 * const problem = gradientProblem(makeCell, report.laws[2].broken.sizes);
 * compareGradients(myBackward(problem), grad(problem.target, problem.loss)());
 */
export function gradientProblem<C extends Cell<unknown>>(
  makeCell: MakeCell<C>,
  sizes: TestCaseSizes,
  options: CellLawOptions<C> = {},
): GradientProblem<C> {
  const general = options as unknown as CellLawOptions;
  requireLawOptions('gradientProblem', general);
  requireMaker('gradientProblem', makeCell);
  requireSizes('gradientProblem', sizes);
  const testCase = new TestCase(makeCell, sizes, general);
  requireCell('gradientProblem', testCase.fresh());
  const parameter = (x: Tensor): Tensor => (isFloat(x.dtype) ? new Parameter(x) : x);
  const problem = problemOf(testCase) as BackwardProblem<C>;
  const { cell, dOutputs, dState } = problem;
  const inputs = parameter(problem.inputs);
  const state = mapLeaves(problem.state, parameter) as StateOf<C>;
  return {
    ...problem,
    inputs,
    state,
    target: { cell, inputs: floatTree(inputs), state: floatTree(state) },
    loss: () => lossOf(stepByStep(cell, inputs, state), { outputs: dOutputs, state: dState }),
  };
}
