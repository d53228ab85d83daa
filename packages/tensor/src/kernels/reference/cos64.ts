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

/** cos(2πv) for |v| ≤ 1/8: 1 + v²·P(v²), error 2⁻⁶¹. */
function cosNear(v: number): number {
  const z = v * v;
  let p = -1.6872297357511508;
  p = p * z + 7.902577350407656;
  p = p * z - 26.426240178969557;
  p = p * z + 60.244641219098746;
  p = p * z - 85.45681720595773;
  p = p * z + 64.93939402266663;
  p = p * z - 19.739208802178716;
  return 1 + z * p;
}

/** cos(2πu) for 0 ≤ u ≤ 1. The distance to the nearest quarter turn is exact, so zeros are exact and small values accurate. */
export function cosTurn(u: number): number {
  const quarter = Math.floor(4 * u + 0.5);
  const v = u - 0.25 * quarter;
  if (quarter === 1) return sinTurn(-v);
  if (quarter === 2) return -cosNear(v);
  if (quarter === 3) return sinTurn(v);
  return cosNear(v);
}
