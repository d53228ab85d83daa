/** A step depends on its input and on the state before it, and on nothing else. */
import { concat, stack } from '@chronograd/tensor';
import { ProjectedCell } from '../../../cells/cell.ts';
import { ROUNDING, requireSame, requireSameGradients, requireSameResults, type Sides } from '../agree.ts';
import type { Law } from '../law.ts';
import { cotangentsFor, differentiate, forward, stepByStep } from '../run.ts';

export const split: Law = {
  id: 'split',
  name: 'A sequence equals its parts, the state carried from one to the next',
  atLeast: { steps: 2 },
  check: (trial) => {
    const cell = trial.cell();
    const inputs = trial.inputs();
    const state = trial.state(cell);
    const cut = 1 + trial.pick(trial.sizes.steps - 1);
    const cotangents = cotangentsFor(trial, forward(cell, inputs, state));
    const whole = differentiate(cell, inputs, state, cotangents);
    const parts = differentiate(cell, inputs, state, cotangents, (cell, inputs, state) => {
      const first = forward(cell, inputs.slice([0, cut]), state);
      const second = forward(cell, inputs.slice([cut]), first.state);
      return { outputs: concat([first.outputs, second.outputs]), state: second.state };
    });
    const sides: Sides = {
      left: 'whole',
      right: `cut after ${cut} of ${trial.sizes.steps} steps`,
      cure: 'all that a step remembers must be in the state that it returns: no fields that change, no step counters, no look at the whole sequence (project sees all steps at once: it must treat each alone)',
    };
    requireSameResults(whole, parts, 0, sides);
    requireSameGradients(whole.gradients, parts.gradients, ROUNDING, sides, {
      blocks: cell.blocks(),
      steps: ['inputs'],
    });
  },
};

export const projection: Law = {
  id: 'projection',
  name: 'Projecting all steps at once equals projecting each, and advance(project(x)) equals step(x)',
  concerns: (trial) => trial.fresh() instanceof ProjectedCell,
  check: (trial) => {
    const cell = trial.cell() as ProjectedCell<unknown>;
    const inputs = trial.inputs();
    const state = trial.state(cell);
    const cure =
      'project must treat each [F] of its [..., F] alone, and step must be advance(project(x), state), as ProjectedCell has it';
    const one = stack(Array.from({ length: trial.sizes.steps }, (_, t) => cell.project(inputs.select(t))));
    requireSame(
      'projections',
      cell.project(inputs),
      one,
      ROUNDING,
      {
        left: 'all steps at once',
        right: 'step by step',
        cure,
      },
      ['step', 'stream'],
    );
    const cotangents = cotangentsFor(trial, forward(cell, inputs, state));
    const loop = differentiate(cell, inputs, state, cotangents);
    const steps = differentiate(cell, inputs, state, cotangents, (cell, inputs, state) => {
      const all = stepByStep(cell, inputs, state, null);
      return { outputs: stack(all.map(({ outputs }) => outputs)), state: all.at(-1)!.state };
    });
    const sides: Sides = { left: 'by project and advance', right: 'by step', cure };
    requireSameResults(loop, steps, ROUNDING, sides);
    requireSameGradients(loop.gradients, steps.gradients, ROUNDING, sides, {
      blocks: cell.blocks(),
      steps: ['inputs'],
    });
  },
};
