/** Rows of the Jacobian: which numbers of a result are looked at, and sums of products. */
import type { Random } from '@chronograd/tensor';

/** One element of the result, or all of them weighted at random, with its gradient for each leaf. */
export interface Row {
  readonly output: number | null;
  readonly weights: Float64Array;
  readonly gradients: readonly Float64Array[];
}

/** Each element of a small result by itself; several random sums of a large one. */
export function weightings(
  size: number,
  settings: { readonly fullBelow: number; readonly projections: number },
  random: Random,
): Omit<Row, 'gradients'>[] {
  if (size > settings.fullBelow) {
    return Array.from({ length: settings.projections }, () => ({
      output: null,
      weights: randomVector(size, random),
    }));
  }
  return Array.from({ length: size }, (_, output) => {
    const weights = new Float64Array(size);
    weights[output] = 1;
    return { output, weights };
  });
}

/** Random signs, magnitudes between ½ and 1½: no element is weighted away, no two cancel. */
export function randomVector(size: number, random: Random): Float64Array {
  return Float64Array.from({ length: size }, () => {
    const magnitude = 0.5 + random.uniform();
    return random.uniform() < 0.5 ? -magnitude : magnitude;
  });
}

/** Σ a·b over a range, and the root of Σ (a·b)²: what the sum would usually come to if the signs were random. */
export function innerProduct(
  a: Float64Array,
  b: Float64Array,
  from: number,
  to: number,
): [sum: number, usual: number] {
  let sum = 0;
  let squares = 0;
  for (let i = from; i < to; i++) {
    const term = a[i]! * b[i]!;
    sum += term;
    squares += term * term;
  }
  return [sum, Math.sqrt(squares)];
}

/** One element of a result, or the weighted sum of all. */
export function weigh({ output, weights }: Row, values: Float64Array): [sum: number, usual: number] {
  if (output === null) return innerProduct(weights, values, 0, values.length);
  return [values[output]!, Math.abs(values[output]!)];
}
