/** What vocabularies have in common. */
import { ValueError } from '@chronograd/tensor';
import { describeValue } from '@chronograd/tensor/engine';
import { requireBoolean, requireOneOf } from '../../internal/require.ts';

/** Text as indices and back: `Vocabulary`, `WordVocabulary` and `BytePairEncoding`. */
export interface Tokenizer {
  /** V: the indices are 0 … V − 1. */
  readonly size: number;
  encode(text: string): Int32Array;
  decode(indices: Iterable<number>): string;
}

export const NORMAL_FORMS = ['NFC', 'NFD', 'NFKC', 'NFKD'] as const;

/** A Unicode normal form. NFC and NFKC join letters and accents; NFKC also replaces ﬁ by fi. */
export type NormalForm = (typeof NORMAL_FORMS)[number];

/** What happens to a text before it is cut into tokens. */
export interface Normalization {
  /** Default: null, the text as it is. */
  readonly form?: NormalForm | null;
  /** Default: false. */
  readonly lowercase?: boolean;
}

const requireForm = requireOneOf(...NORMAL_FORMS);

/** The normalization with its defaults. @throws ValueError for values that are not valid. */
export function normalizationOf(
  op: string,
  { form = null, lowercase = false }: Normalization,
): Required<Normalization> {
  if (form !== null) requireForm(op, 'form', form);
  requireBoolean(op, 'lowercase', lowercase);
  return { form, lowercase };
}

export function normalized(text: string, { form, lowercase }: Required<Normalization>): string {
  const normal = form === null ? text : text.normalize(form);
  return lowercase ? normal.toLowerCase() : normal;
}

/** @throws ValueError for anything but a string. */
export function requireText(op: string, text: unknown): void {
  if (typeof text !== 'string') throw new ValueError(`${op}: expected a string, got ${describeValue(text)}`);
}

/** The indices. @throws ValueError for anything that is not iterable. */
export function requireIndices(indices: Iterable<number>): Iterable<number> {
  if (typeof indices?.[Symbol.iterator] === 'function') return indices;
  throw new ValueError(`decode: expected a list of indices, got ${describeValue(indices)}`);
}

/** @throws ValueError unless the value is a list of distinct strings, none of them empty. */
export function requireTokens(op: string, name: string, tokens: unknown): void {
  if (
    !Array.isArray(tokens) ||
    !Array.from(tokens).every((each) => typeof each === 'string' && each !== '') ||
    new Set(tokens).size !== tokens.length
  )
    throw new ValueError(
      `${op}: expected a list of distinct strings for ${name}, got ${describeValue(tokens)}`,
    );
}
