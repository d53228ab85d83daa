/** The point at which a function is checked: its inputs, one of which can be perturbed. */
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
export interface Perturbation {
  readonly leaf: number;
  readonly values: Float64Array;
}

export class Point {
  readonly leaves: readonly Leaf[];
  readonly #inputs: readonly unknown[];
  readonly #originals: readonly Tensor[];
  /** What the function receives for each leaf: a parameter itself, a copy of any other tensor. */
  readonly #handles: readonly Tensor[];

  /** @param names the inputs' names in messages. */
  constructor(inputs: readonly unknown[], names: readonly string[]) {
    this.#inputs = inputs;
    const found = leavesOf('gradcheck', inputs);
    const floats = found.filter(({ leaf }) => isFloat(leaf.dtype));
    if (floats.length === 0) {
      throw new ValueError(
        `gradcheck: expected at least one float tensor among the inputs, got ${found.length} tensors and no float; there is nothing to differentiate`,
      );
    }
    this.leaves = floats.map(({ path, leaf }) => {
      const name = nameOf(path, names);
      return { name, shape: leaf.shape, values: finiteValues(name, leaf) };
    });
    this.#originals = floats.map(({ leaf }) => leaf);
    this.#handles = floats.map(({ leaf }, i) =>
      leaf instanceof Parameter ? leaf : fromValues(this.leaves[i]!.values, leaf.shape),
    );
    requireParameters(inputs, names);
  }

  /**
   * Runs `body` in a scope, with the function's arguments and the tensor that replaces each leaf.
   * Parameters are perturbed in place, and restored when this returns or throws.
   */
  at<R>(
    perturbation: Perturbation | null,
    body: (args: readonly unknown[], handles: readonly Tensor[]) => R,
  ): R {
    const handles = [...this.#handles];
    const { leaf = -1, values = null } = perturbation ?? {};
    const moved = handles[leaf];
    try {
      if (moved !== undefined) {
        const perturbed = fromValues(values!, moved.shape);
        if (moved instanceof Parameter) moved.assign(perturbed);
        else handles[leaf] = perturbed;
      }
      const replacements = new Map<unknown, Tensor>(this.#originals.map((each, i) => [each, handles[i]!]));
      const replaced = (each: unknown): unknown => replacements.get(each) ?? each;
      const args = mapTree('gradcheck', this.#inputs, replaced, { open: openInput }) as readonly unknown[];
      return withScope(
        () => body(args, handles),
        (result) => result,
        true,
      );
    } finally {
      if (moved instanceof Parameter) moved.assign(fromValues(this.leaves[leaf]!.values, moved.shape));
    }
  }
}

/** Objects of classes are passed as they are, so only their parameters can be perturbed. */
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

/** Arrays and plain objects, which can be rebuilt with other tensors. */
const openInput = (node: unknown): Branch | null => (isBranch(node) && !hasParameters(node) ? node : null);

const fromValues = (values: Float64Array, shape: Shape): Tensor => tensor(values, { shape });

/** `0.weightHh` → `inputs[0].weightHh`. */
function nameOf(path: string, names: readonly string[]): string {
  const [input, ...fields] = path.split('.');
  return [names[Number(input)], ...fields].join('.');
}

function finiteValues(name: string, leaf: Tensor): Float64Array {
  if (leaf.dtype !== 'float64') {
    throw new DtypeError(
      `gradcheck: expected float64 for ${name}, got ${leaf.dtype}: differences in float32 hold about five digits at best, too few to tell a right gradient from a slightly wrong one; make inputs and parameters with { dtype: 'float64' }, or cast them: x.cast('float64')`,
    );
  }
  const values = Float64Array.from(leaf.toTypedArray());
  const bad = values.find((value) => !Number.isFinite(value));
  if (bad === undefined) return values;
  throw new ValueError(
    `gradcheck: expected finite numbers in ${name}, got ${bad}; check at a point where the function is smooth`,
  );
}
