import { expect, test } from 'vitest';
import { child } from './child.ts';

test('A parameter that nobody refers to any more gives back its block and its packed forms', () => {
  const report = child('finalizer.mjs', ['--expose-gc']) as Record<string, number | boolean>;
  expect(report).toMatchObject({ before: 2, made: 402, after: 2, grown: 0, intact: true });
});
