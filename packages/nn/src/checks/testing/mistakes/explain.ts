/** What one gradient by hand is, beside the right one: the same, a part of the sum, a multiple, or a transpose. */
import type { Cell } from '../../../cells/cell.ts';
import { type Gate, gatesOf } from './products.ts';
import type { Walk } from './walk.ts';

/** How a leaf by hand is made of the right gradient. */
export type Explanation =
  | { readonly kind: 'equal' }
  /** Only a part of the sum, such as the first stream. */
  | { readonly kind: 'part'; readonly what: string }
  | { readonly kind: 'transposed' }
  /** Some gates, all where there are none, times k. */
  | { readonly kind: 'scaled'; readonly k: number; readonly gates: readonly Gate[] };

/** Two computations of the same number differ by rounding, relative to the largest. */
const ROUNDING = 1e-10;

/** Whether two lists of numbers are the same but for rounding. @param scale of the numbers that they were made of. */
export function same(a: ArrayLike<number>, b: ArrayLike<number>, scale = 0): boolean {
  if (a.length !== b.length) return false;
  const size = Math.max(scale, largestOf(a), largestOf(b));
  return Array.from(a).every((each, i) => Math.abs(each - b[i]!) <= ROUNDING * size);
}

const largestOf = (values: ArrayLike<number>): number =>
  Array.from(values).reduce((most, each) => Math.max(most, Math.abs(each)), 0);

/** A parameter's gradient by hand. Null where it is none of these. */
export function explainParameter(
  cell: Cell<unknown>,
  path: string,
  manual: ArrayLike<number>,
  walked: Walk,
): Explanation | null {
  const parts = walked.map((steps) => steps.map((back) => back.cell.get(path)!));
  const right = sum(parts.flat());
  if (same(manual, right)) return { kind: 'equal' };
  const scale = largestOf(right);
  const part = partsOf(parts).find(([, numbers]) => same(manual, sum(numbers), scale));
  if (part !== undefined) return { kind: 'part', what: part[0] };
  const [rows = 1, columns = 1, ...deeper] = new Map(cell.namedParameters()).get(path)!.shape;
  const gates = gatesOf(cell, path, rows);
  if (deeper.length === 0 && columns > 1 && same(manual, transposed(right, gates, columns), scale))
    return { kind: 'transposed' };
  const size = right.length / rows;
  return scaledIn(manual, right, gates, size);
}

/** Parts of the sum [stream][step] that a loop leaves where it assigns in place of adding. */
function partsOf(parts: readonly (readonly Float64Array[])[]): [what: string, Float64Array[]][] {
  const step = (at: number): Float64Array[] => parts.map((steps) => steps.at(at)!);
  return [
    ['first stream', [...parts[0]!]],
    ['last stream', [...parts.at(-1)!]],
    ['first step', step(0)],
    ['last step', step(-1)],
    ['first step of the last stream', step(0).slice(-1)],
    ['first step of the first stream', step(0).slice(0, 1)],
  ];
}

/** A gradient that is no sum: of inputs, or of a state. */
export function explainWhole(manual: ArrayLike<number>, right: ArrayLike<number>): Explanation | null {
  if (same(manual, right)) return { kind: 'equal' };
  return scaledIn(manual, right, [{ name: null, from: 0, to: right.length }], 1);
}

/** Each gate is right or k times too large, all wrong ones alike. @param size numbers of a row. */
function scaledIn(
  manual: ArrayLike<number>,
  right: ArrayLike<number>,
  gates: readonly Gate[],
  size: number,
): Explanation | null {
  const wrong: Gate[] = [];
  let k: number | null = null;
  for (const gate of gates) {
    const [a, b] = [manual, right].map((all) => Array.from(all).slice(gate.from * size, gate.to * size));
    if (same(a!, b!)) continue;
    k ??= ratioOf(a!, b!);
    const times = k;
    if (
      times === null ||
      !same(
        a!,
        b!.map((each) => times * each),
        largestOf(b!),
      )
    )
      return null;
    wrong.push(gate);
  }
  return k === null ? null : { kind: 'scaled', k, gates: wrong };
}

/** The k for which a is nearest to k·b. Null where b is 0. */
export function ratioOf(a: ArrayLike<number>, b: ArrayLike<number>): number | null {
  let [ab, bb] = [0, 0];
  for (let i = 0; i < b.length; i++) {
    ab += a[i]! * b[i]!;
    bb += b[i]! ** 2;
  }
  return bb === 0 ? null : ab / bb;
}

export function sum(parts: readonly Float64Array[]): Float64Array {
  return parts.reduce((total, part) => total.map((each, i) => each + part[i]!));
}

/** Each gate's rows and columns exchanged, written into the same place. */
function transposed(right: Float64Array, gates: readonly Gate[], columns: number): Float64Array {
  const result = right.slice();
  for (const { from, to } of gates) {
    const rows = to - from;
    for (let i = 0; i < rows; i++)
      for (let j = 0; j < columns; j++)
        result[from * columns + j * rows + i] = right[(from + i) * columns + j]!;
  }
  return result;
}
