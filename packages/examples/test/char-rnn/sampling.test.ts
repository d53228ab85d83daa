import { memory, Random } from '@chronograd/tensor';
import { expect, test } from 'vitest';
import { type Choice, sampleCharacters, startAfter } from '../../src/char-rnn/sampling.ts';
import type { Trainer } from '../../src/char-rnn/trainer.ts';
import { chancesAfter } from './oracle.ts';
import { steps, tinyTrainer } from './tiny.ts';

async function trained(): Promise<Trainer> {
  const trainer = tinyTrainer({ dtype: 'float64' });
  await steps(trainer, 300);
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

test('The same seed gives the same text, another seed another', async () => {
  const trainer = await trained();
  expect(sampled(trainer, 'the ', 100, 1, 5)).toEqual(sampled(trainer, 'the ', 100, 1, 5));
  expect(sampled(trainer, 'the ', 100, 1, 5)).not.toEqual(sampled(trainer, 'the ', 100, 1, 6));
});

test('At the lowest temperature each character is one that the handwritten network finds likeliest, or all but, after all before it', async () => {
  const trainer = await trained();
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
  async (temperature) => {
    const trainer = await trained();
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

test('A long sample holds no more memory than a short one', async () => {
  const trainer = await trained();
  sampled(trainer, 'a', 10, 1, 1);
  const before = memory();
  sampled(trainer, 'a', 5_000, 1, 1);
  expect(memory()).toEqual(before);
});

test('top-k 1 and temperature 0 both give the likeliest character after all before it, and draw nothing that changes it', async () => {
  const trainer = await trained();
  const start = startAfter(trainer.model, trainer.text.vocabulary.encode('the '));
  const options = { length: 40, random: new Random(1) };
  const greedy = [...sampleCharacters(trainer.model, start, { ...options, temperature: 0 })];
  const prompt = trainer.text.vocabulary.encode('the ');
  const chances = chancesAfter(trainer.model, [...prompt, ...greedy]).slice(prompt.length - 1, -1);
  expect(greedy).toEqual(chances.map((row) => row.indexOf(Math.max(...row))));
  for (const temperature of [0.5, 1, 3])
    expect([...sampleCharacters(trainer.model, start, { ...options, temperature, topK: 1 })]).toEqual(greedy);
});

test('top-p 1 and a top-k of the whole vocabulary or more change no character', async () => {
  const { model, text } = await trained();
  const start = startAfter(model, text.vocabulary.encode('the '));
  const write = (choice: Partial<Choice>): number[] => [
    ...sampleCharacters(model, start, { length: 200, temperature: 1, random: new Random(3), ...choice }),
  ];
  const all = write({});
  expect(write({ topP: 1 })).toEqual(all);
  expect(write({ topK: null })).toEqual(all);
  expect(write({ topK: text.vocabulary.size })).toEqual(all);
  expect(write({ topK: 10_000, topP: 1 })).toEqual(all);
});

test('Characters are drawn from the set of top-k and top-p of the handwritten network alone, and each as often as its share says', async () => {
  const { model, text } = await trained();
  const prompt = text.vocabulary.encode('the s');
  const start = startAfter(model, prompt);
  for (const [temperature, topK, topP] of [
    [1, 3, 1],
    [1, null, 0.7],
    [1.5, 5, 0.8],
  ] as const) {
    const chances = chancesAfter(model, prompt, temperature).at(-1)!;
    const order = chances.map((_, i) => i).sort((a, b) => chances[b]! - chances[a]!);
    const first = order.slice(0, topK ?? order.length);
    const total = first.reduce((sum, i) => sum + chances[i]!, 0);
    // The fewest that reach the share: without the last one they do not.
    let [sum, count] = [0, 0];
    while (sum < topP * total - 1e-12) sum += chances[first[count++]!]!;
    const set = first.slice(0, count);
    expect(set.length).toBeLessThan(order.length);
    const random = new Random(1);
    const draws = 1_000;
    const counts = chances.map(() => 0);
    for (let i = 0; i < draws; i++)
      for (const each of sampleCharacters(model, start, { length: 1, temperature, topK, topP, random }))
        counts[each]!++;
    counts.forEach((n, i) => {
      const share = set.includes(i) ? chances[i]! / sum : 0;
      expect(Math.abs(n - draws * share)).toBeLessThanOrEqual(5 * Math.sqrt(draws * share * (1 - share)));
    });
  }
});
