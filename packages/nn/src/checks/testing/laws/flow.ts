/** Gradients reach every parameter, and pass through the final state. */
import { GradcheckError, gradcheck, leavesOf, valueAndGrad } from '@chronograd/autograd';
import { isFloat, type Tensor } from '@chronograd/tensor';
import { floatTree, leafAt, nameState, stateLeaves, withFloats } from '../../../recurrent/state-leaves.ts';
import { checkTraining, TrainingError } from '../../check-training.ts';
import { ROUNDING, requireSameGradients } from '../agree.ts';
import { joinTrees } from '../batches.ts';
import { type Law, Violation } from '../law.ts';
import { cotangentsFor, differentiate, draw, forward, lossOf, unchecked } from '../run.ts';
import type { TestCase } from '../test-case.ts';
import { formatWorst } from './gradients.ts';

/** A unit (of a relu) may be dead in one draw, but not in this many. */
const DRAWS = 4;

export const everyParameter: Law = {
  id: 'every parameter',
  name: 'Every parameter receives a gradient',
  // One normalized unit is 0 for any weights. One step from zeros does not use recurrent weights.
  atLeast: { steps: 2, batch: 2, inputSize: 2, hiddenSize: 3 },
  check: (testCase) => {
    requireTrained(testCase);
    const silent = new Set(leavesOf('cellLaws', testCase.fresh()).map(({ path }) => path));
    for (let k = 0; k < DRAWS && silent.size > 0; k++) {
      for (const path of receiving(testCase.with({ seed: testCase.sizes.seed + k }))) silent.delete(path);
    }
    if (silent.size === 0) return;
    const names = [...silent].map((path) => `cell.${path}`).join(', ');
    const [receive, them] = silent.size === 1 ? ['receives', 'it'] : ['receive', 'them'];
    throw new Violation(
      `${names} ${receive} no gradient: neither outputs nor final state depend on ${them}`,
      'use it in step (or project, advance, initialState), or remove it; if it is used, a detach, stopGradient, item() or toArray() cuts it off',
    );
  },
};

/** @throws Violation if the cell computes with parameters that it does not expose. */
function requireTrained(testCase: TestCase): void {
  const cell = testCase.cell();
  const run = () => forward(cell, testCase.inputs(), cell.initialState(testCase.sizes.batch));
  const cotangents = cotangentsFor(testCase, run());
  try {
    checkTraining(cell, () => lossOf(run(), cotangents), []);
  } catch (error) {
    if (!(error instanceof TrainingError)) throw error;
    // Whether the exposed parameters receive a gradient is tried by numbers.
    if (error.hidden.length === 0) return;
    throw new Violation(
      `the cell computes with parameters that it does not expose, so they would not be trained: ${error.hidden.join('; ')}`,
      'put them into public fields of the cell, not into #private ones, Maps or closures; freeze() constant ones',
    );
  }
}

/** Names of the parameters with a nonzero gradient, from a random state or the initial state. */
function receiving(testCase: TestCase): string[] {
  const { cell, inputs, state, cotangents } = draw(testCase);
  const lossFrom = (start: unknown): Tensor => lossOf(forward(cell, inputs, start), cotangents);
  const { grads } = valueAndGrad({ cell }, () =>
    lossFrom(state).add(lossFrom(cell.initialState(testCase.sizes.batch))),
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
  check: (testCase) => {
    for (const { path, leaf } of stateLeaves(testCase.state(testCase.cell()))) {
      if (isFloat(leaf.dtype)) requireFlow(testCase, path);
    }
    requireChain(testCase);
  },
};

const STATE_CURE =
  'compute the state that step returns by ops from x and the state before, without detached copies or constants; outputs and state may share a tensor';

/** A tensor of the final state depends on something, in this draw or, for dead units, another. */
function requireFlow(testCase: TestCase, path: string): void {
  const { seed, batch } = testCase.sizes;
  for (let k = 0; k < DRAWS; k++) {
    const each = k === 0 ? testCase : testCase.with({ seed: seed + k, batch: batch + 3 });
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
function flowsThrough(testCase: TestCase, path: string): boolean {
  const cell = testCase.cell();
  const inputs = testCase.inputs();
  const state = testCase.state(cell);
  const finalOf = (inputs: Tensor, state: unknown): Tensor =>
    leafAt(unchecked(cell, inputs, state).state, path);
  const weights = testCase.weights(0, leafAt(forward(cell, inputs, state).state, path).shape);
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
    const what = `${nameState(path, 'final state')}: ${formatWorst(report)}`;
    throw new Violation(what, STATE_CURE, () => String(report));
  }
}

/**
 * The second part's gradient of its initial state, passed into the first part, gives that of the
 * whole.
 */
function requireChain(testCase: TestCase): void {
  const drawn = draw(testCase);
  const { cell, inputs, state, cotangents } = drawn;
  const cut = 1 + testCase.pick(testCase.sizes.steps - 1);
  const [early, late] = [inputs.slice([0, cut]), inputs.slice([cut])];
  const [before, after] = [cotangents.outputs.slice([0, cut]), cotangents.outputs.slice([cut])];
  const second = differentiate({
    cell,
    inputs: late,
    state: forward(cell, early, state).state,
    cotangents: { outputs: after, state: cotangents.state },
  }).gradients;
  const first = valueAndGrad({ cell, state: floatTree(state) }, () =>
    lossOf(forward(cell, early, state), { outputs: before, state: second.state }),
  )().grads;
  const whole = differentiate(drawn).gradients;
  requireSameGradients(
    cell,
    { cell: joinTrees([first.cell, second.cell], ([a, b]) => a!.add(b!)), state: first.state },
    { cell: whole.cell, state: whole.state },
    ROUNDING,
    {
      left: 'in two calls, the gradient carried by hand',
      right: 'at once',
      cure: 'the part after the cut must depend on the part before it by the returned state alone: no fields that a step changes',
    },
  );
}
