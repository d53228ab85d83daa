import { expect, test } from 'vitest';
import { nearest } from '../src/nearest.ts';

test('a name with a letter missing, added, replaced or in the wrong case leads to the name that was meant', () => {
  const known = ['moby-dick', 'code', 'numbers', 'simple', 'man'];
  const typed = ['mobydick', 'codes', 'nunbers', 'SIMPLE', 'men'];
  expect(typed.map((name) => nearest(name, known))).toEqual(known);
});

test('a name that resembles none leads nowhere', () => {
  expect(nearest('shakespeare', ['moby-dick', 'code'])).toBeNull();
  expect(nearest('', ['code'])).toBeNull();
  expect(nearest('code', [])).toBeNull();
});

test('of two names that are as near, the first is named', () => {
  expect(nearest('cat', ['bat', 'rat'])).toBe('bat');
});
