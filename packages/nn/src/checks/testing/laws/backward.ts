/** Handwritten backpropagation through time against autograd. */
import {
  compareGradients,
  comparisonTolerance,
  GradientComparison,
  mapTree,
  showPlace,
  valueAndGrad,
} from '@chronograd/autograd';
import { isFloat, stack, zeros } from '@chronograd/tensor';
import type { Cell } from '../../../cells/cell.ts';
import { floatTree, leafAt, mapLeaves, stateLeaves } from '../../../recurrent/state-leaves.ts';
import { toleranceFor } from '../agree.ts';
import type { BackwardProblem, HandwrittenGradients } from '../handwritten.ts';
import { type Law, STEPS_TO_SHOW } from '../law.ts';
import { diagnose } from '../mistakes/diagnose.ts';
import { cotangentsFor, lossOf, stepByStep } from '../run.ts';
import type { Trial } from '../trial.ts';
import { short, Violation } from '../violation.ts';

type Problem = BackwardProblem<Cell<unknown>>;

/** The comparison that shows most: over several steps, where it fails there too. */
interface Shown {
  readonly shown: GradientComparison;
  readonly steps: number;
}

export const backward: Law = {
  id: 'backward',
  name: 'The handwritten backward equals autograd at every parameter and time step',
  concerns: ({ options }) => options.backward !== undefined,
  check: (trial) => {
    const comparison = compared(trial);
    if (comparison.passed) return;
    throw new Violation(
      worstInWords(comparison),
      () => knownMistake(trial) ?? cureFor(longer(trial, comparison)),
      () => {
        const { shown, steps } = longer(trial, comparison);
        return `over ${steps} steps (manual is by hand):\n${shown}`;
      },
    );
  },
};

/** Found by making known mistakes on purpose. Null where none of them gives these numbers, or the backward throws at other sizes. */
function knownMistake(trial: Trial): string | null {
  try {
    return diagnose(trial, problemOf);
  } catch {
    return null;
  }
}

/** The same over several steps, unless it passes or throws there. */
function longer(trial: Trial, comparison: GradientComparison): Shown {
  const steps = Math.max(STEPS_TO_SHOW, trial.sizes.steps);
  try {
    const shown = compared(trial.with({ steps }));
    if (!shown.passed) return { shown, steps };
  } catch {
    // What it throws has another cause than what is reported here.
  }
  return { shown: comparison, steps: trial.sizes.steps };
}

/** One line: of a parameter rather than of what flows further back, the one that is most wrong. */
function worstInWords({ parameters }: GradientComparison): string {
  const wrong = parameters.filter(({ ok }) => !ok);
  const ofCell = wrong.filter(({ name }) => name.startsWith('cell'));
  const { name, place, index, manual, auto, problem } = new GradientComparison(
    ofCell.length > 0 ? ofCell : wrong,
  ).worst;
  if (place === null) return `${name}: ${problem}`;
  return `the gradient of ${name} at ${showPlace(place, index)}: by hand ${short(manual)}, autograd ${short(auto)}`;
}

function compared(trial: Trial): GradientComparison {
  const problem = problemOf(trial);
  const manual = trial.options.backward!(problem);
  const gradients = automatic(problem, manual);
  return compareGradients(manual, gradients, {
    ...toleranceFor(gradients, comparisonTolerance.float64.rtol),
    blocks: problem.cell.blocks(),
    steps: ['inputs', 'states', 'cellByStep'],
  });
}

function problemOf(trial: Trial): Problem {
  const cell = trial.cell();
  const inputs = trial.inputs();
  const state = trial.state(cell);
  const all = stepByStep(cell, inputs, state, null);
  const outputs = stack(all.map((step) => step.outputs));
  const cotangents = cotangentsFor(trial, { outputs, state: all.at(-1)!.state });
  return { cell, inputs, state, dOutputs: cotangents.outputs, dState: cotangents.state };
}

