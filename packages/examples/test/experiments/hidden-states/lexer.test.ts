import fc from 'fast-check';
import { expect, test } from 'vitest';
import { placesIn } from '../../../src/experiments/hidden-states/lexer.ts';

/** A letter for each place: c code, l and b comments, s, d and t strings of the three kinds. */
const letters = (text: string): string =>
  placesIn([...text])
    .map((place) => ({ "'": 's', '"': 'd', '`': 't', code: 'c' })[place as string] ?? place[0])
    .join('');

test.each([
  // A mark counts from where it is complete, and ends with its last character.
  ["f('a');", 'ccssccc'],
  ['x = "it\'s" + y', 'ccccdddddccccc'],
  ['\'say "no"\' ', 'ssssssssscc'],
  ["'a\\'b' c", 'sssssccc'],
  ["'a\\\\' b", 'ssssccc'],
  ['`a\nb` c', 'ttttccc'],
  ["'open\nc", 'ssssscc'],
  ['a // it\'s "so"\nb', `ccc${'l'.repeat(11)}cc`],
  ["a /* don't */ b", `ccc${'b'.repeat(9)}ccc`],
  ['/*/ b */ c', `c${'b'.repeat(6)}ccc`],
  ['/**/ c', 'cbbccc'],
  ["'http://x' c", 'sssssssssccc'],
  ['/* a // b */ c', `c${'b'.repeat(10)}ccc`],
  ['// a /* b\nc', `c${'l'.repeat(8)}cc`],
  ['a * b / c', 'ccccccccc'],
  // The text begins within a comment, where a quote opens nothing.
  ["don't */ c", 'bbbbbbbccc'],
])('%j is read as %s', (text, places) => {
  expect(letters(text)).toBe(places);
});

test('a text put together from pieces is read as its pieces', () => {
  const inside = (text: string): string => text.replace(/[*/\\'"`\n]/g, '.');
  const words = fc.string({ maxLength: 6 }).map(inside);
  const piece = fc.oneof(
    words.map((each) => ({ text: each, mark: 'c', before: 0, after: 0 })),
    words.map((each) => ({ text: `/*'${each}"//*/`, mark: 'b', before: 1, after: 1 })),
    words.map((each) => ({ text: `//"${each}/*'\n`, mark: 'l', before: 1, after: 1 })),
    words.map((each) => ({ text: `'\\'${each}"//'`, mark: 's', before: 0, after: 1 })),
    words.map((each) => ({ text: `"${each}\\\\"`, mark: 'd', before: 0, after: 1 })),
    words.map((each) => ({ text: `\`${each}\n'\``, mark: 't', before: 0, after: 1 })),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
      const expected = pieces.map(({ text, mark, before, after }) => {
        const length = [...text].length - before - after;
        return 'c'.repeat(before) + mark.repeat(length) + 'c'.repeat(after);
      });
      expect(letters(`;${pieces.map(({ text }) => text).join('')}`)).toBe(`c${expected.join('')}`);
    }),
    { seed: 1, numRuns: 200 },
  );
});
