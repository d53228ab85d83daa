/** The texts to learn from, by name. A new corpus is a file in `corpora/` and a line in the table here. */
import { code } from './corpora/code.ts';
import { manualPages } from './corpora/man.ts';
import { mobyDick } from './corpora/moby-dick.ts';
import { numbers } from './corpora/numbers.ts';
import { simple } from './corpora/simple.ts';
import { readTextFile } from './corpora/text-file.ts';

/** The corpora that come with the program or the machine. */
export type CorpusName = 'moby-dick' | 'code' | 'numbers' | 'simple' | 'man';

/** Which text: one of the corpora, or a UTF-8 file of the user's. */
export type CorpusSource = CorpusName | { readonly file: string };

/** A text and what to call it. */
export interface Corpus {
  readonly name: string;
  readonly text: string;
}

const LOADERS: Readonly<Record<CorpusName, () => string>> = {
  'moby-dick': mobyDick,
  code,
  numbers,
  simple,
  man: () => manualPages(),
};

/** Every corpus name, in the order a list should show them. */
export const CORPUS_NAMES: readonly CorpusName[] = Object.keys(LOADERS) as CorpusName[];

/**
 * Loads a text.
 * @throws UsageError if the file cannot be read as UTF-8 text, or the machine has no manual pages
 */
export function loadCorpus(source: CorpusSource): Corpus {
  if (typeof source === 'string') return { name: source, text: LOADERS[source]() };
  return { name: source.file, text: readTextFile(source.file) };
}
