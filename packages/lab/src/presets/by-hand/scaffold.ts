import type { Cell } from '@chronograd/nn';
import type { BackwardProblem, HandwrittenGradients } from '@chronograd/nn/testing';

/**
 * Your turn: each square of the grid is wrong until its gradient is right. The loss is the sum of
 * outputs · dOutputs over all steps, plus the last state · dState.
 */
export function backward(problem: BackwardProblem<Cell<unknown>>): HandwrittenGradients {
  const { cell, inputs } = problem; // and state, dOutputs, dState
  const xs = inputs.toArray() as number[][][]; // [T][B][F]
  const [T, B] = [xs.length, xs[0].length];
  const gradients = zerosOf(cell);
  for (let b = 0; b < B; b++) {
    // Forward: keep the numbers of each step that the backward needs.
    for (let t = 0; t < T; t++) {}
    // Backward: from the last step to the first. Add to gradients, and pass on to step t − 1.
    for (let t = T - 1; t >= 0; t--) {}
  }
  return { cell: gradients };
}

interface Tree {
  [name: string]: Float64Array | Tree;
}

/** A zero for each number of each parameter, by the names of the cell. */
function zerosOf(cell: Cell<unknown>): Tree {
  const zeros: Tree = {};
  for (const [name, { size }] of cell.namedParameters()) {
    let part = zeros;
    const path = name.split('.');
    for (const key of path.slice(0, -1)) {
      part[key] ??= {};
      part = part[key] as Tree;
    }
    part[path.at(-1)!] = new Float64Array(size);
  }
  return zeros;
}
