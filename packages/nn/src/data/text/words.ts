/** Text as words. */
import { ValueError } from '@chronograd/tensor';
import { describeValue, type OptionKeys, quoted, showValue } from '@chronograd/tensor/engine';
import { requireOptions } from '../../internal/options.ts';
import { isWhole, requireCount } from '../../internal/require.ts';
import {
  type Normalization,
  normalizationOf,
  normalized,
  requireIndices,
  requireText,
  requireTokens,
  type Tokenizer,
} from './tokenizer.ts';

/** Words with their apostrophes, and other signs one by one. */
const WORDS = /[\p{L}\p{M}\p{N}_]+(?:['’][\p{L}\p{M}]+)*|[^\s\p{L}\p{M}\p{N}_]/u;

/** Options of `WordVocabulary.of`. */
export interface WordOptions extends Normalization {
  /** Leaves out words that are rarer. Default: 1. */
  readonly minCount?: number;
  /** The largest size, specials included. The rarest words are left out. Default: no limit. */
  readonly maxSize?: number;
  /** Replaces words that are left out or new. Null: `encode` throws. Default: '<unk>'. */
  readonly unknown?: string | null;
  /** Tokens with the first indices, such as `['<pad>', '<end>']`. Text never encodes to them. */
  readonly specials?: readonly string[];
  /** What a word is. Default: letters, digits and apostrophes; each other sign is one word. */
  readonly pattern?: RegExp;
}

const OPTIONS: OptionKeys<WordOptions> = {
  form: true,
  lowercase: true,
  minCount: true,
  maxSize: true,
  unknown: true,
  specials: true,
  pattern: true,
};

/** What a word vocabulary is: also its form in JSON. */
export interface WordDefinition extends Normalization {
  /** The most frequent first. Words of equal counts are in the order of their code units. */
  readonly words: readonly string[];
  /** How often each word was in the text. */
  readonly counts: readonly number[];
  readonly specials: readonly string[];
  readonly unknown: string | null;
  /** The source of the pattern. */
  readonly pattern: string;
}

const DEFINITION: OptionKeys<WordDefinition> = {
  form: true,
  lowercase: true,
  words: true,
  counts: true,
  specials: true,
  unknown: true,
  pattern: true,
};

/**
 * The words of a text with their counts. Indices: the specials, then the unknown word, then the
 * words, the most frequent first. Spaces are not kept: `decode` joins words by one space.
 * @example
 * const words = WordVocabulary.of(text, { minCount: 2, lowercase: true, specials: ['<pad>'] });
 * const again = new WordVocabulary(JSON.parse(JSON.stringify(words)));
 */
export class WordVocabulary implements Tokenizer, WordDefinition {
  readonly words: readonly string[];
  readonly counts: readonly number[];
  readonly specials: readonly string[];
  readonly unknown: string | null;
  readonly form: Required<Normalization>['form'];
  readonly lowercase: boolean;
  readonly pattern: string;
  readonly #tokens: readonly string[];
  readonly #indices: ReadonlyMap<string, number>;

  /** @throws ValueError for a definition that is not valid. */
  constructor(definition: WordDefinition) {
    const op = 'WordVocabulary';
    const example = '{ words, counts, specials, unknown, pattern }';
    const given = requireOptions(op, definition, example, DEFINITION);
    const { words, counts, specials, unknown, pattern } = given;
    requireTokens(op, 'words', words);
    requireTokens(op, 'specials', specials);
    if (!Array.isArray(counts) || counts.length !== words.length || !counts.every(isWhole))
      throw new ValueError(`${op}: expected a count for each word, got ${describeValue(counts)}`);
    if (unknown !== null && typeof unknown !== 'string')
      throw new ValueError(`${op}: expected a string or null for unknown, got ${describeValue(unknown)}`);
    this.#tokens = [...specials, ...(unknown === null ? [] : [unknown]), ...words];
    requireTokens(op, 'specials, unknown and words together', this.#tokens);
    const { form, lowercase } = normalizationOf(op, definition);
    this.words = [...words];
    this.counts = [...counts];
    this.specials = [...specials];
    this.unknown = unknown;
    this.form = form;
    this.lowercase = lowercase;
    this.pattern = patternOf(op, pattern).source;
    this.#indices = new Map(this.#tokens.map((token, index) => [token, index]));
  }

  /** The words of a text. @throws ValueError for options that are not valid. */
  static of(text: string, options: WordOptions = {}): WordVocabulary {
    const op = 'WordVocabulary.of';
    requireText(op, text);
    const given = requireOptions(op, options, '{ minCount: 2 }', OPTIONS);
    const { minCount = 1, maxSize = Number.MAX_SAFE_INTEGER, unknown = '<unk>', specials = [] } = given;
    requireCount(op, 'minCount', minCount);
    requireCount(op, 'maxSize', maxSize);
    requireTokens(op, 'specials', specials);
    const pattern = sourceOf(op, given.pattern ?? WORDS);
    const normalization = normalizationOf(op, given);
    const counts = new Map<string, number>();
    for (const word of wordsOf(normalized(text, normalization), patternOf(op, pattern)))
      counts.set(word, (counts.get(word) ?? 0) + 1);
    for (const token of [...specials, unknown ?? '']) counts.delete(token);
    const room = Math.max(0, maxSize - specials.length - (unknown === null ? 0 : 1));
    const kept = [...counts]
      .filter(([, count]) => count >= minCount)
      .sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1))
      .slice(0, room);
    return new WordVocabulary({
      words: kept.map(([word]) => word),
      counts: kept.map(([, count]) => count),
      specials,
      unknown,
      pattern,
      ...normalization,
    });
  }

  get size(): number {
    return this.#tokens.length;
  }

  /** Whether a word is in the vocabulary. */
  has(word: string): boolean {
    return (this.#indices.get(word) ?? -1) >= this.size - this.words.length;
  }

  /** The index of a word or special, exactly as written. @throws ValueError for any other. */
  indexOf(token: string): number {
    const index = this.#indices.get(token);
    if (index !== undefined) return index;
    throw new ValueError(`indexOf: expected a word or special, got ${describeValue(token)}`);
  }

  /** The indices of a text's words. @throws ValueError for an unknown word without `unknown`. */
  encode(text: string): Int32Array {
    requireText('encode', text);
    const words = wordsOf(normalized(text, this), patternOf('encode', this.pattern));
    return Int32Array.from(words, (word) => {
      if (this.has(word)) return this.#indices.get(word)!;
      if (this.unknown !== null) return this.specials.length;
      throw new ValueError(
        `encode: expected words of the vocabulary, got ${quoted(word)}; a vocabulary with unknown: '<unk>' replaces it`,
      );
    });
  }

  /** The words, with one space between. @throws ValueError for an index out of range. */
  decode(indices: Iterable<number>): string {
    return Array.from(requireIndices(indices), (index) => {
      const token = this.#tokens[index];
      if (token !== undefined) return token;
      throw new ValueError(`decode: expected indices from 0 to ${this.size - 1}, got ${showValue(index)}`);
    }).join(' ');
  }
}

/** The source of a pattern. Its flags are always those of `patternOf`. */
function sourceOf(op: string, pattern: RegExp): string {
  if (pattern instanceof RegExp && /^[gu]*$/.test(pattern.flags)) return pattern.source;
  throw new ValueError(
    `${op}: expected a RegExp with no flags but g and u for pattern, got ${pattern instanceof RegExp ? pattern : describeValue(pattern)}; lowercase: true ignores case`,
  );
}

function patternOf(op: string, source: string): RegExp {
  try {
    if (typeof source === 'string') return new RegExp(source, 'gu');
  } catch {}
  throw new ValueError(
    `${op}: expected a regular expression with the flag u for pattern, got ${describeValue(source)}`,
  );
}

/** The matches of a pattern, without empty ones. */
function wordsOf(text: string, pattern: RegExp): string[] {
  return (text.match(pattern) ?? []).filter((word) => word !== '');
}
