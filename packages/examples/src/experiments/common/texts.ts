/** Texts made ready, once in each thread: many parts read the same one. */
import { type CorpusName, loadCorpus } from '../../char-rnn/corpora.ts';
import { prepareText, type TrainingText } from '../../char-rnn/training-text.ts';

/** Which text, and what of it. */
export interface TextConfig {
  readonly corpus: CorpusName;
  /** How much of it is taken, from its beginning. */
  readonly characters: number;
  /** Share of that, at its end, that is not trained on. */
  readonly holdOut: number;
}

const ready = new Map<string, TrainingText>();

/** The text, as numbers. */
export function textOf({ corpus, characters, holdOut }: TextConfig): TrainingText {
  const key = `${corpus} ${characters} ${holdOut}`;
  const known = ready.get(key);
  if (known !== undefined) return known;
  const text = loadCorpus(corpus).text.slice(0, characters);
  const made = prepareText({ name: corpus, text }, { holdOut, batch: 1, steps: 1 });
  ready.set(key, made);
  return made;
}
