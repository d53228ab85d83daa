/**
 * Character n-gram models, a baseline for recurrent networks. Interpolated Witten–Bell smoothing
 * (Witten and Bell, "The zero-frequency problem", 1991; in this form Chen and Goodman, 1998,
 * equation 15). A context that was followed `count` times, by `kinds` distinct characters, weights
 * its own counts by count / (count + kinds) and the shorter context by the rest:
 *
 *   P(c | h) = (count(h c) + kinds(h) · P(c | h')) / (count(h) + kinds(h)),
 *
 * where h' is h without its first character. The recursion ends at the empty context with the
 * uniform 1 / V. There is no parameter to tune, and every character of the vocabulary has a
 * positive probability.
 */
import { GramTable } from './gram-table.ts';

/** A model of order n counts grams of up to n characters. It predicts from n − 1 characters. */
export interface NgramModel {
  readonly order: number;
  /** V: characters are the integers in [0, V). */
  readonly vocabularySize: number;
  readonly grams: GramTable;
  /** Occurrences of each gram. */
  readonly seen: Int32Array;
  /** How often a character followed each gram. */
  readonly followed: Int32Array;
  /** Distinct characters that followed each gram. */
  readonly kinds: Int32Array;
}

/**
 * Counts the grams of a text of character indices. The model also serves every lower order.
 * @throws RangeError if the order, the vocabulary size or a character is out of range.
 */
export function trainNgram(characters: Int32Array, vocabularySize: number, order: number): NgramModel {
  const counting = countGrams(characters, vocabularySize, order);
  for (;;) {
    const step = counting.next();
    if (step.done === true) return step.value;
  }
}

/** Characters between the yields of {@link countGrams}. */
const COUNTED = 1 << 15;

/** As {@link trainNgram}, in parts. Yields the completed share. */
export function* countGrams(
  characters: Int32Array,
  vocabularySize: number,
  order: number,
): Generator<number, NgramModel, void> {
  if (!Number.isSafeInteger(order) || order < 1) {
    throw new RangeError(`trainNgram: expected a whole order from 1 on, got ${order}`);
  }
  checkCharacters('trainNgram', characters, vocabularySize);
  const grams = new GramTable();
  let counts = {
    seen: new Int32Array(1 << 12),
    followed: new Int32Array(1 << 12),
    kinds: new Int32Array(1 << 12),
  };
  // ending[k]: the gram of the last k characters. Updating from the longest down keeps ending[k -
  // 1] the gram that ends one character earlier.
  const ending = new Int32Array(order + 1);
  for (let i = 0; i < characters.length; i++) {
    if (i % COUNTED === COUNTED - 1) yield i / characters.length;
    const character = characters[i] as number;
    for (let k = Math.min(order, i + 1); k >= 1; k--) {
      const context = ending[k - 1] as number;
      const before = grams.size;
      const gram = grams.intern(context, character);
      if (gram === counts.seen.length) counts = doubled(counts);
      const { seen, followed, kinds } = counts;
      if (gram === before) (kinds[context] as number)++;
      (seen[gram] as number)++;
      (followed[context] as number)++;
      ending[k] = gram;
    }
  }
  return { order, vocabularySize, grams, ...counts };
}

/**
 * The probability that `character` follows `context`, of which the last order − 1 characters count.
 * @param order at most that of the model. Default: that of the model
 * @throws RangeError if the order is out of range
 */
export function ngramProbability(
  model: NgramModel,
  context: ArrayLike<number>,
  character: number,
  order: number = model.order,
): number {
  checkOrder('ngramProbability', model, order);
  let probability = 1 / model.vocabularySize;
  for (let k = 0; k < order && k <= context.length; k++) {
    let gram = 0;
    for (let i = context.length - k; i < context.length && gram >= 0; i++) {
      gram = model.grams.find(gram, context[i] as number);
    }
    if (gram < 0) break;
    probability = refined(model, gram, character, probability);
  }
  return probability;
}

/**
 * Mean of −log₂ P over a held-out text, in bits per character.
 * @param preceding the text before it, which is the context of its first characters. Default: empty
 * @param order at most that of the model. Default: that of the model
 * @throws RangeError if the held-out text is empty or the order out of range
 */
export function bitsPerCharacter(
  model: NgramModel,
  heldOut: Int32Array,
  preceding: Int32Array = new Int32Array(0),
  order: number = model.order,
): number {
  if (heldOut.length === 0) throw new RangeError('bitsPerCharacter: the held-out text is empty');
  checkOrder('bitsPerCharacter', model, order);
  checkCharacters('bitsPerCharacter', heldOut, model.vocabularySize);
  const { grams } = model;
  // ending[k]: the gram of the last k characters, −1 if it, and so any longer one, never occurred.
  const ending = new Int32Array(order).fill(-1);
  ending[0] = 0;
  const advance = (character: number): void => {
    for (let k = order - 1; k >= 1; k--) {
      const shorter = ending[k - 1] as number;
      ending[k] = shorter < 0 ? -1 : grams.find(shorter, character);
    }
  };
  preceding.slice(Math.max(0, preceding.length - order)).forEach(advance);
  let bits = 0;
  for (const character of heldOut) {
    let probability = 1 / model.vocabularySize;
    for (let k = 0; k < order && (ending[k] as number) >= 0; k++) {
      probability = refined(model, ending[k] as number, character, probability);
    }
    bits -= Math.log2(probability);
    advance(character);
  }
  return bits / heldOut.length;
}

/** One step of the recursion. @param shorter the probability after the next shorter context */
function refined(model: NgramModel, context: number, character: number, shorter: number): number {
  const followed = model.followed[context] as number;
  if (followed === 0) return shorter;
  const kinds = model.kinds[context] as number;
  const gram = model.grams.find(context, character);
  const count = gram < 0 ? 0 : (model.seen[gram] as number);
  return (count + kinds * shorter) / (followed + kinds);
}

function checkOrder(caller: string, model: NgramModel, order: number): void {
  if (!Number.isSafeInteger(order) || order < 1 || order > model.order) {
    throw new RangeError(
      `${caller}: expected an order from 1 to ${model.order}, that of the model, got ${order}`,
    );
  }
}

function checkCharacters(caller: string, characters: Int32Array, vocabularySize: number): void {
  for (const character of characters) {
    if (character < 0 || character >= vocabularySize) {
      throw new RangeError(
        `${caller}: expected characters from 0 to ${vocabularySize - 1}, got ${character}`,
      );
    }
  }
}

type Counts = Record<'seen' | 'followed' | 'kinds', Int32Array<ArrayBuffer>>;

function doubled(counts: Counts): Counts {
  const grow = (from: Int32Array): Int32Array<ArrayBuffer> => {
    const to = new Int32Array(from.length * 2);
    to.set(from);
    return to;
  };
  return { seen: grow(counts.seen), followed: grow(counts.followed), kinds: grow(counts.kinds) };
}
