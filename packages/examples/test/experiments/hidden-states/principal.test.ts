import { Random } from '@chronograd/tensor';
import { expect, test } from 'vitest';
import { principalComponents } from '../../../src/experiments/hidden-states/principal.ts';

const T = 2000;

/** Three units that move along two directions, far from 0: standard deviations 3 and 1. */
function made(): { units: Float64Array[]; along: number[]; across: number[] } {
  const random = new Random(5);
  const along = Array.from({ length: T }, () => 3 * random.normal());
  const across = Array.from({ length: T }, () => random.normal());
  const unit = (a: number, b: number, at: number): Float64Array =>
    Float64Array.from({ length: T }, (_, t) => a * along[t]! + b * across[t]! + at);
  return { units: [unit(0.6, 0.8, 50), unit(0.8, -0.6, -20), unit(0, 0, 7)], along, across };
}

test('the directions in which states differ most are found, wherever the states are', () => {
  const { units, along, across } = made();
  const { shares, points } = principalComponents(units, T);
  expect(shares[0]).toBeCloseTo(0.9, 1);
  expect(shares[0] + shares[1]).toBeCloseTo(1, 9);
  const middle = (k: 0 | 1): number => points.reduce((sum, point) => sum + point[k], 0) / T;
  expect(middle(0)).toBeCloseTo(0, 9);
  expect(middle(1)).toBeCloseTo(0, 9);
  // Up to the sign of a direction, and to what two samples have in common.
  const off = (values: readonly number[], k: 0 | 1): number =>
    Math.min(
      ...[1, -1].map((sign) =>
        Math.max(...points.slice(0, 100).map((point, t) => Math.abs(sign * point[k] - values[t]!))),
      ),
    );
  expect(off(along, 0)).toBeLessThan(0.5);
  expect(off(across, 1)).toBeLessThan(0.5);
});
