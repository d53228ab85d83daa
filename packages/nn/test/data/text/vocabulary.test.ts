import { ValueError } from '@chronograd/tensor';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Vocabulary } from '../../../src/data/index.ts';

test('Decoding gives back any text that was encoded: all of Unicode, emoji and lone surrogates included', () => {
  const texts = fc.oneof(
    fc.array(fc.integer({ min: 0, max: 0x10ffff })).map((points) => String.fromCodePoint(...points)),
    fc.array(fc.integer({ min: 0xd800, max: 0xdfff })).map((units) => String.fromCharCode(...units)),
  );
  fc.assert(
    fc.property(texts, (text) => {
      const vocabulary = Vocabulary.of(text);
      const indices = vocabulary.encode(text);
      expect(indices).toBeInstanceOf(Int32Array);
      expect(vocabulary.decode(indices)).toBe(text);
      expect(indices.length).toBe([...text].length);
      expect(vocabulary.size).toBe(new Set(text).size);
    }),
    { seed: 1, numRuns: 300 },
  );
});

test('Characters are code points in ascending order, each once, whatever their order in the text', () => {
  expect(Vocabulary.of('hello, 🌊 wörld').characters).toEqual([
    ' ',
    ',',
    'd',
    'e',
    'h',
    'l',
    'o',
    'r',
    'w',
    'ö',
    '🌊',
  ]);
  expect(Vocabulary.of('ba').characters).toEqual(Vocabulary.of('abba').characters);
  // In order of UTF-16 units the emoji (D83C …) would come before U+FFFD.
  expect(Vocabulary.of('🌊\ufffd').characters).toEqual(['\ufffd', '🌊']);
  expect([...Vocabulary.of('ab🌊').encode('🌊ba')]).toEqual([2, 1, 0]);
});

test('A lone surrogate is a separate character, and not half of another', () => {
  const vocabulary = Vocabulary.of('\ud83ca\udf0a');
  expect(vocabulary.size).toBe(3);
  expect(() => vocabulary.encode('🌊')).toThrow(
    'encode: expected characters of the vocabulary, got "🌊"; the vocabulary has 3 characters: ',
  );
});

test('A character that is not in the vocabulary is named, with those that are', () => {
  const vocabulary = Vocabulary.of('abc');
  expect(() => vocabulary.encode('abcx')).toThrow(ValueError);
  expect(() => vocabulary.encode('ab\nc')).toThrow(
    'encode: expected characters of the vocabulary, got "\\n"; the vocabulary has 3 characters: "abc"',
  );
  expect([...vocabulary.encode('')]).toEqual([]);
});

test('An index out of range is named', () => {
  const vocabulary = Vocabulary.of('abc');
  for (const index of [3, -1, 0.5, Number.NaN]) {
    expect(() => vocabulary.decode([0, index])).toThrow(`decode: expected indices from 0 to 2, got ${index}`);
  }
  expect(vocabulary.decode([])).toBe('');
});

test('A saved list of characters makes the same vocabulary again; one that is no such list throws an error', () => {
  const vocabulary = Vocabulary.of('hello 🌊');
  const again = new Vocabulary(JSON.parse(JSON.stringify(vocabulary.characters)) as string[]);
  expect(again.characters).toEqual(vocabulary.characters);
  expect(again.encode('🌊 hello')).toEqual(vocabulary.encode('🌊 hello'));
  expect(() => new Vocabulary(['a', 'b', 'a'])).toThrow(
    'Vocabulary: expected distinct characters, got one twice',
  );
  expect(() => new Vocabulary(['a', 'bc'])).toThrow('Vocabulary: expected single characters, got "bc"');
  expect(() => new Vocabulary(['a', ''])).toThrow('Vocabulary: expected single characters, got ""');
});

/** The message of what `work` throws. */
function messageOf(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    return (error as Error).message;
  }
  return '';
}

test('However large a vocabulary or a wrong character is, the message stays short', () => {
  const large = Vocabulary.of(
    Array.from({ length: 20_000 }, (_, i) => String.fromCodePoint(0x4e00 + i)).join(''),
  );
  const message = messageOf(() => large.encode('a'));
  expect(message).toMatch(/^encode: expected .*got "a"; the vocabulary has 20000 characters: "一丁.{78}…"$/);
  expect(messageOf(() => new Vocabulary(['x'.repeat(1e6)])).length).toBeLessThan(200);
  expect(messageOf(() => Vocabulary.of('\u009b[2J').encode('\u202e'))).toBe(
    'encode: expected characters of the vocabulary, got "\\u202e"; the vocabulary has 4 characters: "2J[\\u009b"',
  );
  // Nothing is cut within a character.
  expect(messageOf(() => Vocabulary.of('🌊'.repeat(1) + large.characters.join('')).encode('a'))).not.toMatch(
    /\\ud/,
  );
});

test('The error for a text in another Unicode normal form than the vocabulary names that form', () => {
  const text = 'Việt Nam, café, 한글 ﬁ';
  for (const [known, given] of [
    ['NFD', 'NFC'],
    ['NFC', 'NFD'],
    ['NFKD', 'NFC'],
  ] as const)
    expect(messageOf(() => Vocabulary.of(text.normalize(known)).encode(text.normalize(given)))).toMatch(
      new RegExp(`another Unicode form: encode text\\.normalize\\('${known}'\\)$`),
    );
  expect(messageOf(() => Vocabulary.of('abc').encode('cafe'))).not.toContain('normalize');
});

test('A list of characters is an array of strings, and a text is a string', () => {
  for (const wrong of [null, 'abc', new Set(['a']), [1], [null], ['a', undefined]])
    expect(() => new Vocabulary(wrong as never)).toThrow('Vocabulary: expected an array of characters, got ');
  const vocabulary = Vocabulary.of('ab');
  expect([vocabulary.has('a'), vocabulary.has('c'), vocabulary.size]).toEqual([true, false, 2]);
  for (const wrong of [null, 3, ['a']]) {
    expect(() => Vocabulary.of(wrong as never)).toThrow('Vocabulary.of: expected a string');
    expect(() => vocabulary.encode(wrong as never)).toThrow('encode: expected a string');
  }
});
