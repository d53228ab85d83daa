/** Text as byte pairs. */
import { ValueError } from '@chronograd/tensor';
import { describeValue, type OptionKeys, showShape, showValue } from '@chronograd/tensor/engine';
import { requireOptions } from '../../internal/options.ts';
import { isWhole, requireCount } from '../../internal/require.ts';
import { applyMerges, BYTES, learnMerges, type Merge, pairKey, piecesOf } from './merges.ts';
import {
  type Normalization,
  normalizationOf,
  normalized,
  requireIndices,
  requireText,
  requireTokens,
  type Tokenizer,
} from './tokenizer.ts';
import { bytesOf, textOf } from './utf8.ts';

/** Options of `BytePairEncoding.of`. */
export interface BytePairOptions extends Normalization {
  /** V at most: 256 bytes, the specials, and a merge for each other token. */
  readonly maxSize: number;
  /** Merges no pair that is rarer. Default: 2. */
  readonly minCount?: number;
  /** Tokens with the first indices, such as `['<pad>', '<end>']`. Text never encodes to them. */
  readonly specials?: readonly string[];
}

const OPTIONS: OptionKeys<BytePairOptions> = {
  form: true,
  lowercase: true,
  maxSize: true,
  minCount: true,
  specials: true,
};

/** What a byte-pair encoding is: also its form in JSON. */
export interface BytePairDefinition extends Normalization {
  /** Merge m makes token 256 + m of two earlier tokens. Tokens below 256 are bytes of UTF-8. */
  readonly merges: readonly Merge[];
  readonly specials: readonly string[];
}

const DEFINITION: OptionKeys<BytePairDefinition> = {
  form: true,
  lowercase: true,
  merges: true,
  specials: true,
};

/** Of all tokens: each merge may double the length, so that a short file could fill the memory. */
const MOST_BYTES = 2 ** 26;
/** Cached pieces: words repeat. */
const MOST_CACHED = 65536;

/**
 * Byte-pair encoding on the bytes of UTF-8, as GPT-2's. Every text has an encoding, and decoding
 * gives it back: `decode(encode(text))` is `text` after its normalization. Indices: the specials,
 * then the bytes, then the merges.
 * @example
 * const pairs = BytePairEncoding.of(text, { maxSize: 1000 });
 * const indices = pairs.encode('a text');
 * const again = new BytePairEncoding(JSON.parse(JSON.stringify(pairs)));
 */
export class BytePairEncoding implements Tokenizer, BytePairDefinition {
  readonly merges: readonly Merge[];
  readonly specials: readonly string[];
  readonly form: Required<Normalization>['form'];
  readonly lowercase: boolean;
  readonly #ranks: Map<number, number> = new Map();
  /** The bytes of each token that is not special. */
  readonly #bytes: Uint8Array[];
  readonly #cache: Map<string, readonly number[]> = new Map();

  /** @throws ValueError for a definition that is not valid. */
  constructor(definition: BytePairDefinition) {
    const op = 'BytePairEncoding';
    const { merges, specials } = requireOptions(op, definition, '{ merges, specials }', DEFINITION);
    requireTokens(op, 'specials', specials);
    if (!Array.isArray(merges))
      throw new ValueError(`${op}: expected a list of merges, got ${describeValue(merges)}`);
    const { form, lowercase } = normalizationOf(op, definition);
    this.#bytes = Array.from({ length: BYTES }, (_, byte) => Uint8Array.of(byte));
    let total = 0;
    this.merges = Array.from(merges, (merge: Merge, m) => {
      const [first, second] = Array.isArray(merge) && merge.length === 2 ? merge : [];
      const known = (token: unknown): token is number => isWhole(token) && token < BYTES + m;
      if (!known(first) || !known(second) || this.#ranks.has(pairKey(first, second)))
        throw new ValueError(
          `${op}: expected a new pair of tokens from 0 to ${BYTES + m - 1} for merge ${m}, got ${Array.isArray(merge) ? showShape(merge) : describeValue(merge)}`,
        );
      this.#ranks.set(pairKey(first, second), m);
      const [a, b] = [this.#bytes[first]!, this.#bytes[second]!];
      total += a.length + b.length;
      if (total > MOST_BYTES)
        throw new ValueError(
          `${op}: expected tokens of at most ${MOST_BYTES} bytes together, got more with merge ${m}`,
        );
      const joined = new Uint8Array(a.length + b.length);
      joined.set(a);
      joined.set(b, a.length);
      this.#bytes.push(joined);
      return [first, second];
    });
    this.specials = [...specials];
    this.form = form;
    this.lowercase = lowercase;
  }

  /**
   * Learns merges from a text. The same text gives the same merges.
   * @throws ValueError for options that are not valid, such as a size without room for the bytes.
   */
  static of(text: string, options: BytePairOptions): BytePairEncoding {
    const op = 'BytePairEncoding.of';
    requireText(op, text);
    const given = requireOptions(op, options, '{ maxSize: 1000 }', OPTIONS);
    const { maxSize, minCount = 2, specials = [] } = given;
    requireCount(op, 'maxSize', maxSize);
    requireCount(op, 'minCount', minCount);
    requireTokens(op, 'specials', specials);
    const most = maxSize - BYTES - specials.length;
    if (most < 0)
      throw new ValueError(
        `${op}: expected at least ${BYTES + specials.length} for maxSize, the bytes and the specials, got ${maxSize}`,
      );
    const normalization = normalizationOf(op, given);
    const merges = learnMerges(normalized(text, normalization), most, minCount);
    return new BytePairEncoding({ merges, specials, ...normalization });
  }

  get size(): number {
    return this.specials.length + this.#bytes.length;
  }

  /** The index of a special. @throws ValueError for any other token. */
  indexOf(special: string): number {
    const index = this.specials.indexOf(special);
    if (index >= 0) return index;
    throw new ValueError(`indexOf: expected a special, got ${describeValue(special)}`);
  }

  /** The indices of a text. Any text has one. */
  encode(text: string): Int32Array {
    requireText('encode', text);
    const tokens: number[] = [];
    for (const piece of piecesOf(normalized(text, this))) {
      for (const token of this.#tokensOf(piece)) tokens.push(token + this.specials.length);
    }
    return Int32Array.from(tokens);
  }

  /**
   * The text of indices. Bytes that are not UTF-8, as a model may predict them, become U+FFFD.
   * @throws ValueError for an index out of range.
   */
  decode(indices: Iterable<number>): string {
    let text = '';
    let bytes: number[] = [];
    for (const index of requireIndices(indices)) {
      const special = this.specials[index];
      const token = isWhole(index) ? this.#bytes[index - this.specials.length] : undefined;
      if (token !== undefined) for (const byte of token) bytes.push(byte);
      else if (special !== undefined) {
        text += textOf(bytes) + special;
        bytes = [];
      } else
        throw new ValueError(`decode: expected indices from 0 to ${this.size - 1}, got ${showValue(index)}`);
    }
    return text + textOf(bytes);
  }

  #tokensOf(piece: string): readonly number[] {
    const known = this.#cache.get(piece);
    if (known !== undefined) return known;
    const tokens = applyMerges(bytesOf(piece), this.#ranks);
    if (this.#cache.size >= MOST_CACHED) this.#cache.clear();
    this.#cache.set(piece, tokens);
    return tokens;
  }
}
