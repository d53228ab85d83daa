/** N-gram models in one call each, and the same probabilities from the definition. */
import { bitsPerCharacter, countGrams, type NgramModel } from '../../src/char-rnn/ngram.ts';
import { atOnce } from '../../src/char-rnn/progress/work.ts';

/** The model of a text. */
export const counted = (text: Int32Array, vocabularySize: number, order: number): NgramModel =>
  atOnce(countGrams(text, vocabularySize, order));

/** Bits per character of a held-out text. Default of the order: that of the model. */
export function bits(
  model: NgramModel,
  heldOut: ArrayLike<number>,
  preceding: ArrayLike<number> = [],
  order: number = model.order,
): number {
  return atOnce(bitsPerCharacter(model, Int32Array.from(heldOut), Int32Array.from(preceding)))[order - 1]!;
}

/** The probability of a character after a context. */
export const chance = (model: NgramModel, context: number[], character: number, order?: number): number =>
  2 ** -bits(model, [character], context, order);

/** Equation 15 of Chen and Goodman, counted again for each context. */
export function chanceByDefinition(
  { text, vocabularySize, order }: { text: number[]; vocabularySize: number; order: number },
  context: number[],
  character: number,
): number {
  let probability = 1 / vocabularySize;
  for (let length = 0; length < order && length <= context.length; length++) {
    const last = context.slice(context.length - length);
    const followers = text.filter((_, i) => i >= length && last.every((c, j) => text[i - length + j] === c));
    const kinds = new Set(followers).size;
    if (kinds === 0) break;
    const count = followers.filter((follower) => follower === character).length;
    probability = (count + kinds * probability) / (followers.length + kinds);
  }
  return probability;
}
