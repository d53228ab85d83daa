/** Running a cell over time, with the gradients of everything. */
import { valueAndGrad } from '@chronograd/autograd';
import { isFloat, type Tensor, tensor } from '@chronograd/tensor';
import { withoutRecorders } from '@chronograd/tensor/engine';
import type { Cell } from '../../cells/cell.ts';
import { Recurrent } from '../../recurrent/recurrent.ts';
import { floatTree, mapLeaves, stateLeaves } from '../../recurrent/state-leaves.ts';
import { requireFiniteGradients, requireFiniteResults } from './finite.ts';
import type { Trial } from './trial.ts';

/** What comes out of a sequence. */
export interface Unrolled {
  /** Shape [T, B, …]. */
  readonly outputs: Tensor;
  readonly state: unknown;
}

/** How much each number of a result counts in the loss. */
export interface Cotangents {
  readonly outputs: Tensor;
  /** A tree as the state. */
  readonly state: unknown;
}

/** Results and gradients. `gradients` has the fields cell, inputs and state. */
export interface Run extends Unrolled {
  readonly gradients: unknown;
}

/** Runs a cell over `inputs` [T, B, …] as people do: by `Recurrent`. @throws Violation for results that are not finite. */
export function forward(cell: Cell<unknown>, inputs: Tensor, state: unknown): Unrolled {
  const run = (): Unrolled => unchecked(cell, inputs, state);
  const results = run();
  requireFiniteResults(cell, results, run);
  return results;
}

/** The same for gradcheck, which steps out of a domain and back. */
export function unchecked(cell: Cell<unknown>, inputs: Tensor, state: unknown): Unrolled {
  return new Recurrent(cell).forward(inputs, state);
}

/** Σ outputs · cotangents + Σ state · cotangents. */
export function lossOf({ outputs, state }: Unrolled, cotangents: Cotangents): Tensor {
  const terms = stateLeaves(state).flatMap(({ leaf }, i) =>
    isFloat(leaf.dtype) ? [leaf.mul(stateLeaves(cotangents.state)[i]!.leaf).sum()] : [],
  );
  return terms.reduce((sum, term) => sum.add(term), outputs.mul(cotangents.outputs).sum());
}

/** Random cotangents for the results of a try. */
export function cotangentsFor(trial: Trial, { outputs, state }: Unrolled): Cotangents {
  let which = 0;
  return {
    outputs: trial.weights(0, outputs.shape),
    state: mapLeaves(state, (leaf) => (isFloat(leaf.dtype) ? trial.weights(++which, leaf.shape) : leaf)),
  };
}

/**
 * Results and gradients of ⟨results, cotangents⟩ with respect to the cell, its inputs and its initial state.
 * @throws Violation for gradients that are not finite.
 */
export function differentiate(
  cell: Cell<unknown>,
  inputs: Tensor,
  state: unknown,
  cotangents: Cotangents,
  run: (cell: Cell<unknown>, inputs: Tensor, state: unknown) => Unrolled = forward,
): Run {
  const target = { cell, inputs: floatTree(inputs), state: floatTree(state) };
  const differentiated = valueAndGrad(target, () => {
    const results = run(cell, inputs, state);
    return { value: lossOf(results, cotangents), aux: results };
  });
  const { grads, aux } = differentiated();
  if (run === forward) requireFiniteGradients(cell, grads, differentiated);
  return { ...aux, gradients: grads };
}

/** The cell's own steps, one by one; `nudges` (a tree as the state, with time in front) are added to the state before each. */
export function stepByStep(cell: Cell<unknown>, inputs: Tensor, start: unknown, nudges: unknown): Unrolled[] {
  const leaves = nudges === null ? [] : stateLeaves(nudges);
  let state = start;
  return Array.from({ length: inputs.shape[0]! }, (_, t) => {
    let next = 0;
    const before =
      nudges === null
        ? state
        : mapLeaves(state, (leaf) => (isFloat(leaf.dtype) ? leaf.add(leaves[next++]!.leaf.select(t)) : leaf));
    const { output, state: after } = cell.step(inputs.select(t), before);
    state = after;
    return { outputs: output, state: after };
  });
}

/** The same numbers in a tensor that no tape follows. */
export function copyOf(x: Tensor): Tensor {
  return withoutRecorders(() => tensor(x.toTypedArray(), { shape: x.shape, dtype: x.dtype }));
}
