/** Distances in ulp: the gap between neighbouring numbers at the exact value's magnitude. */

const double = new Float64Array(1);
const words = new Uint32Array(double.buffer);

function binaryExponent(x: number): number {
  double[0] = x;
  return ((words[1]! >>> 20) & 0x7ff) - 1023;
}

/** One ulp of float32 at `x`, given in float64. */
export function ulp32(x: number): number {
  return 2 ** (Math.max(binaryExponent(x), -126) - 23);
}

/** One ulp of float64 at `x`. */
export function ulp64(x: number): number {
  return 2 ** (Math.max(binaryExponent(x), -1022) - 52);
}

/** The double whose 64 bits are `hex`. */
export function doubleFromHex(hex: string): number {
  words[1] = Number.parseInt(hex.slice(0, 8), 16);
  words[0] = Number.parseInt(hex.slice(8), 16);
  return double[0]!;
}
