/** One try of the laws as a problem to work on: the smallest case of a report, for a debugger or a table. */
import { isFloat, Parameter, stack, type Tensor } from '@chronograd/tensor';
import type { Cell, StateOf } from '../../cells/cell.ts';
import { floatTree, mapLeaves } from '../../recurrent/state-leaves.ts';
import type { BackwardProblem } from './handwritten.ts';
import type { CellLawOptions, MakeCell, TrialSizes } from './options.ts';
import { requireCell, requireLawOptions, requireMaker, requireSizes } from './refuse.ts';
import { cotangentsFor, lossOf, stepByStep } from './run.ts';
import { Trial } from './trial.ts';

/** What a backward gets, with the loss whose gradients it is to give. Inputs and state are parameters, which can be moved. */
export interface GradientProblem<C extends Cell<unknown>> extends BackwardProblem<C> {
  /** `{ cell, inputs, state }`: what to take gradients of. */
  readonly target: object;
  /** Σ outputs · dOutputs + Σ final state · dState. */
  readonly loss: () => Tensor;
}

/**
 * The cell, inputs and states that the laws draw for some sizes and a seed, such as the smallest case of a report.
 * @throws ValueError as `cellLaws`.
 * @example
 * const problem = gradientProblem(makeCell, report.laws[2].broken.sizes);
 * compareGradients(myBackward(problem), grad(problem.target, problem.loss)());
 */
export function gradientProblem<C extends Cell<unknown>>(
  makeCell: MakeCell<C>,
  sizes: TrialSizes,
  options: CellLawOptions<C> = {},
): GradientProblem<C> {
  const general = options as unknown as CellLawOptions;
  requireLawOptions('gradientProblem', general);
  requireMaker('gradientProblem', makeCell);
  requireSizes('gradientProblem', sizes);
  const trial = new Trial(makeCell, sizes, general);
  requireCell('gradientProblem', trial.fresh());
  const cell = trial.cell();
  const movable = (x: Tensor): Tensor => (isFloat(x.dtype) ? new Parameter(x) : x);
  const inputs = movable(trial.inputs());
  const state = mapLeaves(trial.state(cell), movable);
  const run = () => {
    const all = stepByStep(cell, inputs, state, null);
    return { outputs: stack(all.map(({ outputs }) => outputs)), state: all.at(-1)!.state };
  };
  const { outputs: dOutputs, state: dState } = cotangentsFor(trial, run());
  return {
    cell: cell as C,
    inputs,
    state: state as StateOf<C>,
    dOutputs,
    dState: dState as StateOf<C>,
    target: { cell, inputs: floatTree(inputs), state: floatTree(state) },
    loss: () => lossOf(run(), { outputs: dOutputs, state: dState }),
  };
}
