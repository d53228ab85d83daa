/** Running a cell over time, with the gradients of everything. */
import { valueAndGrad } from '@chronograd/autograd';
import { isFloat, stack, type Tensor } from '@chronograd/tensor';
import type { Cell } from '../../cells/cell.ts';
import { Recurrent } from '../../recurrent/recurrent.ts';
import { floatTree, leafAt, mapLeaves, stateLeaves } from '../../recurrent/state-leaves.ts';
import { requireFiniteGradients, requireFiniteResults } from './finite.ts';
import type { BackwardProblem } from './options.ts';
import type { TestCase } from './test-case.ts';

/** Results of a sequence. */
export interface Unrolled {
  /** Shape [T, B, …]. */
  readonly outputs: Tensor;
  readonly state: unknown;
}

/** Weights of the results in the loss. */
export interface Cotangents {
  readonly outputs: Tensor;
  /** A tree like the state. */
  readonly state: unknown;
}

/** Results and gradients. */
export interface Run extends Unrolled {
  readonly gradients: { readonly cell: object; readonly inputs: unknown; readonly state: unknown };
}

/** Everything to run and differentiate a cell. */
export interface Drawn {
  readonly cell: Cell<unknown>;
  readonly inputs: Tensor;
  readonly state: unknown;
  readonly cotangents: Cotangents;
}

/** Draws a test case. @throws Violation for results that are not finite. */
export function draw(testCase: TestCase): Drawn {
  const cell = testCase.cell();
  const inputs = testCase.inputs();
  const state = testCase.state(cell);
  return { cell, inputs, state, cotangents: cotangentsFor(testCase, forward(cell, inputs, state)) };
}

/** Runs a cell over `inputs` [T, B, …] by `Recurrent`. @throws Violation for non-finite results. */
export function forward(cell: Cell<unknown>, inputs: Tensor, state: unknown): Unrolled {
  const run = (): Unrolled => unchecked(cell, inputs, state);
  const results = run();
  requireFiniteResults(cell, results, run);
  return results;
}

/** The same for gradcheck, which may step out of a domain and back. */
export function unchecked(cell: Cell<unknown>, inputs: Tensor, state: unknown): Unrolled {
  return new Recurrent(cell).forward(inputs, state);
}

/** Σ outputs · weights + Σ over float leaves of the state: leaf · weight(path, leaf). */
export function weightedSum(
  { outputs, state }: Unrolled,
  weights: Tensor,
  weightOf: (path: string, leaf: Tensor) => Tensor,
): Tensor {
  const floats = stateLeaves(state).filter(({ leaf }) => isFloat(leaf.dtype));
  const terms = floats.map(({ path, leaf }) => leaf.mul(weightOf(path, leaf)).sum());
  return terms.reduce((sum, term) => sum.add(term), outputs.mul(weights).sum());
}

/** ⟨results, cotangents⟩. */
export function lossOf(results: Unrolled, { outputs, state }: Cotangents): Tensor {
  return weightedSum(results, outputs, (path) => leafAt(state, path));
}

/** Random cotangents of results. */
export function cotangentsFor(testCase: TestCase, { outputs, state }: Unrolled): Cotangents {
  let which = 0;
  const weights = (leaf: Tensor): Tensor => testCase.weights(++which, leaf.shape);
  return {
    outputs: testCase.weights(0, outputs.shape),
    state: mapLeaves(state, (leaf) => (isFloat(leaf.dtype) ? weights(leaf) : leaf)),
  };
}

/**
 * Results, and gradients of ⟨results, cotangents⟩ with respect to cell, inputs and initial state.
 * @throws Violation for gradients that are not finite.
 */
export function differentiate(
  { cell, inputs, state, cotangents }: Drawn,
  run: (cell: Cell<unknown>, inputs: Tensor, state: unknown) => Unrolled = forward,
): Run {
  const target = { cell, inputs: floatTree(inputs), state: floatTree(state) };
  const differentiated = valueAndGrad(target, () => {
    const results = run(cell, inputs, state);
    return { value: lossOf(results, cotangents), aux: results };
  });
  const { grads, aux } = differentiated();
  if (run === forward) requireFiniteGradients(cell, grads, differentiated);
  return { ...aux, gradients: grads as Run['gradients'] };
}

/**
 * Calls `cell.step` in a loop.
 * @param nudges added to the state before each step: a tree like the state, with time in front
 * @returns the results, and the state before each step without its nudge
 */
export function stepByStep(
  cell: Cell<unknown>,
  inputs: Tensor,
  start: unknown,
  nudges: unknown = null,
): Unrolled & { readonly before: readonly unknown[] } {
  const leaves = nudges === null ? [] : stateLeaves(nudges);
  const before: unknown[] = [];
  let state = start;
  const outputs = Array.from({ length: inputs.shape[0]! }, (_, t) => {
    before.push(state);
    let next = 0;
    const nudged = (leaf: Tensor): Tensor =>
      isFloat(leaf.dtype) ? leaf.add(leaves[next++]!.leaf.select(t)) : leaf;
    const step = cell.step(inputs.select(t), nudges === null ? state : mapLeaves(state, nudged));
    state = step.state;
    return step.output;
  });
  return { outputs: stack(outputs), state, before };
}

/** The arguments of a handwritten backward. */
export function problemOf(testCase: TestCase): BackwardProblem<Cell<unknown>> {
  const cell = testCase.cell();
  const inputs = testCase.inputs();
  const state = testCase.state(cell);
  const cotangents = cotangentsFor(testCase, stepByStep(cell, inputs, state));
  return { cell, inputs, state, dOutputs: cotangents.outputs, dState: cotangents.state };
}
