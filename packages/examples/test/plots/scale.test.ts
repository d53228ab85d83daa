import fc from 'fast-check';
import { expect, test } from 'vitest';
import { scaleOf } from '../../src/plots/scale.ts';

test('an axis holds its data and its ticks, and pixels and values are two ways to say the same', () => {
  const values = fc.array(fc.double({ min: 1e-9, max: 1e9, noNaN: true }), { minLength: 1, maxLength: 20 });
  fc.assert(
    fc.property(
      values,
      fc.constantFrom('linear', 'log'),
      fc.integer({ min: 3, max: 8 }),
      (data, type, most) => {
        const scale = scaleOf({ label: '', scale: type as 'linear' | 'log' }, data, most);
        const [low, high] = scale.domain;
        for (const value of [...data, ...scale.ticks]) {
          expect(value).toBeGreaterThanOrEqual(low - Math.abs(low) * 1e-9);
          expect(value).toBeLessThanOrEqual(high * (1 + 1e-9));
        }
        expect(scale.ticks.length).toBeGreaterThan(1);
        expect(scale.ticks.length).toBeLessThanOrEqual(type === 'log' ? 3 * most : most + 2);
        const pixel = scale.toPixel(data[0]!, [300, 20]);
        expect(Math.abs(scale.toValue(pixel, [300, 20]) / data[0]! - 1)).toBeLessThan(
          type === 'log' ? 1e-9 : Number.POSITIVE_INFINITY,
        );
        expect(pixel).toBeGreaterThan(19.99);
        expect(pixel).toBeLessThan(300.01);
      },
    ),
    { seed: 1, numRuns: 200 },
  );
});

test('an axis of one value, or of none, has a width all the same', () => {
  for (const data of [[5], [0], [], [Number.NaN]]) {
    const { domain } = scaleOf({ label: '' }, data, 5);
    expect(domain[1]).toBeGreaterThan(domain[0]);
  }
});
