/** Numbers to differentiate in place of a result: its elements, or random sums of them. */
import type { Random } from '@chronograd/tensor';

/** One element of the result, or a random sum of all, with its gradient for each leaf. */
export interface Projection {
  /** The element. Null for a sum. */
  readonly output: number | null;
  readonly weights: Float64Array;
  readonly gradients: readonly Float64Array[];
}

/** Each element of a small result, and several random sums of a large one. */
export function outputProjections(
  size: number,
  { fullBelow, projections }: { readonly fullBelow: number; readonly projections: number },
  random: Random,
): Omit<Projection, 'gradients'>[] {
  const full = size <= fullBelow;
  return Array.from({ length: full ? size : projections }, (_, output) =>
    full
      ? { output, weights: new Float64Array(size).fill(1, output, output + 1) }
      : { output: null, weights: randomVector(size, random) },
  );
}

/** Random signs, magnitudes between ½ and 1½: no element disappears, and no two cancel. */
export function randomVector(size: number, random: Random): Float64Array {
  return Float64Array.from({ length: size }, () => {
    const magnitude = 0.5 + random.uniform();
    return random.uniform() < 0.5 ? -magnitude : magnitude;
  });
}

/** Σ a·b over a range, and the root of Σ (a·b)²: the sum's expected size under random signs. */
export function innerProduct(
  a: Float64Array,
  b: Float64Array,
  from: number,
  to: number,
): [sum: number, expected: number] {
  let sum = 0;
  let squares = 0;
  for (let i = from; i < to; i++) {
    const term = a[i]! * b[i]!;
    sum += term;
    squares += term * term;
  }
  return [sum, Math.sqrt(squares)];
}

/** A projection of a result, and its expected size. */
export function project(
  { output, weights }: Projection,
  values: Float64Array,
): [sum: number, expected: number] {
  if (output === null) return innerProduct(weights, values, 0, values.length);
  return [values[output]!, Math.abs(values[output]!)];
}
