import { memory, Random } from '@chronograd/tensor';
import { expect, test } from 'vitest';
import { sampleCharacters, startAfter } from '../../src/char-rnn/sampling.ts';
import type { Trainer } from '../../src/char-rnn/trainer.ts';
import { chancesAfter } from './oracle.ts';
import { steps, tinyTrainer } from './tiny.ts';

function trained(): Trainer {
  const trainer = tinyTrainer({ dtype: 'float64' });
  steps(trainer, 300);
  return trainer;
}

function sampled(
  { model, text }: Trainer,
  prompt: string,
  length: number,
  temperature: number,
  seed: number,
) {
  const start = startAfter(model, text.vocabulary.encode(prompt));
  return [...sampleCharacters(model, start, { length, temperature, random: new Random(seed) })];
}

test('The same seed gives the same text, another seed another', () => {
  const trainer = trained();
  expect(sampled(trainer, 'the ', 100, 1, 5)).toEqual(sampled(trainer, 'the ', 100, 1, 5));
  expect(sampled(trainer, 'the ', 100, 1, 5)).not.toEqual(sampled(trainer, 'the ', 100, 1, 6));
});

test('At the lowest temperature each character is one that the handwritten network finds likeliest, or all but, after all before it', () => {
  const trainer = trained();
  const prompt = trainer.text.vocabulary.encode('the ');
  const characters = sampled(trainer, 'the ', 30, 0.01, 1);
  const chances = chancesAfter(trainer.model, [...prompt, ...characters]).slice(prompt.length - 1, -1);
  characters.forEach((character, i) => {
    // Logits 0.3 apart are 30 apart at this temperature.
    expect(chances[i]![character]).toBeGreaterThan(Math.max(...chances[i]!) * Math.exp(-0.3));
  });
});

test.each([0.5, 1, 2])(
  'At temperature %d characters come as often as softmax(logits / temperature) of the handwritten network says',
  (temperature) => {
    const trainer = trained();
    const { model, text } = trainer;
    const prompt = text.vocabulary.encode('the s');
    const start = startAfter(model, prompt);
    const random = new Random(1);
    const draws = 4_000;
    const counts = text.vocabulary.characters.map(() => 0);
    for (let i = 0; i < draws; i++) {
      for (const character of sampleCharacters(model, start, { length: 1, temperature, random })) {
        counts[character]!++;
      }
    }
    const chances = chancesAfter(model, prompt, temperature).at(-1)!;
    chances.forEach((chance, character) => {
      const deviation = Math.sqrt(draws * chance * (1 - chance));
      expect(Math.abs(counts[character]! - draws * chance)).toBeLessThanOrEqual(5 * deviation + 1);
    });
  },
);

test('A long sample holds no more memory than a short one', () => {
  const trainer = trained();
  sampled(trainer, 'a', 10, 1, 1);
  const before = memory();
  sampled(trainer, 'a', 5_000, 1, 1);
  expect(memory()).toEqual(before);
});
