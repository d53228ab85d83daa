/** The same question has the same answer, and almost the same in float32. */
import { mapTree } from '@chronograd/autograd';
import { isFloat, type Tensor } from '@chronograd/tensor';
import type { Cell } from '../../../cells/cell.ts';
import { mapLeaves, nameState, stateLeaves } from '../../../recurrent/state-leaves.ts';
import { requireSame, requireSameGradients, requireSameResults } from '../agree.ts';
import type { Law } from '../law.ts';
import { copyOf, cotangentsFor, differentiate, forward, type Unrolled } from '../run.ts';
import { Violation } from '../violation.ts';

export const determinism: Law = {
  id: 'determinism',
  name: 'The same seed, inputs and state give the same bits, and running changes nothing',
  check: (trial) => {
    requireSameStart(trial.fresh(), trial.fresh());
    const cell = trial.cell();
    const inputs = trial.inputs();
    const state = trial.state(cell);
    const given = { cell, inputs, state };
    const before = copies(given);
    const first = copyOfResults(forward(cell, inputs, state));
    forward(cell, inputs.slice([0, 1]), state); // something else in between: what it leaves behind must not show
    const cure =
      'nothing may be remembered outside of the state: fields must not change in step; random numbers in a step need a seed of their own, or the cell must be in evaluate() mode';
    requireSameResults(first, forward(cell, inputs, state), 0, { left: 'first', right: 'later', cure });
    const sides = {
      left: 'before',
      right: 'after',
      cure: 'step must write nowhere: not into parameters (assign), inputs or the state that it was given',
    };
    copies(given).forEach(([name, now], i) => {
      requireSame(`${name} changed by a run`, before[i]![1], now, 0, sides);
    });
  },
};

function requireSameStart(a: Cell<unknown>, b: Cell<unknown>): void {
  const others = new Map(b.namedParameters());
  for (const [name, parameter] of a.namedParameters()) {
    const other = others.get(name);
    const cure = 'draw first values from the `random` that is given, and from nothing else';
    if (other === undefined)
      throw new Violation(`cell.${name} is there in one cell and not in the next`, cure);
    const sides = { left: 'in one cell', right: 'in the next, of the same seed', cure };
    requireSame(`first values of cell.${name}`, parameter, other, 0, sides);
  }
}

const copyOfResults = ({ outputs, state }: Unrolled): Unrolled => ({
  outputs: copyOf(outputs),
  state: mapLeaves(state, (leaf) => copyOf(leaf)),
});

function copies(given: {
  readonly cell: Cell<unknown>;
  readonly inputs: Tensor;
  readonly state: unknown;
}): [name: string, copy: Tensor][] {
  return [
    ...given.cell.namedParameters().map(([name, x]): [string, Tensor] => [`cell.${name}`, copyOf(x)]),
    ['inputs', copyOf(given.inputs)],
    ...stateLeaves(given.state).map(({ path, leaf }): [string, Tensor] => [nameState(path), copyOf(leaf)]),
  ];
}

/** Rounding of float32, 6e-8, as a few dozen ops and steps enlarge it. */
const FLOAT32 = { values: 1e-4, gradients: 1e-3 };

export const float32: Law = {
  id: 'float32',
  name: 'In float32 it computes nearly the same as in float64',
  // What is normalized over one or two units can divide by almost nothing, and enlarge rounding without bounds.
  atLeast: { hiddenSize: 3 },
  check: (trial) => {
    const cell = trial.cell();
    const small = trial.fresh('float32');
    const weights = new Map(cell.namedParameters());
    for (const [name, parameter] of small.namedParameters())
      parameter.assign(weights.get(name)!.cast('float32'));
    const rounded = (x: Tensor): Tensor => (isFloat(x.dtype) ? x.cast('float32') : x);
    const inputs = trial.inputs();
    const state = trial.state(cell);
    const cotangents = cotangentsFor(trial, forward(cell, inputs, state));
    const wide = differentiate(cell, inputs, state, cotangents);
    const narrow = differentiate(small, rounded(inputs), mapLeaves(state, rounded), {
      outputs: rounded(cotangents.outputs),
      state: mapLeaves(cotangents.state, rounded),
    });
    const sides = {
      left: 'float64',
      right: 'float32',
      cure: 'a number is lost in rounding: a difference of nearly equal numbers, exp of large ones, a constant such as 1e-12 that float32 cannot add to 1; or a computation that branches on dtype',
    };
    const widened = {
      outputs: narrow.outputs.cast('float64'),
      state: mapLeaves(narrow.state, (leaf) => (isFloat(leaf.dtype) ? leaf.cast('float64') : leaf)),
    };
    requireSameResults(wide, widened, FLOAT32.values, sides);
    const gradients = mapTree('cellLaws', narrow.gradients, (leaf) => leaf.cast('float64'));
    requireSameGradients(wide.gradients, gradients, FLOAT32.gradients, sides, { blocks: cell.blocks() });
  },
};
