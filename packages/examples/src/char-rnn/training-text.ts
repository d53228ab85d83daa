/** A text made ready: as numbers, its end held out, and a fingerprint by which a resumed run knows it again. */
import { createHash } from 'node:crypto';
import { Vocabulary } from '@chronograd/nn';
import type { TrainConfiguration } from './configuration.ts';
import type { Corpus } from './corpora.ts';
import { UsageError } from './usage-error.ts';

export interface TrainingText {
  readonly name: string;
  /** SHA-256 of the whole text in UTF-8, as hexadecimal digits. */
  readonly sha256: string;
  /** Of the whole text: what is held out has no character of its own. */
  readonly vocabulary: Vocabulary;
  readonly training: Int32Array;
  /** Empty where nothing is held out. */
  readonly heldOut: Int32Array;
}

/**
 * Splits a text as the configuration says: its beginning is for training, its end is held out.
 * @throws UsageError if it has one distinct character only, or is too short for the windows or for the share held out
 */
export function prepareText(
  { name, text }: Corpus,
  { holdOut, batch, steps }: Pick<TrainConfiguration, 'holdOut' | 'batch' | 'steps'>,
): TrainingText {
  const vocabulary = Vocabulary.of(text);
  if (vocabulary.size < 2) {
    throw new UsageError(
      `the text ${name} has ${vocabulary.size} distinct character: nothing to learn there`,
    );
  }
  const characters = vocabulary.encode(text);
  const cut = Math.floor(characters.length * (1 - holdOut));
  const [training, heldOut] = [characters.subarray(0, cut), characters.subarray(cut)];
  const needed = batch * (steps + 2);
  if (training.length < needed) {
    const streams = batch === 1 ? '' : ` ${batch} times, side by side`;
    throw new UsageError(
      `the text ${name} is too short: ${training.length} characters to train on, ${needed} are needed ` +
        `(a window of ${steps} and 2 more${streams}): choose a longer text, or smaller --steps or --batch`,
    );
  }
  if (holdOut > 0 && heldOut.length < 2) {
    throw new UsageError(
      `the text ${name} is too short: ${heldOut.length} of its ${characters.length} characters would be held out, ` +
        'at least 2 are needed: choose a longer text',
    );
  }
  const sha256 = createHash('sha256').update(text).digest('hex');
  return { name, sha256, vocabulary, training, heldOut };
}
