/** The point at which a function is checked: its inputs, and how to move one of them for the length of a call. */
import { DtypeError, isFloat, Parameter, type Shape, Tensor, tensor, ValueError } from '@chronograd/tensor';
import { type Branch, isBranch, leaves, mapTree, withScope } from '@chronograd/tensor/engine';
import { hasParameters, leavesOf } from '../tree.ts';

/** A float64 tensor among the inputs. */
export interface Leaf {
  /** `inputs[0].weightHh`. */
  readonly name: string;
  readonly shape: Shape;
  /** The values at the point. */
  readonly values: Float64Array;
}

/** One leaf with other values. */
export interface Move {
  readonly leaf: number;
  readonly values: Float64Array;
}

export class Point {
  readonly leaves: readonly Leaf[];
  readonly #inputs: readonly unknown[];
  readonly #originals: readonly Tensor[];
  /** What the function gets in place of each leaf: parameters as they are, others under handles that only the check knows. */
  readonly #handles: readonly Tensor[];

  /** @param names what the inputs are called in messages. */
  constructor(inputs: readonly unknown[], names: readonly string[]) {
    this.#inputs = inputs;
    const found = leavesOf('gradcheck', inputs).map(({ path, leaf }) => ({
      name: nameOf(path, names),
      leaf,
    }));
    const floats = found.filter(({ leaf }) => isFloat(leaf.dtype));
    if (floats.length === 0) {
      throw new ValueError(
        `gradcheck: none of the ${found.length} tensors among the inputs is a float, at least one was expected; there is nothing to differentiate`,
      );
    }
    for (const { name, leaf } of floats) requireFloat64(name, leaf);
    this.leaves = floats.map(({ name, leaf }) => ({
      name,
      shape: leaf.shape,
      values: finiteValues(name, leaf),
    }));
    this.#originals = floats.map(({ leaf }) => leaf);
    this.#handles = floats.map(({ leaf }, i) =>
      leaf instanceof Parameter ? leaf : fromValues(this.leaves[i]!.values, leaf.shape),
    );
    requireParameters(inputs, names);
  }

  /**
   * Runs `body` in a scope of its own with the arguments for the function, and the tensor that stands for each leaf.
   * Parameters are moved in place, and are back where they were when this returns or throws.
   */
  at<R>(move: Move | null, body: (args: readonly unknown[], handles: readonly Tensor[]) => R): R {
    const handles = [...this.#handles];
    const moved = move === null ? undefined : handles[move.leaf];
    try {
      if (move !== null && moved !== undefined) {
        const values = fromValues(move.values, moved.shape);
        if (moved instanceof Parameter) moved.assign(values);
        else handles[move.leaf] = values;
      }
      const standIns = new Map(this.#originals.map((original, i) => [original, handles[i]!]));
      const replaced = (leaf: unknown): unknown => standIns.get(leaf as Tensor) ?? leaf;
      const args = mapTree('gradcheck', this.#inputs, replaced, { open: openInput }) as readonly unknown[];
      return withScope(
        () => body(args, handles),
        (result) => result,
        true,
      );
    } finally {
      if (move !== null && moved instanceof Parameter) {
        moved.assign(fromValues(this.leaves[move.leaf]!.values, moved.shape));
      }
    }
  }
}

/** Objects of classes are arguments as they are, so that only their parameters can be moved. */
function requireParameters(inputs: readonly unknown[], names: readonly string[]): void {
  for (const { path, leaf: node } of leaves('gradcheck', inputs, { open: openInput })) {
    if (node instanceof Tensor) continue;
    for (const { path: field, leaf } of leavesOf('gradcheck', node)) {
      if (leaf instanceof Parameter || !isFloat(leaf.dtype)) continue;
      throw new ValueError(
        `gradcheck: expected a Parameter at ${nameOf(path, names)}.${field}, got a plain tensor inside a ${(node as object).constructor.name}, which cannot be moved in place; write new Parameter(…)`,
      );
    }
  }
}

/** Arrays and plain objects, which can be made anew with other tensors. */
const openInput = (node: unknown): Branch | null => (isBranch(node) && !hasParameters(node) ? node : null);

const fromValues = (values: Float64Array, shape: Shape): Tensor => tensor(values, { shape });

/** `0.weightHh` → `inputs[0].weightHh`. */
function nameOf(path: string, names: readonly string[]): string {
  const [input, ...fields] = path.split('.');
  return [names[Number(input)], ...fields].join('.');
}

function requireFloat64(name: string, leaf: Tensor): void {
  if (leaf.dtype === 'float64') return;
  throw new DtypeError(
    `gradcheck: ${name} is ${leaf.dtype}, float64 was expected: differences in float32 hold about five digits at best, too few to tell a right gradient from a slightly wrong one; make inputs and parameters with { dtype: 'float64' }, or cast them: x.cast('float64')`,
  );
}

function finiteValues(name: string, leaf: Tensor): Float64Array {
  const values = Float64Array.from(leaf.toTypedArray());
  const bad = values.find((value) => !Number.isFinite(value));
  if (bad === undefined) return values;
  throw new ValueError(
    `gradcheck: ${name} holds ${bad}, finite numbers were expected; check at a point where the function is smooth`,
  );
}
