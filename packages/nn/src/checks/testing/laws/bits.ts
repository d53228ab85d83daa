/** Equal arguments give equal bits, and almost equal numbers in float32. */
import { mapTree } from '@chronograd/autograd';
import { isFloat, type Tensor, tensor } from '@chronograd/tensor';
import { withoutRecorders } from '@chronograd/tensor/engine';
import type { Cell } from '../../../cells/cell.ts';
import { mapLeaves, nameState, stateLeaves } from '../../../recurrent/state-leaves.ts';
import { requireSame, requireSameGradients, requireSameResults } from '../agree.ts';
import { type Law, Violation } from '../law.ts';
import { type Drawn, differentiate, draw, forward, type Unrolled } from '../run.ts';

export const determinism: Law = {
  id: 'determinism',
  name: 'The same seed, inputs and state give the same bits, and running changes nothing',
  check: (testCase) => {
    requireSameStart(testCase.fresh(), testCase.fresh());
    const cell = testCase.cell();
    const inputs = testCase.inputs();
    const state = testCase.state(cell);
    const given = { cell, inputs, state };
    const before = copies(given);
    const first = copyOfResults(forward(cell, inputs, state));
    forward(cell, inputs.slice([0, 1]), state); // a run in between must have no effect
    const cure =
      'keep everything that a step remembers in the state: fields must not change in step; random numbers in a step need a separate seed, or the cell must be in evaluate() mode';
    requireSameResults(first, forward(cell, inputs, state), 0, { left: 'first', right: 'later', cure });
    const sides = {
      left: 'before',
      right: 'after',
      cure: 'step must not write into parameters (assign), inputs or the state that it receives',
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
    const cure = 'draw initial values from the `random` that is given, and from nothing else';
    if (other === undefined) throw new Violation(`cell.${name} is in one cell and not in the next`, cure);
    const sides = { left: 'in one cell', right: 'in the next, of the same seed', cure };
    requireSame(`initial values of cell.${name}`, parameter, other, 0, sides);
  }
}

/** The same numbers in a tensor that no tape follows. */
function copyOf(x: Tensor): Tensor {
  return withoutRecorders(() => tensor(x.toTypedArray(), { shape: x.shape, dtype: x.dtype }));
}

const copyOfResults = ({ outputs, state }: Unrolled): Unrolled => ({
  outputs: copyOf(outputs),
  state: mapLeaves(state, copyOf),
});

function copies({ cell, inputs, state }: Omit<Drawn, 'cotangents'>): [name: string, copy: Tensor][] {
  return [
    ...cell.namedParameters().map(([name, x]): [string, Tensor] => [`cell.${name}`, copyOf(x)]),
    ['inputs', copyOf(inputs)],
    ...stateLeaves(state).map(({ path, leaf }): [string, Tensor] => [nameState(path), copyOf(leaf)]),
  ];
}

/** Rounding of float32, 6e-8, after some dozens of ops and steps. */
const FLOAT32 = { values: 1e-4, gradients: 1e-3 };

export const float32: Law = {
  id: 'float32',
  name: 'In float32 it computes nearly the same as in float64',
  // Normalizing over one or two units can divide by almost 0 and amplify rounding without bounds.
  atLeast: { hiddenSize: 3 },
  check: (testCase) => {
    const small = testCase.fresh('float32');
    const weights = new Map(testCase.cell().namedParameters());
    for (const [name, parameter] of small.namedParameters())
      parameter.assign(weights.get(name)!.cast('float32'));
    const drawn = draw(testCase);
    const cast = (dtype: 'float32' | 'float64') => (x: Tensor) => (isFloat(x.dtype) ? x.cast(dtype) : x);
    const [rounded, widened] = [cast('float32'), cast('float64')];
    const wide = differentiate(drawn);
    const narrow = differentiate({
      cell: small,
      inputs: rounded(drawn.inputs),
      state: mapLeaves(drawn.state, rounded),
      cotangents: {
        outputs: rounded(drawn.cotangents.outputs),
        state: mapLeaves(drawn.cotangents.state, rounded),
      },
    });
    const sides = {
      left: 'float64',
      right: 'float32',
      cure: 'a number is lost in rounding: a difference of nearly equal numbers, exp of large ones, a constant such as 1e-12 that float32 cannot add to 1; or a computation branches on dtype',
    };
    const results = { outputs: widened(narrow.outputs), state: mapLeaves(narrow.state, widened) };
    requireSameResults(wide, results, FLOAT32.values, sides);
    const gradients = mapTree('cellLaws', narrow.gradients, widened);
    // Without steps: float32 gradients of single steps may be small and inexact.
    requireSameGradients(drawn.cell, wide.gradients, gradients, FLOAT32.gradients, sides, []);
  },
};
