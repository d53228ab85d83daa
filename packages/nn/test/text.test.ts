import { ValueError } from '@chronograd/tensor';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Vocabulary } from '../src/index.ts';

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

test('A lone surrogate is a character of its own, and half of no other', () => {
  const vocabulary = Vocabulary.of('\ud83ca\udf0a');
  expect(vocabulary.size).toBe(3);
  expect(() => vocabulary.encode('🌊')).toThrow(
    'encode: "🌊" is not among the 3 characters of the vocabulary',
  );
});

test('A character that is not in the vocabulary is named, with those that are', () => {
  const vocabulary = Vocabulary.of('abc');
  expect(() => vocabulary.encode('abcx')).toThrow(ValueError);
  expect(() => vocabulary.encode('ab\nc')).toThrow(
    'encode: "\\n" is not among the 3 characters of the vocabulary: "abc"',
  );
  expect([...vocabulary.encode('')]).toEqual([]);
});

test('An index out of range is named', () => {
  const vocabulary = Vocabulary.of('abc');
  for (const index of [3, -1, 0.5, Number.NaN]) {
    expect(() => vocabulary.decode([0, index])).toThrow(`decode: index ${index} came, 0 to 2 were expected`);
  }
  expect(vocabulary.decode([])).toBe('');
});

test('A saved list of characters makes the same vocabulary again; one that is no such list is refused', () => {
  const vocabulary = Vocabulary.of('hello 🌊');
  const again = new Vocabulary(JSON.parse(JSON.stringify(vocabulary.characters)) as string[]);
  expect(again.characters).toEqual(vocabulary.characters);
  expect(again.encode('🌊 hello')).toEqual(vocabulary.encode('🌊 hello'));
  expect(() => new Vocabulary(['a', 'b', 'a'])).toThrow('a character stands twice');
  expect(() => new Vocabulary(['a', 'bc'])).toThrow('Vocabulary: "bc" came, single characters were expected');
  expect(() => new Vocabulary(['a', ''])).toThrow('Vocabulary: "" came');
});
