import { expect, test } from 'vitest';
import { type WordDefinition, WordVocabulary } from '../../../src/data/index.ts';

const text = "The whale, the sea: don't fear the whale!";

test('Words are counted; the most frequent is first, and equal counts are in order of code units', () => {
  const words = WordVocabulary.of(text, { lowercase: true });
  expect(words.words).toEqual(['the', 'whale', '!', ',', ':', "don't", 'fear', 'sea']);
  expect(words.counts).toEqual([3, 2, 1, 1, 1, 1, 1, 1]);
  expect(words.size).toBe(9);
  expect(words.decode(words.encode(text))).toBe("the whale , the sea : don't fear the whale !");
});

test('Specials are first, then the unknown word, which replaces rare and new words', () => {
  const words = WordVocabulary.of(text, { minCount: 2, specials: ['<pad>', '<end>'], lowercase: true });
  expect([words.size, words.indexOf('<pad>'), words.indexOf('<unk>'), words.indexOf('the')]).toEqual([
    5, 0, 2, 3,
  ]);
  expect([...words.encode('the squid <pad>')]).toEqual([3, 2, 2, 2, 2]);
  expect(words.decode([0, 3, 2])).toBe('<pad> the <unk>');
  expect([words.has('the'), words.has('<pad>'), words.has('<unk>'), words.has('squid')]).toEqual([
    true,
    false,
    false,
    false,
  ]);
});

test('The size limit counts specials and the unknown word, and keeps the most frequent words', () => {
  const words = WordVocabulary.of(text, { maxSize: 4, specials: ['<pad>'], lowercase: true });
  expect([words.size, words.words]).toEqual([4, ['the', 'whale']]);
});

test('Text never encodes to a special, not even where the pattern finds it', () => {
  const words = WordVocabulary.of('<pad> a <unk>', { pattern: /\S+/, specials: ['<pad>'] });
  expect(words.words).toEqual(['a']);
  expect([...words.encode('<pad> a <unk>')]).toEqual([1, 2, 1]);
});

test('Forms of Unicode and case are made equal before the cut', () => {
  const decomposed = 'Caf\u0065\u0301 ﬁn';
  const words = WordVocabulary.of('café fin', { form: 'NFKC', lowercase: true, unknown: null });
  expect(words.decode(words.encode(decomposed))).toBe('café fin');
  const exact = WordVocabulary.of('café', { unknown: null });
  expect(() => exact.encode(decomposed)).toThrow(
    'encode: expected words of the vocabulary, got "Cafe\u0301"; a vocabulary with unknown: \'<unk>\' replaces it',
  );
});

test('Through JSON it is the same vocabulary', () => {
  const words = WordVocabulary.of(text, {
    minCount: 1,
    specials: ['<pad>'],
    form: 'NFC',
    pattern: /\p{L}+/u,
  });
  const again = new WordVocabulary(JSON.parse(JSON.stringify(words)) as WordDefinition);
  expect(again).toEqual(words);
  expect(again.encode(text)).toEqual(words.encode(text));
});

test('Invalid definitions are refused', () => {
  const words = WordVocabulary.of('a b');
  const made = (change: object) => () => new WordVocabulary({ ...words, ...change });
  expect(made({ words: ['a', 'a'] })).toThrow(
    'WordVocabulary: expected a list of distinct strings for words',
  );
  expect(made({ specials: ['a'] })).toThrow('distinct strings for specials, unknown and words together');
  expect(made({ counts: [1] })).toThrow('expected a count for each word');
  expect(made({ pattern: '(' })).toThrow(
    'expected a regular expression with the flag u for pattern, got "("',
  );
  expect(() => WordVocabulary.of('a', { pattern: /a/i })).toThrow(
    'WordVocabulary.of: expected a RegExp with no flags but g and u for pattern, got /a/i; lowercase: true ignores case',
  );
  expect(() => words.decode([9])).toThrow('decode: expected indices from 0 to 2, got 9');
  expect(() => words.indexOf('c')).toThrow('indexOf: expected a word or special, got "c"');
});

test('A word is new unless the text had it, also without specials', () => {
  const words = WordVocabulary.of('a b');
  expect([words.has('a'), words.has('c'), words.has('<unk>')]).toEqual([true, false, false]);
  expect([...words.encode('c a')]).toEqual([0, 1]);
  expect(words.indexOf('<unk>')).toBe(0);
  const exact = WordVocabulary.of('b a b', { unknown: null });
  expect([exact.words, [...exact.encode('a b')], exact.has('c')]).toEqual([['b', 'a'], [1, 0], false]);
  expect(WordVocabulary.of('').words).toEqual([]);
  expect(words.encode('')).toEqual(new Int32Array());
});

test('Where specials and the unknown word fill the size, no word is kept', () => {
  const size = (maxSize: number, unknown: string | null) =>
    WordVocabulary.of('a b c', { maxSize, unknown, specials: ['<pad>', '<end>'] }).words.length;
  expect([size(1, '<unk>'), size(3, '<unk>'), size(4, '<unk>'), size(3, null)]).toEqual([0, 0, 1, 1]);
});

test('A pattern that matches nothing between words finds the words alone', () => {
  expect(WordVocabulary.of('ab, c', { pattern: /\p{L}*/u }).words).toEqual(['ab', 'c']);
  for (const pattern of [/a/, /a/g, /a/u, /a/gu])
    expect(WordVocabulary.of('a', { pattern }).pattern).toBe('a');
  for (const pattern of [/a/gi, /a/iu, /a/i, /a/m, 'a'])
    expect(() => WordVocabulary.of('a', { pattern: pattern as never })).toThrow(
      'WordVocabulary.of: expected a RegExp with no flags but g and u for pattern, got ',
    );
});

test('A definition has a whole count for each word, texts for the pattern and the unknown word', () => {
  const words = WordVocabulary.of('a b');
  const made = (change: object) => () => new WordVocabulary({ ...words, ...change } as WordDefinition);
  for (const counts of [null, 'ab', [1], [1, 2, 3], [1, 0.5], [1, -1]])
    expect(made({ counts })).toThrow('WordVocabulary: expected a count for each word');
  for (const unknown of [3, undefined, ['a']])
    expect(made({ unknown })).toThrow('WordVocabulary: expected a string or null for unknown');
  for (const pattern of [3, null, /a/])
    expect(made({ pattern })).toThrow('WordVocabulary: expected a regular expression');
  for (const wrong of [null, 3])
    expect(() => WordVocabulary.of(wrong as never)).toThrow('WordVocabulary.of: expected a string');
  for (const form of ['nfc', 3]) expect(made({ form })).toThrow('form');
  for (const lowercase of [1, null]) expect(made({ lowercase })).toThrow('lowercase');
});
