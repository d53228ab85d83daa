import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { prepareText } from '../../src/char-rnn/training-text.ts';
import { UsageError } from '../../src/cli/errors.ts';

const settings = { holdOut: 0.1, batch: 1, steps: 1 };
const prepare = (text: string, changes: Partial<typeof settings> = {}) =>
  prepareText({ name: 'text', text }, { ...settings, ...changes });

test('Training part and held-out part are the text, cut once, in numbers of one vocabulary', () => {
  const texts = fc
    .string({ unit: 'grapheme', minLength: 30, maxLength: 200 })
    .filter((t) => new Set(t).size > 1);
  fc.assert(
    fc.property(texts, fc.constantFrom(0, 0.1, 0.25), (text, holdOut) => {
      const { vocabulary, training, heldOut, sha256 } = prepare(text, { holdOut });
      expect(vocabulary.decode([...training, ...heldOut])).toBe(text);
      const length = [...text].length;
      expect(training.length).toBe(Math.floor(length * (1 - holdOut)));
      expect(sha256).toBe(createHash('sha256').update(Buffer.from(text)).digest('hex'));
    }),
    { seed: 1, numRuns: 100 },
  );
});

test('A text with one distinct character throws an error', () => {
  expect(() => prepare('aaaaaaaaaa')).toThrow(UsageError);
  expect(() => prepare('aaaaaaaaaa')).toThrow(
    'the text text: expected at least 2 distinct characters, got 1',
  );
});

test('A text throws an error exactly where the windows of all streams do not fit into its training part', () => {
  const text = 'ab'.repeat(40);
  expect(prepare(text, { holdOut: 0, batch: 4, steps: 18 }).training.length).toBe(80);
  expect(() => prepare(text, { holdOut: 0, batch: 4, steps: 19 })).toThrow(
    'the text text is too short: expected at least 84 characters to train on (a window of 19 and 2 more, ' +
      '4 times in parallel), got 80; choose a longer text, or smaller --steps or --batch',
  );
  expect(() => prepare(text, { steps: 71 })).toThrow(
    'expected at least 73 characters to train on (a window of 71 and 2 more), got 72;',
  );
  expect(() => prepare('ababababab')).toThrow('expected at least 2 held-out characters, got 1 of 10');
});

test('A character takes the bytes that the number of distinct ones needs, wherever the last of them is', () => {
  for (const [distinct, bytes] of [
    [2, 1],
    [256, 1],
    [257, 2],
    [65_536, 2],
    [65_537, 4],
  ] as const) {
    // From U+10000 on, so that no code point is half of a pair.
    const all = Array.from({ length: distinct }, (_, i) => String.fromCodePoint(0x10000 + i));
    const text = `${all[0]}${all[1]}`.repeat(20) + all.join('') + all.reverse().join('');
    const { vocabulary, training, heldOut } = prepare(text);
    expect([training.BYTES_PER_ELEMENT, vocabulary.size]).toEqual([bytes, distinct]);
    expect(vocabulary.decode([...training, ...heldOut]) === text).toBe(true);
  }
});
