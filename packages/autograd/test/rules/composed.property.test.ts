/** Composed ops keep the laws of primitives. */
import { describe } from 'vitest';
import { composed } from './samples/composed.ts';
import { testLaws } from './suite.ts';

describe.each(Object.keys(composed))('%s', (name) => {
  testLaws(composed[name]!);
});
