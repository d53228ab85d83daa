/** The laws as tests, for one op after the other. */
import fc from 'fast-check';
import { test } from 'vitest';
import { checkSpecialCotangent, checkSpecialInput, specials } from './independence.ts';
import {
  checkBuilds,
  checkGradient,
  checkSecondOrder,
  checkSingle,
  checkValue,
  type Question,
} from './laws.ts';
import type { Row } from './samples/sample.ts';
import { throughViews } from './through-views.ts';

export const settings = { seed: 1, numRuns: 60 };
const fewer = { ...settings, numRuns: 30 };

/** All laws over the samples of one op. */
export function testLaws(row: Row): void {
  const seeds = fc.nat({ max: 1_000_000 });
  const views: fc.Arbitrary<Question> = row.chain(throughViews);
  const either = fc.oneof(row, views);

  test('its value is what plain numbers say, in both kernel builds', () => {
    fc.assert(
      fc.property(row, (sample) => checkValue(sample, sample.oracle)),
      settings,
    );
  });

  test('its gradients have their inputs’ shapes and dtypes and equal differences and tangents', () => {
    fc.assert(fc.property(row, seeds, checkGradient), settings);
  });

  test('gradients go through views of its inputs', () => {
    fc.assert(fc.property(views, seeds, checkGradient), settings);
  });

  test('its gradients differentiate again, through views too', () => {
    fc.assert(fc.property(either, seeds, checkSecondOrder), settings);
  });

  test('float32 stays float32, forward and backward', () => {
    fc.assert(fc.property(row, seeds, checkSingle), settings);
  });

  test('both kernel builds give the same bits, forward and backward, through views too', () => {
    fc.assert(fc.property(either, seeds, checkBuilds), settings);
  });

  const special = fc.constantFrom(...specials);

  test('a special cotangent sends exactly 0 to what its output element does not depend on', () => {
    fc.assert(fc.property(either, seeds, special, checkSpecialCotangent), fewer);
  });

  test('what no output depends on gets exactly 0, also where it is NaN or infinite', () => {
    fc.assert(fc.property(either, seeds, special, checkSpecialInput), fewer);
  });
}
