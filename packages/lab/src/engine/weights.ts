/** Finds and changes the recurrent weights and the gates of any cell. */
import type { Cell } from '@chronograd/nn';
import { type Parameter, type Tensor, tensor } from '@chronograd/tensor';

/** A matrix from H states to k·H numbers. */
export interface RecurrentBlock {
  readonly name: string;
  readonly matrix: Parameter;
}

/** Parameters of shape [k·H, H]. The caller chooses an input size other than H. */
export function recurrentBlocks(cell: Cell<unknown>, H: number): RecurrentBlock[] {
  return cell
    .namedParameters()
    .filter(([, { shape }]) => shape.length === 2 && shape[1] === H && shape[0]! % H === 0)
    .map(([name, matrix]) => ({ name, matrix }));
}

/** Scales each H × H block to the given size. @returns how many there are */
export function scaleBlocks(
  cell: Cell<unknown>,
  H: number,
  size: number,
  sizeOf: (block: Tensor) => number,
): number {
  let count = 0;
  for (const { matrix } of recurrentBlocks(cell, H)) {
    const parts = matrix.chunk(matrix.shape[0]! / H, 0);
    const rows = parts.flatMap((part) => {
      const now = sizeOf(part);
      count++;
      return (now === 0 ? part : part.mul(size / now)).toArray() as number[][];
    });
    matrix.assign(tensor(rows, { dtype: matrix.dtype }));
  }
  return count;
}

/** Adds to a gate's part of one bias: the last vector with it. @returns whether there is one */
export function addToGate(cell: Cell<unknown>, gate: string, amount: number): boolean {
  const blocks = cell.blocks?.() ?? {};
  const [found] = cell
    .namedParameters()
    .filter(([name, { shape }]) => shape.length === 1 && (blocks[name] ?? []).includes(gate))
    .reverse();
  if (found === undefined) return false;
  const [name, bias] = found;
  const gates = blocks[name]!;
  const size = bias.size / gates.length;
  const values = Float64Array.from(bias.toTypedArray());
  const first = gates.indexOf(gate) * size;
  bias.assign(
    tensor(
      values.map((value, i) => (i >= first && i < first + size ? value + amount : value)),
      { dtype: bias.dtype },
    ),
  );
  return true;
}
