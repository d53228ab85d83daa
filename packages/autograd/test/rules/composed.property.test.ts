/** Composed ops keep the laws of primitives, and every op has samples. */
import { describe, expect, test } from 'vitest';
import * as ops from '../../../tensor/src/ops/index.ts';
import { composed } from './samples/composed.ts';
import { samples } from './samples/index.ts';
import { testLaws } from './suite.ts';

/** Ops tested elsewhere: the loss as `crossEntropy`; the others have no gradient. */
const ELSEWHERE = ['fullLike', 'oneHot', 'onesLike', 'softmaxCrossEntropy', 'zerosLike'];

test('Every op has samples, as a primitive or as a composed op', () => {
  const without = Object.keys(ops).filter((name) => !(name in samples || name in composed));
  expect(without.toSorted()).toEqual(ELSEWHERE);
});

describe.each(Object.keys(composed))('%s', (name) => {
  // Their gradients are those of primitives, which have twice as many runs.
  testLaws(composed[name]!, 30);
});
