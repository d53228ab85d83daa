import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type BytePairDefinition, BytePairEncoding } from '../../../src/data/index.ts';
import { piecesOf } from '../../../src/data/text/merges.ts';

const seeded = { seed: 1, numRuns: 150 };
/** Words of few letters, so that pairs repeat and overlap. */
const repetitive = fc
  .array(fc.constantFrom('a', 'b', 'ab', 'aaa', ' ', ' a', 'é', '\n', "'s", '1'), { maxLength: 60 })
  .map((parts) => parts.join(''));
const anyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc
    .array(fc.integer({ min: 0xd700, max: 0xe000 }), { maxLength: 9 })
    .map((units) => String.fromCharCode(...units)),
);

type Tokens = readonly number[];
const bytesIn = (text: string): number[] => [...new TextEncoder().encode(text)];
function merged(tokens: Tokens, first: number, second: number, token: number): number[] {
  const out: number[] = [];
  for (let i = 0; i < tokens.length; i++) {
    if (tokens[i] === first && tokens[i + 1] === second) {
      out.push(token);
      i++;
    } else out.push(tokens[i]!);
  }
  return out;
}

/** The definition: counts all pairs again before each merge. */
function slowMerges(text: string, most: number): number[][] {
  let pieces: Tokens[] = piecesOf(text).map(bytesIn);
  const merges: number[][] = [];
  while (merges.length < most) {
    const counts = new Map<string, number>();
    for (const tokens of pieces) {
      for (let i = 0; i + 1 < tokens.length; i++) {
        const pair = `${tokens[i]},${tokens[i + 1]}`;
        counts.set(pair, (counts.get(pair) ?? 0) + 1);
      }
    }
    const pairs = [...counts].map(
      ([pair, count]) => [...pair.split(',').map(Number), count] as [number, number, number],
    );
    const [best] = pairs.sort(([a, b, n], [c, d, m]) => m - n || a - c || b - d);
    if (best === undefined || best[2] < 2) break;
    merges.push([best[0], best[1]]);
    pieces = pieces.map((tokens) => merged(tokens, best[0], best[1], 255 + merges.length));
  }
  return merges;
}

test('Learned merges are those of counting all pairs before each merge; ties go to the smallest pair', () => {
  fc.assert(
    fc.property(repetitive, (text) => {
      expect(BytePairEncoding.of(text, { maxSize: 270 }).merges).toEqual(slowMerges(text, 14));
    }),
    seeded,
  );
});

test('An encoding applies the merges one after another, each from left to right', () => {
  fc.assert(
    fc.property(repetitive, repetitive, (learned, text) => {
      const pairs = BytePairEncoding.of(learned, { maxSize: 270 });
      const expected = piecesOf(text).flatMap((piece) =>
        pairs.merges.reduce((tokens, [a, b], m) => merged(tokens, a, b, 256 + m), bytesIn(piece)),
      );
      expect([...pairs.encode(text)]).toEqual(expected);
    }),
    seeded,
  );
});

test('Decoding gives back any text: all of Unicode, spaces, and lone surrogates', () => {
  const pairs = BytePairEncoding.of('the theme of the thesis 🌊🌊 wörld wörld', {
    maxSize: 300,
    specials: ['<end>'],
  });
  fc.assert(
    fc.property(anyText, (text) => {
      const indices = pairs.encode(text);
      expect(indices).toBeInstanceOf(Int32Array);
      expect(indices.every((index) => index >= 1 && index < pairs.size)).toBe(true);
      expect(pairs.decode(indices)).toBe(text);
    }),
    { seed: 1, numRuns: 400 },
  );
  expect(pairs.encode('the theme').length).toBeLessThan(6);
});

test('Specials have the first indices, and text never encodes to them', () => {
  const pairs = BytePairEncoding.of('aa aa', { maxSize: 259, specials: ['<pad>', '<end>'] });
  expect([pairs.size, pairs.indexOf('<end>')]).toEqual([259, 1]);
  expect([...pairs.encode('aa')]).toEqual([258]);
  expect(pairs.decode([258, 1, 99])).toBe('aa<end>a');
  expect(Math.min(...pairs.encode('<pad>'))).toBeGreaterThan(1);
  expect(() => pairs.indexOf('aa')).toThrow('indexOf: expected a special, got "aa"');
});

test('A rare pair is not merged, and a text may be normalized first', () => {
  expect(BytePairEncoding.of('ab ab ac', { maxSize: 999, minCount: 3 }).merges).toEqual([]);
  const folded = BytePairEncoding.of('AB ab', { maxSize: 257, lowercase: true, form: 'NFKC' });
  expect(folded.merges).toEqual([[97, 98]]);
  expect(folded.decode(folded.encode('ﬁ AB'))).toBe('fi ab');
});

test('Through JSON it is the same encoding', () => {
  const pairs = BytePairEncoding.of('hello hello hell', { maxSize: 262, specials: ['<end>'] });
  const again = new BytePairEncoding(JSON.parse(JSON.stringify(pairs)) as BytePairDefinition);
  expect(again).toEqual(pairs);
  expect(again.encode('hello')).toEqual(pairs.encode('hello'));
});

