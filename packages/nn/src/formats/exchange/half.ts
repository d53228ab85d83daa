/** 16-bit floats: IEEE 754 binary16 (F16), and the upper half of a float32 (BF16). */

const word = new Uint32Array(1);
const asFloat = new Float32Array(word.buffer);

/** The value of binary16 bits. Every one is a float32 too. */
export function fromF16(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0x1f) return fraction === 0 ? sign * Infinity : NaN;
  return sign * (exponent === 0 ? fraction * 2 ** -24 : (0x400 + fraction) * 2 ** (exponent - 25));
}

/** The binary16 nearest to a float32, ties to even. Magnitudes from 65520 on become infinite. */
export function toF16(value: number): number {
  const sign = value < 0 || Object.is(value, -0) ? 0x8000 : 0;
  const magnitude = Math.abs(value);
  if (Number.isNaN(magnitude)) return 0x7e00;
  if (magnitude >= 65520) return sign | 0x7c00;
  // Below 2^-14, steps are 2^-24 wide. Above, each binade has 1024 steps; a carry out of one is the
  // next exponent.
  if (magnitude < 2 ** -14) return sign | nearestEven(magnitude * 2 ** 24);
  asFloat[0] = magnitude;
  const exponent = (word[0]! >>> 23) - 127;
  return sign | (((exponent + 14) << 10) + nearestEven(magnitude * 2 ** (10 - exponent)));
}

/** The value of bfloat16 bits. Every one is a float32 too. */
export function fromBF16(bits: number): number {
  word[0] = bits << 16;
  return asFloat[0]!;
}

/** The bfloat16 nearest to a float32, ties to even. */
export function toBF16(value: number): number {
  if (Number.isNaN(value)) return 0x7fc0;
  asFloat[0] = value;
  const bits = word[0]!;
  return ((bits + 0x7fff + ((bits >>> 16) & 1)) >>> 16) & 0xffff;
}

/** The integer nearest to a positive value below 2^31, ties to even. */
function nearestEven(value: number): number {
  const floor = Math.floor(value);
  const rest = value - floor;
  return rest > 0.5 || (rest === 0.5 && floor % 2 === 1) ? floor + 1 : floor;
}
