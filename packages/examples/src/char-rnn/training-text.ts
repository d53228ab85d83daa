/**
 * A text for training: encoded, with its end held out, and with a hash that resumed runs compare.
 */
import { createHash } from 'node:crypto';
import { Vocabulary } from '@chronograd/nn/data';
import { UsageError } from '../cli/errors.ts';
import type { Corpus } from './corpora.ts';
import type { TrainConfiguration } from './settings.ts';

export interface TrainingText {
  readonly name: string;
  /** SHA-256 of the whole text in UTF-8, hexadecimal. */
  readonly sha256: string;
  /** Of the whole text, so that held-out text has no unknown character. */
  readonly vocabulary: Vocabulary;
  readonly training: Int32Array;
  /** Empty if no text is held out. */
  readonly heldOut: Int32Array;
}

/**
 * Splits a text: the start is for training, the end is held out.
 * @throws UsageError if it has only one distinct character, or is too short for the windows or to
 * hold a share out
 */
export function prepareText(
  { name, text }: Corpus,
  { holdOut, batch, steps }: Pick<TrainConfiguration, 'holdOut' | 'batch' | 'steps'>,
): TrainingText {
  const vocabulary = Vocabulary.of(text);
  if (vocabulary.size < 2) {
    throw new UsageError(`the text ${name}: expected at least 2 distinct characters, got ${vocabulary.size}`);
  }
  const characters = vocabulary.encode(text);
  const cut = Math.floor(characters.length * (1 - holdOut));
  const [training, heldOut] = [characters.subarray(0, cut), characters.subarray(cut)];
  const needed = batch * (steps + 2);
  if (training.length < needed) {
    const streams = batch === 1 ? '' : `, ${batch} times in parallel`;
    throw new UsageError(
      `the text ${name} is too short: expected at least ${needed} characters to train on ` +
        `(a window of ${steps} and 2 more${streams}), got ${training.length}; ` +
        'choose a longer text, or smaller --steps or --batch',
    );
  }
  if (holdOut > 0 && heldOut.length < 2) {
    throw new UsageError(
      `the text ${name} is too short: expected at least 2 held-out characters, got ${heldOut.length} ` +
        `of ${characters.length}; choose a longer text`,
    );
  }
  const sha256 = createHash('sha256').update(text).digest('hex');
  return { name, sha256, vocabulary, training, heldOut };
}
