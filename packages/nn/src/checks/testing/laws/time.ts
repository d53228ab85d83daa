/** A step depends only on its input and on the state before it. */
import { concat, stack } from '@chronograd/tensor';
import { ProjectedCell } from '../../../cells/cell.ts';
import { ROUNDING, requireSame, requireSameRuns } from '../agree.ts';
import type { Law } from '../law.ts';
import { differentiate, draw, forward, stepByStep } from '../run.ts';

export const split: Law = {
  id: 'split',
  name: 'A sequence equals its parts, the state carried from one to the next',
  atLeast: { steps: 2 },
  check: (testCase) => {
    const drawn = draw(testCase);
    const { steps } = testCase.sizes;
    const cut = 1 + testCase.pick(steps - 1);
    const whole = differentiate(drawn);
    const parts = differentiate(drawn, (cell, inputs, state) => {
      const first = forward(cell, inputs.slice([0, cut]), state);
      const second = forward(cell, inputs.slice([cut]), first.state);
      return { outputs: concat([first.outputs, second.outputs]), state: second.state };
    });
    requireSameRuns(drawn.cell, whole, parts, 0, {
      left: 'whole',
      right: `cut after ${cut} of ${steps} steps`,
      cure: 'everything that a step remembers must be in the state that it returns: no fields that change, no step counters, no access to the whole sequence (project sees all steps at once: it must treat each alone)',
    });
  },
};

export const projection: Law = {
  id: 'projection',
  name: 'Projecting all steps at once equals projecting each, and advance(project(x)) equals step(x)',
  concerns: (testCase) => testCase.fresh() instanceof ProjectedCell,
  check: (testCase) => {
    const drawn = draw(testCase);
    const { inputs } = drawn;
    const cell = drawn.cell as ProjectedCell<unknown>;
    const cure =
      'project must treat each [F] of its [..., F] alone, and step must be advance(project(x), state), as in ProjectedCell';
    const steps = Array.from({ length: testCase.sizes.steps }, (_, t) => cell.project(inputs.select(t)));
    const sides = { left: 'all steps at once', right: 'step by step', cure };
    const axes = ['step', 'stream'];
    requireSame('projections', cell.project(inputs), stack(steps), ROUNDING, sides, axes);
    requireSameRuns(cell, differentiate(drawn), differentiate(drawn, stepByStep), ROUNDING, {
      left: 'by project and advance',
      right: 'by step',
      cure,
    });
  },
};
