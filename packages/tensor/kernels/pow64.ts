import { highWord, productError } from './bits64';
import { expOfSum } from './exp64';
import { logHigh, logLow, logOfSum } from './log64';

// The power of src/kernels/reference/log64.ts, line by line. The reference explains the
// mathematics.

/** From 2⁵³ on every double is an even integer. */
const ALL_EVEN: f64 = 9007199254740992;

function isOdd(y: f64): bool {
  const a = abs<f64>(y);
  if (!(a < ALL_EVEN) || floor<f64>(a) != a) return false;
  const half = a * 0.5;
  return floor<f64>(half) != half;
}

/** x^y for finite x > 0, x ≠ 1, and finite y. */
function powOfPositive(x: f64, y: f64): f64 {
  logOfSum(x, 0);
  const p = y * logHigh;
  if (abs<f64>(p) > 800) return p > 0 ? Infinity : 0;
  return expOfSum(p, productError(y, logHigh, p) + y * logLow);
}

/** x^y with the special cases of IEEE 754 and the array API. */
export function pow64(x: f64, y: f64): f64 {
  if (y == 0 || x == 1) return 1;
  if (isNaN(x) || isNaN(y)) return NaN;
  const a = abs<f64>(x);
  if (abs<f64>(y) == Infinity) {
    if (a == 1) return 1;
    return a > 1 == y > 0 ? Infinity : 0;
  }
  const negative = highWord(x) < 0;
  const sign: f64 = negative && isOdd(y) ? -1 : 1;
  if (a == 0) return y > 0 ? sign * 0 : sign * Infinity;
  if (a == Infinity) return y > 0 ? sign * a : sign * 0;
  if (negative && floor<f64>(y) != y) return NaN;
  if (a == 1) return sign;
  return sign * powOfPositive(a, y);
}
