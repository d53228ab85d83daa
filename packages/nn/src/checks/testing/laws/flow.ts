/** Gradients arrive wherever they should. */
import { GradcheckError, gradcheck, leavesOf, mapTree, valueAndGrad } from '@chronograd/autograd';
import { isFloat, type Tensor } from '@chronograd/tensor';
import { floatTree, leafAt, nameState, stateLeaves, withFloats } from '../../../recurrent/state-leaves.ts';
import { checkTraining, TrainingError } from '../../check-training.ts';
import { ROUNDING, requireSameGradients } from '../agree.ts';
import type { Law } from '../law.ts';
import { cotangentsFor, differentiate, forward, lossOf, unchecked } from '../run.ts';
import type { Trial } from '../trial.ts';
import { Violation } from '../violation.ts';
import { worstInWords } from './gradient-words.ts';

/** A unit may be dead in one draw (a relu's), not in all of so many. */
const DRAWS = 4;

export const everyParameter: Law = {
  id: 'every parameter',
  name: 'Every parameter receives a gradient',
  // One unit normalized by itself is 0 whatever its weights; one step from zeros says nothing of recurrent weights.
  atLeast: { steps: 2, batch: 2, inputSize: 2, hiddenSize: 3 },
  check: (trial) => {
    requireTrained(trial);
    const silent = new Set(leavesOf('cellLaws', trial.fresh()).map(({ path }) => path));
    if (silent.size === 0) return;
    for (let draw = 0; draw < DRAWS && silent.size > 0; draw++) {
      for (const path of receiving(trial.with({ seed: trial.sizes.seed + draw }))) silent.delete(path);
    }
    if (silent.size === 0) return;
    const names = [...silent].map((path) => `cell.${path}`).join(', ');
    throw new Violation(
      `${names} ${silent.size === 1 ? 'receives' : 'receive'} no gradient: neither outputs nor final state depend on ${silent.size === 1 ? 'it' : 'them'}`,
      'use it in step (or project, advance, initialState), or drop it; if it is used, a detach, stopGradient, item() or toArray() cuts it off',
    );
  },
};

/** @throws Violation where the cell computes with parameters that it does not show. */
function requireTrained(trial: Trial): void {
  const cell = trial.cell();
  const run = () => forward(cell, trial.inputs(), cell.initialState(trial.sizes.batch));
  const cotangents = cotangentsFor(trial, run());
  try {
    checkTraining(cell, () => lossOf(run(), cotangents), []);
  } catch (error) {
    if (!(error instanceof TrainingError)) throw error;
    // Whether a gradient comes to those that it shows, the law tries by numbers.
    if (error.hidden.length === 0) return;
    throw new Violation(
      `the cell computes with parameters that it does not show, so they would not be trained: ${error.hidden.join('; ')}`,
      'put them into ordinary fields of the cell, not into #private ones, Maps or closures; freeze() what is meant to stay as it is',
    );
  }
}

/** Names of the parameters whose gradient is not 0, from a state at random or from the initial state. */
function receiving(trial: Trial): string[] {
  const cell = trial.cell();
  const inputs = trial.inputs();
  const state = trial.state(cell);
  const cotangents = cotangentsFor(trial, forward(cell, inputs, state));
  const { grads } = valueAndGrad({ cell }, () =>
    lossOf(forward(cell, inputs, state), cotangents).add(
      lossOf(forward(cell, inputs, cell.initialState(trial.sizes.batch)), cotangents),
    ),
  )();
  return leavesOf('cellLaws', grads.cell)
    .filter(({ leaf }) => leaf.toTypedArray().some((g) => g !== 0))
    .map(({ path }) => path);
}

export const finalState: Law = {
  id: 'final state',
  name: 'Gradients pass through the returned final state, through each of its tensors alone',
  share: 0.5,
  after: 'gradients',
  atLeast: { steps: 2 },
  check: (trial) => {
    for (const { path, leaf } of stateLeaves(trial.state(trial.cell()))) {
      if (isFloat(leaf.dtype)) requireFlow(trial, path);
    }
    requireChain(trial);
  },
};

