/** The texts to train on, by name. A new corpus is a file in `corpora/` and a line in `LOADERS`. */
import { numbers, simple } from './corpora/generated.ts';
import { manualPages } from './corpora/man.ts';
import { code, mobyDick } from './corpora/packaged.ts';
import { readTextFile } from './corpora/text-file.ts';

const LOADERS = { 'moby-dick': mobyDick, code, numbers, simple, man: () => manualPages() };

export type CorpusName = keyof typeof LOADERS;

/** A corpus by name, or a UTF-8 file of the user. */
export type CorpusSource = CorpusName | { readonly file: string };

/** A text and its name. */
export interface Corpus {
  readonly name: string;
  readonly text: string;
}

/** In the order of a list. */
export const CORPUS_NAMES = Object.keys(LOADERS) as readonly CorpusName[];

/**
 * Loads a text.
 * @throws UsageError if the file is not readable as UTF-8, or the machine has no manual pages
 */
export function loadCorpus(source: CorpusSource): Corpus {
  if (typeof source === 'string') return { name: source, text: LOADERS[source]() };
  return { name: source.file, text: readTextFile(source.file) };
}
