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
import type { Indices } from '@chronograd/nn/data';
import { GramTable } from './gram-table.ts';
import type { InParts } from './progress/work.ts';

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

/** Characters in a part of the work. */
const PART = 1 << 15;

/** Counts the grams of a text. The model also serves every lower order. */
export function* countGrams(characters: Indices, vocabularySize: number, order: number): InParts<NgramModel> {
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
    if (i % PART === PART - 1) yield i / characters.length;
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
 * Mean of −log₂ P over a held-out text, in bits per character, of the orders 1 to that of the
 * model.
 * @param preceding the text before it, which is the context of its first characters
 */
export function* bitsPerCharacter(
  model: NgramModel,
  heldOut: Indices,
  preceding: Indices,
): InParts<Float64Array> {
  const { grams, order, vocabularySize } = model;
  // ending[k]: the gram of the last k characters, −1 if it, and so any longer one, never occurred.
  const ending = new Int32Array(order).fill(-1);
  ending[0] = 0;
  const advance = (character: number): void => {
    for (let k = order - 1; k >= 1; k--) {
      const shorter = ending[k - 1] as number;
      ending[k] = shorter < 0 ? -1 : grams.find(shorter, character);
    }
  };
  for (const character of preceding.slice(-order)) advance(character);
  const bits = new Float64Array(order);
  for (let i = 0; i < heldOut.length; i++) {
    if (i % PART === PART - 1) yield i / heldOut.length;
    const character = heldOut[i] as number;
    let probability = 1 / vocabularySize;
    for (let k = 0; k < order; k++) {
      const context = ending[k] as number;
      if (context >= 0) probability = refined(model, context, character, probability);
      (bits[k] as number) -= Math.log2(probability);
    }
    advance(character);
  }
  return bits.map((sum) => sum / heldOut.length);
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

type Counts = Record<'seen' | 'followed' | 'kinds', Int32Array<ArrayBuffer>>;

function doubled(counts: Counts): Counts {
  const grow = (from: Int32Array): Int32Array<ArrayBuffer> => {
    const to = new Int32Array(from.length * 2);
    to.set(from);
    return to;
  };
  return { seen: grow(counts.seen), followed: grow(counts.followed), kinds: grow(counts.kinds) };
}
