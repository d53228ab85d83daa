/** Rows that are pulled back over many steps, and scaled on the way, so that nothing is lost in float32 or where float64 ends. */
import { type Tensor, tensor } from '@chronograd/tensor';
import { norm } from './norms.ts';
import type { StateFlow } from './pull-back.ts';

/** Rows [B, K, N] times a power of two for each sequence. */
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
      // Beyond that, the power itself would be infinite or 0.
      const exponent = Math.max(-1000, Math.min(1000, Math.floor(Math.log2(largest))));
      return largest > 0 && Number.isFinite(largest) ? exponent : 0;
    });
    const scaled = pulled.mul(powers(shifts.map((shift) => -shift)));
    return new ScaledRows(
      scaled,
      this.#exponents.map((exponent, b) => exponent + shifts[b]!),
    );
  }

  /** A size of the rows of sequence `b`, which grows as they do. */
  size(b: number, of: (rows: Tensor) => number): number {
    return of(this.rows.select(b)) * 2 ** this.#exponents[b]!;
  }

  /** The rows as they are. */
  unscaled(): Tensor {
    // Two factors, since one may be out of range where the product is not.
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