test('A long piece without spaces is encoded as a short one is', () => {
  const pairs = BytePairEncoding.of('aaaa aaaa', { maxSize: 258 });
  expect([...pairs.encode('a'.repeat(40_001))]).toEqual([...new Array(10_000).fill(257), 97]);
});

test('Definitions and sizes that are not valid are refused', () => {
  const made = (merges: unknown) => () => new BytePairEncoding({ merges: merges as never, specials: [] });
  expect(made([[97, 256]])).toThrow(
    'BytePairEncoding: expected a new pair of tokens from 0 to 255 for merge 0, got [97, 256]',
  );
  expect(
    made([
      [97, 98],
      [97, 98],
    ]),
  ).toThrow('for merge 1');
  // 40 doublings would be a token of 10¹² bytes.
  expect(
    made(Array.from({ length: 40 }, (_, m) => [m === 0 ? 97 : 255 + m, m === 0 ? 97 : 255 + m])),
  ).toThrow('expected tokens of at most 67108864 bytes together, got more with merge 25');
  expect(() => BytePairEncoding.of('a', { maxSize: 255 })).toThrow('expected at least 256 for maxSize');
  const pairs = BytePairEncoding.of('a', { maxSize: 256 });
  expect(() => pairs.decode([256])).toThrow('decode: expected indices from 0 to 255, got 256');
});

test('Pieces are words, numbers and signs with the space before, endings after an apostrophe, and spaces', () => {
  const pieces = [
    "it's",
    "we'll",
    "I've",
    "they're",
    "don't",
    "I'm",
    "he'd",
    "l'été",
    '12a b3',
    ' !?',
    '  x',
    'y \n',
    '\n z_',
  ];
  expect(pieces.map(piecesOf)).toEqual([
    ['it', "'s"],
    ['we', "'ll"],
    ['I', "'ve"],
    ['they', "'re"],
    ['don', "'t"],
    ['I', "'m"],
    ['he', "'d"],
    ['l', "'", 'été'],
    ['12', 'a', ' b', '3'],
    [' !?'],
    [' ', ' x'],
    ['y', ' \n'],
    ['\n', ' z', '_'],
  ]);
  expect(piecesOf('')).toEqual([]);
  fc.assert(
    fc.property(anyText, (text) => {
      expect(piecesOf(text).join('')).toBe(text);
    }),
    seeded,
  );
});

test('A special is looked up by its text alone, and indices are whole numbers from 0 on', () => {
  const pairs = BytePairEncoding.of('aa aa', { maxSize: 259, specials: ['<pad>', '<end>'] });
  expect(pairs.indexOf('<pad>')).toBe(0);
  for (const index of [-1, 0.5, Number.NaN, '97', null])
    expect(() => pairs.decode([index as never])).toThrow('decode: expected indices from 0 to 258, got ');
  expect(pairs.encode('')).toEqual(new Int32Array());
  expect(pairs.decode(pairs.encode('\0a'))).toBe('\0a');
});

test('A merge is a pair of earlier tokens, and anything else is refused', () => {
  for (const merge of [[256, 97], [97, -1], [0.5, 97], [97], [97, 98, 99], null, 'ab'])
    expect(() => new BytePairEncoding({ merges: [merge] as never, specials: [] })).toThrow(
      'BytePairEncoding: expected a new pair of tokens from 0 to 255 for merge 0, got ',
    );
  for (const merges of [null, 3, 'ab', new Set()])
    expect(() => new BytePairEncoding({ merges: merges as never, specials: [] })).toThrow(
      'BytePairEncoding: expected a list of merges, got ',
    );
  for (const specials of [null, 'ab', [''], [1], ['a', 'a']])
    expect(() => new BytePairEncoding({ merges: [], specials: specials as never })).toThrow(
      'BytePairEncoding: expected a list of distinct strings for specials, got ',
    );
});

test('The size limit counts the specials', () => {
  const text = 'abcd abcd abcd';
  const merges = (specials: string[]) => BytePairEncoding.of(text, { maxSize: 259, specials }).merges.length;
  expect([merges([]), merges(['<a>']), merges(['<a>', '<b>', '<c>'])]).toEqual([3, 2, 0]);
  expect(() => merges(['<a>', '<b>', '<c>', '<d>'])).toThrow('expected at least 260 for maxSize');
});

test('What is not a text is refused, by name', () => {
  const pairs = BytePairEncoding.of('', { maxSize: 256 });
  for (const wrong of [null, 3, ['a']]) {
    expect(() => BytePairEncoding.of(wrong as never, { maxSize: 256 })).toThrow(
      'BytePairEncoding.of: expected a string',
    );
    expect(() => pairs.encode(wrong as never)).toThrow('encode: expected a string');
  }
  for (const wrong of [null, undefined, 3, {}])
    expect(() => pairs.decode(wrong as never)).toThrow('decode: expected a list of indices');
});
