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

/** All laws over `runs` samples of one op. */
export function testLaws(row: Row, runs: number = settings.numRuns): void {
  const all = { ...settings, numRuns: runs };
  const fewer = { ...settings, numRuns: runs / 2 };
  const seeds = fc.nat({ max: 1_000_000 });
  const views: fc.Arbitrary<Question> = row.chain(throughViews);
  const either = fc.oneof(row, views);

  test('its value is what plain numbers say, in both kernel builds', () => {
    fc.assert(
      fc.property(row, (sample) => checkValue(sample, sample.oracle)),
      all,
    );
  });

  test('its gradients have their inputs’ shapes and dtypes and equal differences and tangents', () => {
    fc.assert(fc.property(row, seeds, checkGradient), all);
  });

  test('gradients go through views of its inputs', () => {
    fc.assert(fc.property(views, seeds, checkGradient), all);
  });

  test('its gradients differentiate again, through views too', () => {
    fc.assert(fc.property(either, seeds, checkSecondOrder), all);
  });

  test('float32 stays float32, forward and backward', () => {
    fc.assert(fc.property(row, seeds, checkSingle), all);
  });

  test('both kernel builds give the same bits, forward and backward, through views too', () => {
    fc.assert(fc.property(either, seeds, checkBuilds), all);
  });

  const special = fc.constantFrom(...specials);

  test('a special cotangent sends exactly 0 to what its output element does not depend on', () => {
    fc.assert(fc.property(either, seeds, special, checkSpecialCotangent), fewer);
  });

  test('what no output depends on gets exactly 0, also where it is NaN or infinite', () => {
    fc.assert(fc.property(either, seeds, special, checkSpecialInput), fewer);
  });
}
