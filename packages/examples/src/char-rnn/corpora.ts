/** The texts to train on, by name. A new corpus is a file in `corpora/` and a line in `LOADERS`. */
import { numbers, simple } from './corpora/generated.ts';
import { manualPages } from './corpora/man.ts';
import { code, mobyDick } from './corpora/packaged.ts';

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

/** Loads a corpus. @throws UsageError if the machine has no manual pages */
export function loadCorpus(name: CorpusName): Corpus {
  return { name, text: LOADERS[name]() };
}
