/** The products of a step: z = W v, with v the input or a part of the state. The gradient of W says what dz is, and so what goes back to v. */
import type { Tensor } from '@chronograd/tensor';
import type { Cell } from '../../../cells/cell.ts';
import { stateLeaves } from '../../../recurrent/state-leaves.ts';
import type { Numbers, StepBack } from './walk.ts';

/** Equal rows of a parameter: a gate, or all of them. */
export interface Gate {
  /** Null where the cell names no gates. */
  readonly name: string | null;
  readonly from: number;
  readonly to: number;
}

/** The gates of a parameter with so many rows. */
export function gatesOf(cell: Cell<unknown>, path: string, rows: number): Gate[] {
  const names = cell.blocks()[path];
  if (names === undefined) return [{ name: null, from: 0, to: rows }];
  const size = rows / names.length;
  return names.map((name, k) => ({ name, from: k * size, to: (k + 1) * size }));
}

/** A matrix that multiplies a vector, in the gates where it does. */
export interface Product {
  readonly parameter: string;
  readonly weight: Float64Array;
  readonly columns: number;
  /** The path of a part of the state; null for the input. */
  readonly state: string | null;
  readonly gates: readonly Gate[];
}

/** The products of a cell, as a step with gradients of all parameters shows them. */
export function productsOf(cell: Cell<unknown>, back: StepBack): Product[] {
  const { moment } = back;
  const vectors: [state: string | null, v: Tensor][] = [
    ...(back.inputs === null ? [] : [[null, moment.x] as [null, Tensor]]),
    ...stateLeaves(moment.before).map(({ path, leaf }): [string, Tensor] => [path, leaf]),
  ];
  return cell.namedParameters().flatMap(([parameter, weight]) =>
    vectors.flatMap(([state, v]): Product[] => {
      const [rows, columns] = weight.shape;
      if (weight.rank !== 2 || !back.cell.has(parameter) || v.rank !== 2 || v.shape[1] !== columns) return [];
      const numbers = Float64Array.from(weight.toTypedArray());
      const product = { parameter, weight: numbers, columns: columns!, state };
      const gates = gatesOf(cell, parameter, rows!).filter((gate) => isOuter(product, gate, back, v));
      return gates.length === 0 ? [] : [{ ...product, gates }];
    }),
  );
}

/** dz of a gate: its rows of dW are dz vᵀ. */
function dzOf(
  { parameter, columns }: Omit<Product, 'gates'>,
  gate: Gate,
  cell: Numbers,
  v: ArrayLike<number>,
): number[] {
  const dW = cell.get(parameter)!;
  const size = Array.from(v).reduce((sum, each) => sum + each * each, 0);
  return Array.from({ length: gate.to - gate.from }, (_, i) => {
    const row = (gate.from + i) * columns;
    return Array.from(v).reduce((sum, each, j) => sum + dW[row + j]! * each, 0) / size;
  });
}

function isOuter(product: Omit<Product, 'gates'>, gate: Gate, { cell }: StepBack, v: Tensor): boolean {
  const values = v.toTypedArray();
  const dW = cell.get(product.parameter)!;
  const dz = dzOf(product, gate, cell, values);
  const largest = Math.max(...dz.map(Math.abs));
  return (
    largest > 0 &&
    dz.every((g, i) =>
      values.every((each, j) => {
        const error = Math.abs(dW[(gate.from + i) * product.columns + j]! - g * each);
        return error <= 1e-9 * largest;
      }),
    )
  );
}

/** Wᵀ dz of one gate: what goes back to v. @param transposed W dz instead, where the gate is square. */
export function sentBack(product: Product, gate: Gate, back: StepBack, transposed = false): Float64Array {
  const { cell, moment } = back;
  const { weight, columns, state } = product;
  const v = state === null ? moment.x : stateLeaves(moment.before).find(({ path }) => path === state)!.leaf;
  const dz = dzOf(product, gate, cell, v.toTypedArray());
  return Float64Array.from({ length: columns }, (_, j) =>
    dz.reduce((sum, g, i) => {
      const [row, column] = transposed ? [j, i] : [i, j];
      return sum + weight[(gate.from + row) * columns + column]! * g;
    }, 0),
  );
}
