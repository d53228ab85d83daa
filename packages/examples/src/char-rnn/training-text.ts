/**
 * A text for training: encoded, with its end held out, and with a hash that resumed runs compare.
 */
import type { Indices, Vocabulary } from '@chronograd/nn/data';
import { UsageError } from '../cli/errors.ts';
import { CharacterIndexer, type IndexedText } from './character-indexer.ts';
import { readTextParts } from './corpora/text-file.ts';
import { type Corpus, type CorpusSource, loadCorpus } from './corpora.ts';
import { atOnce, silently, type Work, withPauses } from './progress/work.ts';
import type { TrainConfiguration } from './settings.ts';

export interface TrainingText {
  readonly name: string;
  /** SHA-256 of the whole text in UTF-8, hexadecimal. */
  readonly sha256: string;
  /** Of the whole text, so that held-out text has no unknown character. */
  readonly vocabulary: Vocabulary;
  readonly training: Indices;
  /** Empty if no text is held out. */
  readonly heldOut: Indices;
}

type Splits = Pick<TrainConfiguration, 'holdOut' | 'batch' | 'steps'>;

/**
 * Splits a text: the start is for training, the end is held out.
 * @throws UsageError if it has only one distinct character, or is too short for the windows or to
 * hold a share out
 */
export function prepareText({ name, text }: Corpus, splits: Splits): TrainingText {
  const indexer = new CharacterIndexer(text.length);
  indexer.add(text);
  return split(name, atOnce(indexer.finish()), splits);
}

/** As {@link prepareText}. A file of any size is read in parts. */
export async function readText(
  source: CorpusSource,
  splits: Splits,
  work: Work = silently,
): Promise<TrainingText> {
  if (typeof source === 'string') return prepareText(loadCorpus(source), splits);
  const { file } = source;
  let indexer: CharacterIndexer | null = null;
  for (const { text, end, size } of readTextParts(file)) {
    indexer ??= indexerFor(file, size);
    indexer.add(text);
    await work(`reading ${file}`, end / size);
  }
  const numbering = (indexer as CharacterIndexer).finish();
  const indexed = await withPauses(numbering, `numbering the characters of ${file}`, work);
  return split(file, indexed as IndexedText, splits);
}

/** A character has at least one byte. */
function indexerFor(file: string, bytes: number): CharacterIndexer {
  try {
    return new CharacterIndexer(bytes);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new UsageError(
      `the text ${file}: expected one that fits into memory, got ${bytes} bytes; use a part`,
    );
  }
}

function split(
  name: string,
  { vocabulary, characters, sha256 }: IndexedText,
  { holdOut, batch, steps }: Splits,
): TrainingText {
  if (vocabulary.size < 2) {
    throw new UsageError(`the text ${name}: expected at least 2 distinct characters, got ${vocabulary.size}`);
  }
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
  return { name, sha256, vocabulary, training, heldOut };
}
