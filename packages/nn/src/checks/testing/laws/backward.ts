/** Handwritten backpropagation through time against autograd. */
import {
  compareGradients,
  comparisonTolerance,
  GradientComparison,
  showPlace,
  valueAndGrad,
} from '@chronograd/autograd';
import { stack, zeros } from '@chronograd/tensor';
import type { Cell } from '../../../cells/cell.ts';
import { floatTree, leafAt, mapLeaves } from '../../../recurrent/state-leaves.ts';
import { toleranceFor } from '../agree.ts';
import { joinTrees } from '../batches.ts';
import { type Law, STEPS_TO_SHOW, short, Violation } from '../law.ts';
import { diagnose } from '../mistakes/diagnose.ts';
import type { BackwardProblem, HandwrittenGradients } from '../options.ts';
import { lossOf, problemOf, stepByStep, weightedSum } from '../run.ts';
import type { TestCase } from '../test-case.ts';

type Problem = BackwardProblem<Cell<unknown>>;

/** The most telling comparison: over several steps, if it fails there too. */
interface Shown {
  readonly shown: GradientComparison;
  readonly steps: number;
}

export const backward: Law = {
  id: 'backward',
  name: 'The handwritten backward equals autograd at every parameter and time step',
  concerns: ({ options }) => options.backward !== undefined,
  check: (testCase) => {
    const comparison = compared(testCase);
    if (comparison.passed) return;
    throw new Violation(
      formatWorst(comparison),
      () => knownMistake(testCase) ?? cureFor(longer(testCase, comparison)),
      () => {
        const { shown, steps } = longer(testCase, comparison);
        return `over ${steps} steps (manual is by hand):\n${shown}`;
      },
    );
  },
};

/** Found by injecting known mistakes. Null if none gives these numbers, or the backward throws. */
function knownMistake(testCase: TestCase): string | null {
  try {
    return diagnose(testCase);
  } catch {
    return null;
  }
}

/** The comparison over several steps, unless it passes or throws there. */
function longer(testCase: TestCase, comparison: GradientComparison): Shown {
  const steps = Math.max(STEPS_TO_SHOW, testCase.sizes.steps);
  try {
    const shown = compared(testCase.with({ steps }));
    if (!shown.passed) return { shown, steps };
  } catch {
    // The exception has another cause than the mistake that is reported here.
  }
  return { shown: comparison, steps: testCase.sizes.steps };
}

/** The worst gradient in one line: of a parameter rather than of inputs and states. */
function formatWorst({ parameters }: GradientComparison): string {
  const wrong = parameters.filter(({ ok }) => !ok);
  const ofCell = wrong.filter(({ name }) => name.startsWith('cell'));
  const { worst } = new GradientComparison(ofCell.length > 0 ? ofCell : wrong);
  const { name, place, index, manual, auto, problem } = worst;
  if (place === null) return `${name}: ${problem}`;
  return `the gradient of ${name} at ${showPlace(place, index)}: by hand ${short(manual)}, autograd ${short(auto)}`;
}

function compared(testCase: TestCase): GradientComparison {
  const problem = problemOf(testCase);
  const manual = testCase.options.backward!(problem);
  const gradients = automatic(problem, manual);
  return compareGradients(manual, gradients, {
    ...toleranceFor(gradients, comparisonTolerance.float64.rtol),
    blocks: problem.cell.blocks(),
    steps: ['inputs', 'states', 'cellByStep'],
  });
}

/** The gradients that `manual` has, by autograd. */
function automatic(problem: Problem, manual: HandwrittenGradients): object {
  const { cell, inputs, state, dOutputs, dState } = problem;
  const nudges = mapLeaves(floatTree(state), (leaf) =>
    zeros([inputs.shape[0]!, ...leaf.shape], { dtype: leaf.dtype }),
  );
  const { grads, aux } = valueAndGrad({ cell, inputs: floatTree(inputs), states: nudges }, () => {
    const results = stepByStep(cell, inputs, state, nudges);
    return { value: lossOf(results, { outputs: dOutputs, state: dState }), aux: results.before };
  })();
  const { states } = grads as { readonly states: unknown };
  const initial = mapLeaves(states, (leaf) => leaf.select(0));
  return {
    cell: grads.cell,
    ...('inputs' in manual ? { inputs: grads.inputs } : {}),
    ...('state' in manual ? { state: initial } : {}),
    ...('states' in manual ? { states } : {}),
    ...('cellByStep' in manual ? { cellByStep: cellByStep(problem, aux, states) } : {}),
  };
}

/** The contribution of each step to the gradients. @param states gradients of states before it. */
function cellByStep(
  { cell, inputs, dOutputs, dState }: Problem,
  before: readonly unknown[],
  states: unknown,
): unknown {
  const steps = before.map((state, t) => {
    const arriving = (path: string) =>
      t + 1 < before.length ? leafAt(states, path).select(t + 1) : leafAt(dState, path);
    return valueAndGrad({ cell }, () => {
      const { output, state: next } = cell.step(inputs.select(t), state);
      return weightedSum({ outputs: output, state: next }, dOutputs.select(t), arriving);
    })().grads.cell;
  });
  return joinTrees(steps, (parts) => stack(parts));
}

function cureFor({ shown: { parameters, step }, steps }: Shown): string {
  const wrong = parameters.filter(({ ok }) => !ok);
  const [swapped] = wrong.flatMap(({ hints }) => hints);
  if (swapped !== undefined)
    return `put the rows of these gates in the order of the forward pass: ${swapped}`;
  const problems = wrong.filter(({ problem }) => problem !== null);
  if (problems.length > 0) {
    const named = (missing: string): string =>
      problems
        .filter(({ problem }) => problem === missing)
        .map(({ name }) => name)
        .join(', ');
    const [unknown, absent] = [named('missing in auto'), named('missing in manual')];
    if (unknown !== '')
      return `the cell has no ${unknown}; ${absent === '' ? 'leave it out' : `the expected names are ${absent}`}`;
    return 'give a gradient for every parameter under its name, of its shape; tensors, nested arrays or flat typed arrays';
  }
  const gates = wrong.flatMap(({ gates }) => gates.filter(({ ok }) => !ok).map(({ gate }) => gate));
  const names = [...new Set(gates)];
  const gate = names.length === 0 ? '' : `gate${names.length === 1 ? '' : 's'} ${names.join(', ')}`;
  const of = gate === '' ? '' : ` of ${gate}`;
  if (step === 0 && steps > 1) {
    return `only step 0 is wrong: see whether the derivative${of} there takes the initial state for zeros`;
  }
  if (step !== null && step < steps - 1) {
    return `step ${step + 1} and later ones are right: see what the backward passes from step ${step + 1} to step ${step}, and the derivative${of} there`;
  }
  if (gate === '' && wrong.every(({ gates }) => gates.length === 0))
    return 'see the derivatives of one step; name the gates in blocks() of the cell, and the wrong gate is reported';
  return gate === '' ? 'see the derivatives of one step' : `see the derivative${of} in one step`;
}
