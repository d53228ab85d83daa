/** Gradients against differences. */
import { GradcheckError, type GradcheckReport, gradcheck } from '@chronograd/autograd';
import { isFloat, stack, type Tensor, zeros } from '@chronograd/tensor';
import type { Cell } from '../../../cells/cell.ts';
import { floatTree, mapLeaves, stateLeaves } from '../../../recurrent/state-leaves.ts';
import { type Law, STEPS_TO_SHOW } from '../law.ts';
import { cotangentsFor, differentiate, forward, lossOf, stepByStep, type Unrolled } from '../run.ts';
import type { Trial } from '../trial.ts';
import { Violation } from '../violation.ts';
import { cureForGradients, worstInWords } from './gradient-words.ts';

/** What is differentiated: one number from outputs and final state, by the cell's own steps. */
interface Checked {
  readonly cell: Cell<unknown>;
  readonly inputs: Tensor;
  /** Added to the state before each step: their gradients are those of the states. A tree as the state, with time in front. */
  readonly states: unknown;
  readonly loss: (cell: Cell<unknown>, inputs: Tensor, states: unknown) => Tensor;
}

function checked(trial: Trial): Checked {
  const cell = trial.cell();
  const inputs = trial.inputs();
  const start = startOf(trial, cell);
  const states = mapLeaves(floatTree(start()), (leaf) =>
    zeros([trial.sizes.steps, ...leaf.shape], { dtype: leaf.dtype }),
  );
  const run = (inputs: Tensor, states: unknown): Unrolled => {
    const all = stepByStep(cell, inputs, start(), states);
    return { outputs: stack(all.map(({ outputs }) => outputs)), state: all.at(-1)!.state };
  };
  const cotangents = cotangentsFor(trial, run(inputs, states));
  return { cell, inputs, states, loss: (_, inputs, states) => lossOf(run(inputs, states), cotangents) };
}

/**
 * The state of the try. An initial state that is learned is a parameter too, so the loss goes through it, unless the caller draws states of
 * their own.
 */
function startOf(trial: Trial, cell: Cell<unknown>): () => unknown {
  const state = trial.state(cell);
  if (trial.options.state !== undefined) return () => state;
  const initial = (): unknown => cell.initialState(trial.sizes.batch);
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

function check(trial: Trial, order: 1 | 2): GradcheckReport {
  const { cell, inputs, states, loss } = checked(trial);
  return gradcheck((...args) => loss(...args), [cell, inputs, states] as [Cell<unknown>, Tensor, unknown], {
    names: ['cell', 'inputs', 'states'],
    blocks: cell.blocks(),
    steps: ['inputs', 'states'],
    order,
    // Along random directions a gradient is checked as surely, and sooner; what fails is traced to its element.
    fullBelow: order === 1 ? 12 : 4,
    projections: order === 1 ? 4 : 2,
    seed: trial.sizes.seed,
  });
}

function requireGradients(trial: Trial, order: 1 | 2): void {
  requireFinite(trial);
  const report = failureOf(trial, order);
  if (report === null) return;
  throw new Violation(worstInWords(report), cureForGradients(report), () => {
    // One step shows what is wrong; several show when.
    const longer = trial.with({ steps: Math.max(STEPS_TO_SHOW, trial.sizes.steps) });
    requireFinite(longer);
    const again = failureOf(longer, order);
    return again === null ? String(report) : `over ${longer.sizes.steps} steps:\n${again}`;
  });
}

/** What is not finite has no differences to compare with. @throws Violation naming the op that made it. */
function requireFinite(trial: Trial): void {
  const cell = trial.cell();
  const [inputs, state] = [trial.inputs(), trial.state(cell)];
  differentiate(cell, inputs, state, cotangentsFor(trial, forward(cell, inputs, state)));
}

function failureOf(trial: Trial, order: 1 | 2): GradcheckReport | null {
  try {
    check(trial, order);
    return null;
  } catch (error) {
    if (error instanceof GradcheckError) return error.report;
    throw error;
  }
}

export const gradients: Law = {
  id: 'gradients',
  name: 'Gradients of every parameter, the inputs and the states equal differences',
  check: (trial) => requireGradients(trial, 1),
};

export const secondOrder: Law = {
  id: 'second order',
  name: 'Gradients of gradients equal differences',
  // Two steps and two streams have every term of the recurrence's second derivatives.
  atMost: { steps: 2, batch: 2 },
  share: 0.3,
  after: 'gradients',
  check: (trial) => requireGradients(trial, 2),
};
