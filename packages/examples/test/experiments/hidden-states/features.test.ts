import { expect, test } from 'vitest';
import { FEATURES } from '../../../src/experiments/hidden-states/features.ts';

/** Digits, one for each character. */
const of = (name: string, text: string): string =>
  FEATURES.find((each) => each.name === name)!
    .of([...text])
    .join('');

test.each([
  ['comment', 'a /* b */ // c\nd', '0001111100011100'],
  ['string', `f("a'b", 'c') // don't`, '0011110001100000000000'],
  ['parentheses', "f(a, (b)) // (c\n')' (", '011112210000000000001'],
  ['line position', 'ab\ncd', '12012'],
  ['word position', 'ab, cd', '120012'],
  ['capital', 'aB C', '0101'],
  ['space', 'a b\n', '0101'],
  ['vowel', 'bAe', '011'],
])('%s of %j', (name, text, digits) => {
  expect(of(name, text)).toBe(digits);
});

test('an echo is decided by the character just read, and what takes memory is not', () => {
  const text = [...'f("a", (b)) /* aA\n a" */ AB "a(b" ab\n a'];
  for (const { name, kind, of: values } of FEATURES) {
    const seen = new Map<string, Set<number>>();
    const numbers = values(text);
    for (const [i, character] of text.entries())
      seen.set(character, (seen.get(character) ?? new Set()).add(numbers[i]!));
    const decided = [...seen.values()].every((each) => each.size === 1);
    expect({ name, decided }).toEqual({ name, decided: kind === 'echo' });
  }
});
