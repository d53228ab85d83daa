/** Inputs for kernels: ordinary numbers, small integers (so that ties occur) and special values. */
import fc from 'fast-check';
import { type Dtype, rounding } from './workbench.ts';

const awkward: Record<Dtype, readonly number[]> = {
  float32: [
    Number.NaN,
    Infinity,
    -Infinity,
    0,
    -0,
    2 ** -149,
    -(2 ** -140),
    2 ** -126,
    3.4028234663852886e38,
  ],
  float64: [Number.NaN, Infinity, -Infinity, 0, -0, 5e-324, -1e-310, 2 ** -1022, 1.7976931348623157e308],
  int32: [0, 1, -1, 2147483647, -2147483648, 65536, -65537],
};

/**
 * A uniform float between −100 and 100. `fc.double` is uniform over exponents: mostly tiny numbers.
 */
export function ordinary(dtype: Dtype): fc.Arbitrary<number> {
  return fc.integer().map((i) => rounding[dtype](i * 4.6566e-8));
}

/** One value of a dtype, exactly representable. */
export function value(dtype: Dtype): fc.Arbitrary<number> {
  if (dtype === 'int32') {
    return fc.oneof(fc.integer(), fc.integer({ min: -3, max: 3 }), fc.constantFrom(...awkward.int32));
  }
  return fc.oneof(
    { weight: 3, arbitrary: ordinary(dtype) },
    { weight: 2, arbitrary: ordinary(dtype).map((x) => rounding[dtype](x / 100)) },
    { weight: 1, arbitrary: fc.double().map(rounding[dtype]) },
    { weight: 2, arbitrary: fc.integer({ min: -3, max: 3 }) },
    { weight: 2, arbitrary: fc.constantFrom(...awkward[dtype]) },
  );
}

export function values(of: fc.Arbitrary<number>, n: number): fc.Arbitrary<number[]> {
  return fc.array(of, { minLength: n, maxLength: n });
}
