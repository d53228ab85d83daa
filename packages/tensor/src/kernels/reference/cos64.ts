/** The cosine of a turn, for seeded normal numbers. See `math64.ts` for the rules of this code. */
import { productError } from './bits64.ts';

/** 2π, and what the rounding left. */
const TURN = 6.283185307179586;
const TURN_LOW = 2.4492935982947064e-16;

/** sin(2πv) for |v| ≤ 1/8: 2πv + v³·P(v²), error 2⁻⁶³. */
function sinTurn(v: number): number {
  const z = v * v;
  let p = -0.72696556913011;
  p = p * z + 3.8206176254610518;
  p = p * z - 15.0946579620805;
  p = p * z + 42.05869411192992;
  p = p * z - 76.70585975396277;
  p = p * z + 81.60524927607727;
  p = p * z - 41.34170224039976;
  const a = TURN * v;
  return a + (productError(TURN, v, a) + v * (TURN_LOW + z * p));
}

/** −2π², and what the rounding left. */
const CURVE = -19.739208802178716;
const CURVE_LOW = -1.2530591017479423e-15;

/**
 * cos(2πv) for |v| ≤ 1/8: 1 − 2π²v² + v⁴·P(v²), error 2⁻⁶¹. The first two terms are summed exactly.
 */
function cosNear(v: number): number {
  const z = v * v;
  let p = -1.6872297357511508;
  p = p * z + 7.902577350407656;
  p = p * z - 26.426240178969557;
  p = p * z + 60.244641219098746;
  p = p * z - 85.45681720595773;
  p = p * z + 64.93939402266663;
  const bend = CURVE * z;
  const bendLow = productError(CURVE, z, bend) + (CURVE * productError(v, v, z) + CURVE_LOW * z);
  const s = 1 + bend;
  return s + (bend - (s - 1) + (bendLow + z * z * p));
}

/**
 * cos(2πu) for 0 ≤ u ≤ 1. The distance to the nearest quarter turn is exact, so zeros are exact and
 * small values accurate.
 */
export function cosTurn(u: number): number {
  if (u < 0.125) return cosNear(u);
  // 0.25 − u and not −(u − 0.25): a quarter turn gives +0.
  if (u < 0.375) return sinTurn(0.25 - u);
  if (u < 0.625) return -cosNear(u - 0.5);
  if (u < 0.875) return sinTurn(u - 0.75);
  return cosNear(u - 1);
}
