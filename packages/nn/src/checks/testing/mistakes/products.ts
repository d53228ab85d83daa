/**
 * The products of a step: z = W v, where v is the input or a part of the state. The gradient of W
 * gives dz, and so what flows back to v.
 */
import type { Tensor } from '@chronograd/tensor';
import type { Cell } from '../../../cells/cell.ts';
import { leafAt, stateLeaves } from '../../../recurrent/state-leaves.ts';
import type { StepBack } from './backward-pass.ts';

/** A block of rows of a parameter. */
export interface Gate {
  /** Null if the cell names no gates. */
  readonly name: string | null;
  readonly from: number;
  readonly to: number;
}

/** The gates of a parameter with `rows` rows. */
export function gatesOf(cell: Cell<unknown>, path: string, rows: number): Gate[] {
  const names = cell.blocks()[path];
  if (names === undefined) return [{ name: null, from: 0, to: rows }];
  const size = rows / names.length;
  return names.map((name, k) => ({ name, from: k * size, to: (k + 1) * size }));
}

/** A matrix that multiplies a vector in some of its gates. */
export interface Product {
  readonly parameter: string;
  readonly weight: Float64Array;
  readonly columns: number;
  /** The path of a part of the state; null for the input. */
  readonly state: string | null;
  readonly gates: readonly Gate[];
}

/** The products of a cell, found from the gradients of one step. */
export function productsOf(cell: Cell<unknown>, back: StepBack): Product[] {
  const { x, before } = back.forward;
  const vectors: [state: string | null, v: Tensor][] = [
    ...(back.inputs === null ? [] : [[null, x] as [null, Tensor]]),
    ...stateLeaves(before).map(({ path, leaf }): [string, Tensor] => [path, leaf]),
  ];
  return cell.namedParameters().flatMap(([parameter, weight]) =>
    vectors.flatMap(([state, v]): Product[] => {
      const [rows, columns] = weight.shape;
      if (weight.rank !== 2 || !back.cell.has(parameter) || v.rank !== 2 || v.shape[1] !== columns) return [];
      const numbers = Float64Array.from(weight.toTypedArray());
      const product = { parameter, weight: numbers, columns: columns!, state };
      const gates = gatesOf(cell, parameter, rows!).filter((gate) => isOuter(product, gate, back));
      return gates.length === 0 ? [] : [{ ...product, gates }];
    }),
  );
}

/** v, and dz of a gate: its rows of dW are dz vᵀ. */
function factorsOf({ parameter, columns, state }: Omit<Product, 'gates'>, gate: Gate, back: StepBack) {
  const { x, before } = back.forward;
  const v = Array.from((state === null ? x : leafAt(before, state)).toTypedArray());
  const dW = back.cell.get(parameter)!;
  const size = v.reduce((sum, each) => sum + each * each, 0);
  const dz = Array.from({ length: gate.to - gate.from }, (_, i) => {
    const row = (gate.from + i) * columns;
    return v.reduce((sum, each, j) => sum + dW[row + j]! * each, 0) / size;
  });
  return { v, dz, dW };
}

/** Whether the gate's rows of dW are an outer product with v. */
function isOuter(product: Omit<Product, 'gates'>, gate: Gate, back: StepBack): boolean {
  const { v, dz, dW } = factorsOf(product, gate, back);
  const largest = Math.max(...dz.map(Math.abs));
  const error = (i: number, j: number): number =>
    Math.abs(dW[(gate.from + i) * product.columns + j]! - dz[i]! * v[j]!);
  return largest > 0 && dz.every((_, i) => v.every((_, j) => error(i, j) <= 1e-9 * largest));
}

/** Wᵀ dz of one gate: what flows back to v. @param transposed W dz instead, for a square gate */
export function sentBack(product: Product, gate: Gate, back: StepBack, transposed = false): Float64Array {
  const { weight, columns } = product;
  const { dz } = factorsOf(product, gate, back);
  return Float64Array.from({ length: columns }, (_, j) =>
    dz.reduce((sum, g, i) => {
      const [row, column] = transposed ? [j, i] : [i, j];
      return sum + weight[(gate.from + row) * columns + column]! * g;
    }, 0),
  );
}
