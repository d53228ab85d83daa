/** Character frequencies. */
import type { Indices } from '@chronograd/nn/data';

/** Shares of all characters, by index 0 … V − 1. */
export function frequencies(characters: Indices, vocabularySize: number): number[] {
  const counts = new Array<number>(vocabularySize).fill(0);
  for (const character of characters) counts[character]!++;
  return counts.map((count) => count / characters.length);
}

/** Entropy of single characters in nats: the loss of predicting by frequency alone. */
export function letterEntropy(characters: Indices, vocabularySize: number): number {
  return frequencies(characters, vocabularySize).reduce(
    (sum, share) => (share === 0 ? sum : sum - share * Math.log(share)),
    0,
  );
}

/** Total variation of two distributions: half the sum of absolute differences, from 0 to 1. */
export function variation(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, share, i) => sum + Math.abs(share - b[i]!), 0) / 2;
}

/**
 * Total variation between stretches of a text and the whole text: `count` stretches, evenly spread.
 */
export function stretchVariations(
  characters: Indices,
  vocabularySize: number,
  length: number,
  count: number,
): number[] {
  const whole = frequencies(characters, vocabularySize);
  const room = characters.length - length;
  return Array.from({ length: count }, (_, i) => {
    const start = Math.round(count === 1 ? 0 : (i * room) / (count - 1));
    return variation(frequencies(characters.subarray(start, start + length), vocabularySize), whole);
  });
}
