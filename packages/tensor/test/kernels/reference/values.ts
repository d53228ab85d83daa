/** Numbers to try kernels on: ordinary ones, small whole ones (so that ties happen), and the awkward ones. */
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

/** One value of a dtype, exactly representable. */
export function value(dtype: Dtype): fc.Arbitrary<number> {
  if (dtype === 'int32') {
    return fc.oneof(fc.integer(), fc.integer({ min: -3, max: 3 }), fc.constantFrom(...awkward.int32));
  }
  const ordinary = fc.double({ min: -100, max: 100, noNaN: true }).map(rounding[dtype]);
  return fc.oneof(
    { weight: 4, arbitrary: ordinary },
    { weight: 2, arbitrary: fc.integer({ min: -3, max: 3 }) },
    { weight: 2, arbitrary: fc.constantFrom(...awkward[dtype]) },
  );
}

/** An ordinary float in a moderate range: no NaN, no infinity. */
export function ordinary(dtype: Dtype): fc.Arbitrary<number> {
  return fc.double({ min: -100, max: 100, noNaN: true }).map(rounding[dtype]);
}

export function values(of: fc.Arbitrary<number>, n: number): fc.Arbitrary<number[]> {
  return fc.array(of, { minLength: n, maxLength: n });
}
