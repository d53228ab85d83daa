/** What a cell declares is what it gives. */
import { type FloatDtype, isFloat, Tensor } from '@chronograd/tensor';
import { showShape } from '@chronograd/tensor/engine';
import type { Cell } from '../../../cells/cell.ts';
import { describeState, nameState, stateLeaves } from '../../../recurrent/state-leaves.ts';
import type { Law } from '../law.ts';
import { Violation } from '../violation.ts';

export const shapes: Law = {
  id: 'shapes',
  name: 'Outputs and states have the shapes and dtypes that the initial state declares',
  check: (trial) => {
    for (const dtype of ['float64', 'float32'] as const) {
      const cell = trial.fresh(dtype);
      const { batch } = trial.sizes;
      for (const [name, parameter] of cell.namedParameters()) {
        if (parameter.dtype === dtype) continue;
        throw new Violation(
          `a cell of ${dtype} was asked for, and cell.${name} is ${parameter.dtype}`,
          'pass dtype on to every parameter: zeros(shape, { dtype }), normal(shape, { random, dtype })',
        );
      }
      const inputs = trial.inputs();
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
      `step returns ${typeof output} as output, a tensor [B, …] was expected`,
      'return { output, state } from step',
    );
  }
  requireBatch(`the output for x ${showShape(x.shape)}`, output, batch, expected);
  const [before, after] = [describeState(state), describeState(next)];
  if (before === after) return;
  throw new Violation(
    `initialState(${batch}) gives ${before}; step returns ${after}`,
    'the state that step returns must be such as it takes: the same fields, shapes and dtypes; what has size 1 somewhere is broadcast by ops, and comes back larger',
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
      "make states with the cell's own dtype: zeros([batch, size], { dtype: this.weight.dtype })",
    );
  }
}
