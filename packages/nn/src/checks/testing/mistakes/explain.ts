/**
 * How a handwritten gradient is related to the right one: equal, a part of the sum, scaled or
 * transposed.
 */
import type { Cell } from '../../../cells/cell.ts';
import type { TestCaseSizes } from '../options.ts';
import type { BackwardPass } from './backward-pass.ts';
import { type Gate, gatesOf } from './products.ts';

/** How a handwritten gradient follows from the right one. */
export type Explanation =
  | { readonly kind: 'equal' | 'transposed' }
  /** A part of the sum, such as the first stream. */
  | { readonly kind: 'part'; readonly what: string }
  /** Some gates times k. */
  | { readonly kind: 'scaled'; readonly k: number; readonly gates: readonly Gate[] };

/** Rounding of two computations of the same number, relative to the largest. */
const ROUNDING = 1e-10;

/** Whether numbers are equal up to rounding. @param scale of the numbers they were computed from */
export function same(a: ArrayLike<number>, b: ArrayLike<number>, scale = 0): boolean {
  if (a.length !== b.length) return false;
  const size = Math.max(scale, largestOf(a), largestOf(b));
  return Array.from(a).every((each, i) => Math.abs(each - b[i]!) <= ROUNDING * size);
}

const largestOf = (values: ArrayLike<number>): number =>
  Array.from(values).reduce((most, each) => Math.max(most, Math.abs(each)), 0);

/** Explains the gradient of a parameter. Null if nothing does. */
export function explainParameter(
  cell: Cell<unknown>,
  path: string,
  manual: ArrayLike<number>,
  pass: BackwardPass,
): Explanation | null {
  const parts = pass.map((steps) => steps.map((back) => back.cell.get(path)!));
  const right = sum(parts.flat());
  if (same(manual, right)) return { kind: 'equal' };
  const scale = largestOf(right);
  const part = partsOf(parts).find(([, numbers]) => same(manual, sum(numbers), scale));
  if (part !== undefined) return { kind: 'part', what: part[0] };
  const [rows = 1, columns = 1, ...deeper] = new Map(cell.namedParameters()).get(path)!.shape;
  const gates = gatesOf(cell, path, rows);
  if (deeper.length === 0 && columns > 1 && same(manual, transposed(right, gates, columns), scale))
    return { kind: 'transposed' };
  return scaledIn(manual, right, gates, right.length / rows);
}

/** Parts of the sum over [stream][step] that remain if a loop assigns instead of adding. */
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

/** Explains a gradient that is not a sum over steps: of inputs or of a state. */
export function explainWhole(manual: ArrayLike<number>, right: ArrayLike<number>): Explanation | null {
  if (same(manual, right)) return { kind: 'equal' };
  return scaledIn(manual, right, [{ name: null, from: 0, to: right.length }], 1);
}

/** Each gate is right, or wrong by one common factor k. @param size numbers of a row */
function scaledIn(
  manual: ArrayLike<number>,
  right: ArrayLike<number>,
  gates: readonly Gate[],
  size: number,
): Explanation | null {
  const wrong: Gate[] = [];
  let k: number | null = null;
  for (const gate of gates) {
    const rows = (all: ArrayLike<number>): number[] =>
      Array.from(all).slice(gate.from * size, gate.to * size);
    const [a, b] = [rows(manual), rows(right)];
    if (same(a, b)) continue;
    k ??= ratioOf(a, b);
    if (k === null || !same(a, scaled(Float64Array.from(b), k), largestOf(b))) return null;
    wrong.push(gate);
  }
  return k === null ? null : { kind: 'scaled', k, gates: wrong };
}

/** The k for which k·b is nearest to a. Null if b is 0. */
export function ratioOf(a: ArrayLike<number>, b: ArrayLike<number>): number | null {
  let [ab, bb] = [0, 0];
  for (let i = 0; i < b.length; i++) {
    ab += a[i]! * b[i]!;
    bb += b[i]! ** 2;
  }
  return bb === 0 ? null : ab / bb;
}

export const scaled = (values: Float64Array, k: number): Float64Array => values.map((each) => k * each);

/** a + k·b */
export const addScaled = (a: Float64Array, b: Float64Array, k: number): Float64Array =>
  a.map((each, i) => each + k * b[i]!);

export function sum(parts: readonly Float64Array[]): Float64Array {
  return parts.reduce((total, part) => addScaled(total, part, 1));
}

/** Rows and columns of each gate exchanged, written into the same place. */
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

/** The description of a term of size 0. */
export const MISSING = 'is missing';

/**
 * Describes explanations of the same gradient at two sizes: the rest of a sentence, empty if the
 * gradient is right. Null if they differ.
 */
export function describeExplanation(
  a: Explanation,
  b: Explanation,
  sizes: readonly TestCaseSizes[],
): string | null {
  if (a.kind === 'scaled' && b.kind === 'scaled') return describeFactor([a.k, b.k], sizes);
  if (a.kind !== b.kind) return null;
  if (a.kind === 'equal') return '';
  if (a.kind === 'transposed') return 'is transposed: row i, column j is dz[i] · v[j]';
  if (a.kind === 'part' && b.kind === 'part' && a.what === b.what)
    return `is that of the ${a.what} only: add all streams and steps (+= in place of =)`;
  return null;
}

/** Describes a factor by its dependence on the sizes. Null if it depends on none of them. */
export function describeFactor(k: readonly [number, number], sizes: readonly TestCaseSizes[]): string | null {
  const is = (of: (sizes: TestCaseSizes) => number): boolean =>
    k.every((each, i) => Math.abs(each - of(sizes[i]!)) <= 1e-8);
  if (is(() => 0)) return MISSING;
  if (is(() => -1)) return 'has the wrong sign';
  const counts: readonly (readonly [what: string, count: (sizes: TestCaseSizes) => number])[] = [
    ['streams', ({ batch }) => batch],
    ['steps', ({ steps }) => steps],
    ['steps and streams', ({ steps, batch }) => steps * batch],
  ];
  for (const [what, count] of counts) {
    if (is((each) => 1 / count(each)))
      return `is divided by the number of ${what}: a mean, where the sum is expected`;
    if (is(count)) return `is multiplied by the number of ${what}`;
  }
  return is(() => k[0]) ? `has a factor of ${Number(k[0].toPrecision(6))}` : null;
}
