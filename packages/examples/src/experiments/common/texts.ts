/** Prepared texts, cached in each thread. */
import { type CorpusName, loadCorpus } from '../../char-rnn/corpora.ts';
import { prepareText, type TrainingText } from '../../char-rnn/training-text.ts';

/** A part of a text. */
export interface TextConfig {
  readonly corpus: CorpusName;
  /** Characters from its beginning. */
  readonly characters: number;
  /** Share at its end that is held out. */
  readonly holdOut: number;
}

const ready = new Map<string, TrainingText>();

/** The text as character indices. */
export function textOf({ corpus, characters, holdOut }: TextConfig): TrainingText {
  const key = `${corpus} ${characters} ${holdOut}`;
  const known = ready.get(key);
  if (known !== undefined) return known;
  const text = loadCorpus(corpus).text.slice(0, characters);
  const made = prepareText({ name: corpus, text }, { holdOut, batch: 1, steps: 1 });
  ready.set(key, made);
  return made;
}