/** The same gradients by autograd, those that came by hand. */
function automatic(problem: Problem, manual: HandwrittenGradients): object {
  const { cell, inputs, state, dOutputs, dState } = problem;
  const nudges = mapLeaves(floatTree(state), (leaf) =>
    zeros([inputs.shape[0]!, ...leaf.shape], { dtype: leaf.dtype }),
  );
  const { grads, aux } = valueAndGrad({ cell, inputs: floatTree(inputs), states: nudges }, () => {
    const all = stepByStep(cell, inputs, state, nudges);
    const results = { outputs: stack(all.map(({ outputs }) => outputs)), state: all.at(-1)!.state };
    const befores = [state, ...all.slice(0, -1).map((step) => step.state)];
    return { value: lossOf(results, { outputs: dOutputs, state: dState }), aux: befores };
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

/** What each step adds to the gradients of the parameters. @param states gradients of the states before each step. */
function cellByStep(
  { cell, inputs, dOutputs, dState }: Problem,
  befores: readonly unknown[],
  states: unknown,
): unknown {
  const steps = befores.map((before, t) => {
    const arriving = (path: string) =>
      t + 1 < befores.length ? leafAt(states, path).select(t + 1) : leafAt(dState, path);
    return valueAndGrad({ cell }, () => {
      const { output, state } = cell.step(inputs.select(t), before);
      const terms = stateLeaves(state).flatMap(({ path, leaf }) =>
        isFloat(leaf.dtype) ? [leaf.mul(arriving(path)).sum()] : [],
      );
      return terms.reduce((sum, term) => sum.add(term), output.mul(dOutputs.select(t)).sum());
    })().grads.cell;
  });
  const rest = steps.map((each) => {
    const leaves: unknown[] = [];
    mapTree('cellLaws', each, (leaf) => leaves.push(leaf));
    return leaves as (typeof inputs)[];
  });
  let next = 0;
  return mapTree('cellLaws', steps[0]!, () => {
    const at = next++;
    return stack(rest.map((leaves) => leaves[at]!));
  });
}

function cureFor({ shown: { parameters, step }, steps }: Shown): string {
  const wrong = parameters.filter(({ ok }) => !ok);
  const swapped = wrong.flatMap(({ hints }) => hints);
  if (swapped.length > 0)
    return `put the rows of these gates in the order of the forward pass: ${swapped[0]}`;
  const problems = wrong.filter(({ problem }) => problem !== null);
  if (problems.length > 0) {
    const named = (missing: string): string =>
      problems
        .filter(({ problem }) => problem === missing)
        .map(({ name }) => name)
        .join(', ');
    const [unknown, absent] = [named('missing in auto'), named('missing in manual')];
    if (unknown !== '')
      return `the cell has no ${unknown}; ${absent === '' ? 'leave it out' : `the names expected are ${absent}`}`;
    return 'give a gradient for every parameter under its name, of its shape; tensors, nested arrays or flat typed arrays';
  }
  const gates = [...new Set(wrong.flatMap(({ gates }) => gates.filter(({ ok }) => !ok)))].map(
    ({ gate }) => gate,
  );
  const names = [...new Set(gates)];
  const gate = names.length === 0 ? '' : `gate${names.length === 1 ? '' : 's'} ${names.join(', ')}`;
  const of = gate === '' ? '' : ` of ${gate}`;
  if (step === 0 && steps > 1) {
    return `only step 0 is wrong: see whether the derivative${of} there takes the initial state for zeros`;
  }
  if (step !== null && step < steps - 1) {
    return `step ${step + 1} and later ones are right: see what the backward hands from step ${step + 1} to step ${step}, and the derivative${of} there`;
  }
  if (gate === '' && wrong.every(({ gates }) => gates.length === 0))
    return 'see the derivatives of one step; name the gates in blocks() of the cell, and the wrong gate is reported';
  return gate === '' ? 'see the derivatives of one step' : `see the derivative${of} in one step`;
}
