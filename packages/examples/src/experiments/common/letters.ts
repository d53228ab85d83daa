/** How often each character stands in a text. */

/** Shares of all characters, by their numbers 0 … V − 1. */
export function frequencies(characters: Int32Array, vocabularySize: number): number[] {
  const counts = new Array<number>(vocabularySize).fill(0);
  for (const character of characters) counts[character]!++;
  return counts.map((count) => count / characters.length);
}

/** The loss of one who knows these shares and nothing else: their entropy, in nats. */
export function letterEntropy(characters: Int32Array, vocabularySize: number): number {
  return frequencies(characters, vocabularySize).reduce(
    (sum, share) => (share === 0 ? sum : sum - share * Math.log(share)),
    0,
  );
}

/** Total variation of two distributions: half the sum of all differences. 0 where they agree, 1 where nothing is shared. */
export function variation(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, share, i) => sum + Math.abs(share - b[i]!), 0) / 2;
}

/** How far the characters of stretches of a text are from those of the whole (total variation): `count` stretches, spread evenly over it. */
export function stretchVariations(
  characters: Int32Array,
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
