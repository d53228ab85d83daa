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
