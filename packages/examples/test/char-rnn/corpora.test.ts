import { expect, test } from 'vitest';
import { CORPUS_NAMES, loadCorpus } from '../../src/char-rnn/corpora.ts';

test('Moby Dick is the whole book', () => {
  const { name, text } = loadCorpus('moby-dick');
  expect(name).toBe('moby-dick');
  expect(text.length).toBe(1_190_317);
  expect(text.slice(0, 50)).toMatch(/^CHAPTER 1\. Loomings\.\n\nCall me Ishmael\./);
});

test('the code is TypeScript’s declarations, whole lines, about two million characters', () => {
  const { text } = loadCorpus('code');
  expect(text.includes('interface Array<T>')).toBe(true);
  expect(text.includes('interface Document')).toBe(true);
  expect(text.length).toBeGreaterThan(1_900_000);
  expect(text.length).toBeLessThanOrEqual(2_000_000);
  expect(text.endsWith('\n')).toBe(true);
});

test('every sum, difference, product and series of the numbers is right', () => {
  const lines = loadCorpus('numbers').text.trimEnd().split('\n');
  expect(lines.length).toBe(12_000);
  for (const line of lines) {
    const equation = /^(\d+) ([-+*]) (\d+) = (\d+)$/.exec(line);
    if (equation === null) {
      expect(line).toMatch(/^\d+( \d+){4}$/);
      const [a = 0, b = 0, c, d, e] = line.split(' ').map(Number);
      expect([c, d, e]).toEqual([2, 3, 4].map((i) => a + i * (b - a)));
    } else {
      const [a, b, result] = [equation[1], equation[3], equation[4]].map(Number) as [number, number, number];
      const value = { '+': a + b, '-': a - b, '*': a * b }[equation[2] ?? ''];
      expect(result).toBe(value);
    }
  }
});

test('every simple sentence follows its grammar', () => {
  const lines = loadCorpus('simple').text.trimEnd().split('\n');
  expect(lines.length).toBe(8_000);
  for (const line of lines) expect(line).toMatch(/^(the|a|an) [a-z ]+ [a-z]+\.$/);
  expect(lines.some((line) => / an [^aeiou]| a [aeiou]/.test(line))).toBe(false);
});

test('the generated corpora are the same text every time, each kind of line in it', () => {
  for (const name of ['numbers', 'simple'] as const) {
    const { text } = loadCorpus(name);
    expect(loadCorpus(name).text).toBe(text);
    expect(text.length).toBeGreaterThan(150_000);
  }
  const numbers = loadCorpus('numbers').text;
  for (const kind of [/ \+ /, / - /, / \* /, /^\d+( \d+){4}$/m]) expect(numbers).toMatch(kind);
});

test('every corpus has a name to ask for it by', () => {
  expect(CORPUS_NAMES).toEqual(['moby-dick', 'code', 'numbers', 'simple', 'man']);
});
