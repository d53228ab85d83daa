/** Rows that are multiplied by Jacobians, step by step. */
import { eye, normal, type Random, type Tensor, tensor } from '@chronograd/tensor';
import { norm } from './norms.ts';
import type { StateFlow } from './pull-back.ts';

/**
 * Rows [B, K, N] times a power of two for each sequence, rescaled at every step to avoid underflow
 * and overflow.
 */
export class ScaledRows {
  /** float64. */
  readonly rows: Tensor;
  readonly #exponents: readonly number[];

  constructor(rows: Tensor, exponents: readonly number[] = new Array<number>(rows.shape[0]!).fill(0)) {
    this.rows = rows;
    this.#exponents = exponents;
  }

  /** The rows times the Jacobian of step `t`. */
  pullBack(flow: StateFlow, t: number): ScaledRows {
    const pulled = flow.pullBack(t, this.rows);
    const shifts = this.#exponents.map((_, b) => {
      const largest = norm(pulled.select(b).toTypedArray());
      // Beyond ±1000, the power could be infinite or 0.
      const exponent = Math.max(-1000, Math.min(1000, Math.floor(Math.log2(largest))));
      return largest > 0 && Number.isFinite(largest) ? exponent : 0;
    });
    const scaled = pulled.mul(powers(shifts.map((shift) => -shift)));
    return new ScaledRows(
      scaled,
      this.#exponents.map((exponent, b) => exponent + shifts[b]!),
    );
  }

  /** A norm of the rows of sequence `b`. @param of a homogeneous function */
  size(b: number, of: (rows: Tensor) => number): number {
    return of(this.rows.select(b)) * 2 ** this.#exponents[b]!;
  }

  /** The rows without scaling. */
  unscaled(): Tensor {
    // Two factors, since one may be out of range although the product is not.
    const halves = this.#exponents.map((exponent) => Math.trunc(exponent / 2));
    const rest = this.#exponents.map((exponent, b) => exponent - halves[b]!);
    return this.rows.mul(powers(halves)).mul(powers(rest));
  }
}

/** 2ⁿ, shape [B, 1, 1]. */
const powers = (exponents: readonly number[]): Tensor =>
  tensor(
    exponents.map((exponent) => 2 ** exponent),
    { dtype: 'float64', shape: [exponents.length, 1, 1] },
  );

/** The rows of the identity in a range: shape [B, K, N]. */
export function identity({ batch, size }: StateFlow, [from, to]: readonly [number, number]): Tensor {
  return eye(size, { dtype: 'float64' })
    .slice([from, to])
    .expand([batch, to - from, size]);
}

/**
 * k random rows v/√k, v normal in a range and 0 elsewhere. The squares of their images average to
 * that of the Frobenius norm.
 */
export function projected(
  { batch, size }: StateFlow,
  [from, to]: readonly [number, number],
  k: number,
  random: Random,
): Tensor {
  const rows = normal([batch, k, size], { random, dtype: 'float64', std: 1 / Math.sqrt(k) });
  const mask = tensor(Float64Array.from({ length: size }, (_, i) => (i >= from && i < to ? 1 : 0)));
  return rows.mul(mask.cast('float64'));
}
