import fc from 'fast-check';
import { expect, test } from 'vitest';
import { spreadLabels } from '../../src/plots/spread.ts';

test('labels keep their order and their distance, stay in range, and do not move where there is room', () => {
  const wanted = fc.array(fc.double({ min: 0, max: 300, noNaN: true }), { minLength: 1, maxLength: 12 });
  fc.assert(
    fc.property(wanted, (places) => {
      const gap = 15;
      const spread = spreadLabels(places, gap, [0, 300]);
      const order = places.map((_, i) => i).sort((a, b) => places[a]! - places[b]! || a - b);
      for (let k = 1; k < order.length; k++) {
        expect(spread[order[k]!]! - spread[order[k - 1]!]!).toBeGreaterThanOrEqual(gap - 1e-9);
      }
      expect(Math.min(...spread)).toBeGreaterThanOrEqual(-1e-9);
      expect(Math.max(...spread)).toBeLessThanOrEqual(300 + 1e-9);
      const apart = order.every((i, k) => k === 0 || places[i]! - places[order[k - 1]!]! >= gap);
      if (apart) expect(spread.every((place, i) => Math.abs(place - places[i]!) < 1e-9)).toBe(true);
    }),
    { seed: 1, numRuns: 300 },
  );
});
