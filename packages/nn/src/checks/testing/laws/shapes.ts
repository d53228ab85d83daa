/** Outputs and states are as the cell declares. */
import { type FloatDtype, isFloat, Tensor } from '@chronograd/tensor';
import { showShape } from '@chronograd/tensor/engine';
import type { Cell } from '../../../cells/cell.ts';
import { describeState, nameState, stateLeaves } from '../../../recurrent/state-leaves.ts';
import { type Law, Violation } from '../law.ts';

export const shapes: Law = {
  id: 'shapes',
  name: 'Outputs and states have the shapes and dtypes that the initial state declares',
  check: (testCase) => {
    for (const dtype of ['float64', 'float32'] as const) {
      const cell = testCase.fresh(dtype);
      const { batch } = testCase.sizes;
      for (const [name, parameter] of cell.namedParameters()) {
        if (parameter.dtype === dtype) continue;
        throw new Violation(
          `expected a cell of ${dtype}, but cell.${name} is ${parameter.dtype}`,
          'pass dtype on to every parameter: zeros(shape, { dtype }), normal(shape, { random, dtype })',
        );
      }
      const inputs = testCase.inputs();
      const x = (isFloat(inputs.dtype) ? inputs.cast(dtype) : inputs).select(0);
      requireStep(cell, x, cell.initialState(batch), batch, dtype);
    }
  },
};

function requireStep(
  cell: Cell<unknown>,
  x: Tensor,
  state: unknown,
  batch: number,
  expected: FloatDtype,
): void {
  for (const { path, leaf } of stateLeaves(state)) {
    requireBatch(`the initial ${nameState(path)}`, leaf, batch, expected);
  }
  const { output, state: next } = cell.step(x, state);
  if (!(output instanceof Tensor)) {
    throw new Violation(
      `expected a tensor [B, …] as output of step, got ${typeof output}`,
      'return { output, state } from step',
    );
  }
  requireBatch(`the output for x ${showShape(x.shape)}`, output, batch, expected);
  const [before, after] = [describeState(state), describeState(next)];
  if (before === after) return;
  throw new Violation(
    `initialState(${batch}) gives ${before}; step returns ${after}`,
    'return a state with the fields, shapes and dtypes of the state before; ops broadcast an axis of size 1, which makes it larger',
  );
}

function requireBatch(what: string, { shape, dtype }: Tensor, batch: number, expected: FloatDtype): void {
  if (shape[0] !== batch) {
    throw new Violation(
      `${what} has shape ${showShape(shape)}, its axis 0 must be the batch, ${batch}`,
      'keep the batch in front: zeros([batch, size]) for states, and no sums over axis 0',
    );
  }
  if (isFloat(dtype) && dtype !== expected) {
    throw new Violation(
      `${what} is ${dtype} where inputs and parameters are ${expected}`,
      "make states with the cell's dtype: zeros([batch, size], { dtype: this.weight.dtype })",
    );
  }
}
