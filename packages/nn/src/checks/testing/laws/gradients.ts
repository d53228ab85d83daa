/** Gradients against differences. */
import { GradcheckError, type GradcheckReport, gradcheck, showPlace } from '@chronograd/autograd';
import { isFloat, type Tensor, zeros } from '@chronograd/tensor';
import type { Cell } from '../../../cells/cell.ts';
import { floatTree, mapLeaves, stateLeaves } from '../../../recurrent/state-leaves.ts';
import { type Law, STEPS_TO_SHOW, short, Violation } from '../law.ts';
import { cotangentsFor, differentiate, draw, lossOf, stepByStep, type Unrolled } from '../run.ts';
import type { TestCase } from '../test-case.ts';

export const gradients: Law = {
  id: 'gradients',
  name: 'Gradients of every parameter, the inputs and the states equal differences',
  check: (testCase) => requireGradients(testCase, 1),
};

export const secondOrder: Law = {
  id: 'second order',
  name: 'Gradients of gradients equal differences',
  // Two steps and two streams have every term of the recurrence's second derivatives.
  atMost: { steps: 2, batch: 2 },
  share: 0.3,
  after: 'gradients',
  check: (testCase) => requireGradients(testCase, 2),
};

function requireGradients(testCase: TestCase, order: 1 | 2): void {
  requireFinite(testCase);
  const report = failureOf(testCase, order);
  if (report === null) return;
  throw new Violation(formatWorst(report), cureForGradients(report), () => {
    const longer = testCase.with({ steps: Math.max(STEPS_TO_SHOW, testCase.sizes.steps) });
    requireFinite(longer);
    const again = failureOf(longer, order);
    return again === null ? String(report) : `over ${longer.sizes.steps} steps:\n${again}`;
  });
}

/** Non-finite numbers have no differences. @throws Violation naming the op that made them. */
function requireFinite(testCase: TestCase): void {
  differentiate(draw(testCase));
}

function failureOf(testCase: TestCase, order: 1 | 2): GradcheckReport | null {
  try {
    check(testCase, order);
    return null;
  } catch (error) {
    if (error instanceof GradcheckError) return error.report;
    throw error;
  }
}

/** Checks the gradients of ⟨results, cotangents⟩, computed by the cell's `step`. */
function check(testCase: TestCase, order: 1 | 2): void {
  const cell = testCase.cell();
  const inputs = testCase.inputs();
  const start = startOf(testCase, cell);
  // Added to the state before each step: their gradients are those of the states.
  const states = mapLeaves(floatTree(start()), (leaf) =>
    zeros([testCase.sizes.steps, ...leaf.shape], { dtype: leaf.dtype }),
  );
  const run = (inputs: Tensor, states: unknown): Unrolled => stepByStep(cell, inputs, start(), states);
  const cotangents = cotangentsFor(testCase, run(inputs, states));
  gradcheck(
    (_, inputs, states) => lossOf(run(inputs, states), cotangents),
    [cell, inputs, states] as [Cell<unknown>, Tensor, unknown],
    {
      names: ['cell', 'inputs', 'states'],
      blocks: cell.blocks(),
      steps: ['inputs', 'states'],
      order,
      // Random directions check a gradient as surely and faster. A failure is traced to its
      // element.
      fullBelow: order === 1 ? 12 : 4,
      projections: order === 1 ? 4 : 2,
      seed: testCase.sizes.seed,
    },
  );
}

/**
 * The state of the test case. A learned initial state is a parameter too, so the loss depends on
 * it, unless the caller draws states.
 */
function startOf(testCase: TestCase, cell: Cell<unknown>): () => unknown {
  const state = testCase.state(cell);
  if (testCase.options.state !== undefined) return () => state;
  const initial = (): unknown => cell.initialState(testCase.sizes.batch);
  const from = stateLeaves(initial());
  const offsets = stateLeaves(state).map(({ leaf }, i) =>
    isFloat(leaf.dtype) ? leaf.sub(from[i]!.leaf) : leaf,
  );
  return () => {
    let next = 0;
    return mapLeaves(initial(), (leaf) => {
      const offset = offsets[next++]!;
      return isFloat(leaf.dtype) ? leaf.add(offset) : leaf;
    });
  };
}

/** The worst entry in one line: of a parameter rather than of inputs and states. */
export function formatWorst({ entries }: GradcheckReport): string {
  const wrong = entries.filter(({ failed, worst }) => failed > 0 && worst !== null);
  const ofCell = wrong.filter(({ input }) => input.startsWith('cell.'));
  const [entry] = (ofCell.length > 0 ? ofCell : wrong).sort((a, b) => b.worst!.relative - a.worst!.relative);
  const { order, input, moved, compared, failed, wrongGates } = entry!;
  const { index, place, output, autograd, differences } = entry!.worst!;
  const at =
    index === null || place === null ? ' along a random direction' : ` at ${showPlace(place, index)}`;
  const of = order === 1 || output === null ? '' : ` of ${output}`;
  const gates = wrongGates.length === 0 ? '' : `; wrong gates: ${wrongGates.join(', ')}`;
  return `the ${order === 1 ? '' : 'second-order '}gradient${of} with respect to ${input}${at}: autograd ${short(autograd)}, differences ${short(differences)}; ${failed} of ${compared} ${moved} failed${gates}`;
}

/** The likely cause, guessed from what is wrong and what is right. */
function cureForGradients({ entries }: GradcheckReport): string {
  const wrong = entries.filter(({ failed }) => failed > 0);
  const gates = [...new Set(wrong.flatMap(({ wrongGates }) => wrongGates))];
  const allGates = entries.some(
    ({ input, wrongGates }) => input.startsWith('cell.') && wrongGates.length > 2,
  );
  if (wrong.some(({ worst }) => worst !== null && !Number.isFinite(worst.differences))) {
    return 'a small step away the cell is not finite: draw states and inputs further from the edge of its domain (the options `state` and `inputs` of the laws)';
  }
  if (wrong[0]!.order === 2) {
    return 'the gradient is right, its derivative is not: the backward of a customGradient uses numbers other than its arguments, or contains a customGradient';
  }
  if (wrong.every(({ input }) => input.startsWith('states'))) {
    return 'only the gradient of the state is wrong: a term of the recurrence is missing from a backward (the product with the recurrent weights, a direct path such as f∘c), or a detach cuts it off';
  }
  if (wrong.every(({ worst }) => worst?.autograd === 0)) {
    return 'no gradient flows back: a detach, stopGradient, item(), toArray() or comparison blocks it, or a backward returns null or leaves a term out';
  }
  if (gates.length === 2 && !allGates) {
    return `only the gates ${gates.join(' and ')} are wrong: see whether a backward exchanges them, or uses one in place of the other`;
  }
  if (gates.length === 1) return `only gate ${gates[0]} is wrong: see its derivative in your backward`;
  return 'ops differentiate themselves: look at every customGradient, detach, stopGradient, item() and toArray() in step, and check each such function alone with gradcheck';
}
