/** Float64 sine and cosine. See `math64.ts` for the rules of this code. */
import { quarters, rest, restLow, toQuarter } from './quarter64.ts';

/** sin(r + c) for |r| ≤ 0.79: r + r³·P(r²), error 2⁻⁶⁵. */
function sinNear(r: number, c: number): number {
  const z = r * r;
  let p = -7.585901341461806e-13;
  p = p * z + 1.60585180301957e-10;
  p = p * z - 2.5052106146148212e-8;
  p = p * z + 2.755731921908908e-6;
  p = p * z - 1.984126984126474e-4;
  p = p * z + 8.333333333333331e-3;
  p = p * z - 0.16666666666666666;
  return r + (r * (z * p) + c * (1 - 0.5 * z));
}

/** cos(r + c) for |r| ≤ 0.79: 1 − r²/2 + r⁴·P(r²), error 2⁻⁷⁰. The first two terms stay exact. */
function cosNear(r: number, c: number): number {
  const z = r * r;
  let p = 4.745429462672244e-14;
  p = p * z - 1.1470453332482312e-11;
  p = p * z + 2.0876755743099736e-9;
  p = p * z - 2.7557319221263784e-7;
  p = p * z + 2.4801587301584466e-5;
  p = p * z - 1.3888888888888887e-3;
  p = p * z + 0.041666666666666664;
  const half = 0.5 * z;
  const s = 1 - half;
  return s + (1 - s - half + (z * z * p - r * c));
}

/** Sine; NaN at ±∞. */
export function sin64(x: number): number {
  const a = Math.abs(x);
  if (a < 2 ** -27) return x;
  if (a < 0.785) return sinNear(x, 0);
  if (!(a < Number.POSITIVE_INFINITY)) return Number.NaN;
  toQuarter(x);
  return turned(quarters);
}

/** Cosine; NaN at ±∞. */
export function cos64(x: number): number {
  const a = Math.abs(x);
  if (a < 0.785) return cosNear(x, 0);
  if (!(a < Number.POSITIVE_INFINITY)) return Number.NaN;
  toQuarter(x);
  return turned((quarters + 1) & 3);
}

/** The sine of so many quarter turns and the rest. */
function turned(quarter: number): number {
  const y = quarter & 1 ? cosNear(rest, restLow) : sinNear(rest, restLow);
  return quarter & 2 ? -y : y;
}