const STATE_CURE =
  'the state that step returns must be made of ops from x and the state before, not of detached copies or constants; outputs and state may share a tensor';

/** One tensor of the final state depends on something, in this draw or, where its units may all be dead, in another. */
function requireFlow(trial: Trial, path: string): void {
  const { seed, batch } = trial.sizes;
  for (let draw = 0; draw < DRAWS; draw++) {
    const each = draw === 0 ? trial : trial.with({ seed: seed + draw, batch: batch + 3 });
    if (flowsThrough(each, path)) return;
  }
  throw new Violation(
    `${nameState(path, 'final state')} depends on no parameter, no input and no earlier state`,
    STATE_CURE,
  );
}

/**
 * Whether ⟨one tensor of the final state, weights⟩ has a gradient.
 * @throws Violation unless it equals differences.
 */
function flowsThrough(trial: Trial, path: string): boolean {
  const cell = trial.cell();
  const inputs = trial.inputs();
  const state = trial.state(cell);
  const finalOf = (inputs: Tensor, state: unknown): Tensor =>
    leafAt(unchecked(cell, inputs, state).state, path);
  const weights = trial.weights(0, leafAt(forward(cell, inputs, state).state, path).shape);
  try {
    const { entries } = gradcheck(
      (_, inputs, floats) => finalOf(inputs, withFloats(state, floats)).mul(weights).sum(),
      [cell, inputs, floatTree(state)] as [typeof cell, Tensor, unknown],
      {
        names: ['cell', 'inputs', 'state'],
        blocks: cell.blocks(),
        steps: ['inputs'],
        fullBelow: 4,
        projections: 2,
      },
    );
    return entries.some(({ ignored }) => !ignored);
  } catch (error) {
    if (!(error instanceof GradcheckError)) throw error;
    const { report } = error;
    const what = `${nameState(path, 'final state')}: ${worstInWords(report)}`;
    throw new Violation(what, STATE_CURE, () => String(report));
  }
}

/** The gradient of the second part's initial state, sent into the first part's final state, gives the gradient of the whole. */
function requireChain(trial: Trial): void {
  const cell = trial.cell();
  const inputs = trial.inputs();
  const state = trial.state(cell);
  const cut = 1 + trial.pick(trial.sizes.steps - 1);
  const whole = forward(cell, inputs, state);
  const cotangents = cotangentsFor(trial, whole);
  const [early, late] = [inputs.slice([0, cut]), inputs.slice([cut])];
  const middle = forward(cell, early, state).state;
  const [before, after] = [cotangents.outputs.slice([0, cut]), cotangents.outputs.slice([cut])];
  const second = differentiate(cell, late, middle, { outputs: after, state: cotangents.state });
  const arriving = (second.gradients as { readonly state: unknown }).state;
  const first = valueAndGrad({ cell, state: floatTree(state) }, () => {
    const results = forward(cell, early, state);
    const floats = stateLeaves(results.state).filter(({ leaf }) => isFloat(leaf.dtype));
    const carried = floats.map(({ path, leaf }) => leaf.mul(leafAt(arriving, path)).sum());
    return carried.reduce((sum, each) => sum.add(each), results.outputs.mul(before).sum());
  })().grads;
  const { gradients } = differentiate(cell, inputs, state, cotangents);
  const wanted = gradients as { readonly cell: object; readonly state: unknown };
  requireSameGradients(
    { cell: added(first.cell, (second.gradients as { readonly cell: object }).cell), state: first.state },
    { cell: wanted.cell, state: wanted.state },
    ROUNDING,
    {
      left: 'in two calls, the gradient carried by hand',
      right: 'at once',
      cure: 'what comes after the cut must depend on what came before by the returned state alone: no fields that a step leaves behind',
    },
    { blocks: cell.blocks() },
  );
}

/** Sums of two trees of gradients of the same cell. */
function added(a: object, b: object): unknown {
  const others = new Map(leavesOf('cellLaws', b).map(({ path, leaf }) => [path, leaf]));
  return mapTree('cellLaws', a, (leaf, path) => leaf.add(others.get(path)!));
}
