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
