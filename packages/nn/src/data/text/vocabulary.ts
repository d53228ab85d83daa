/** Text as characters. */
import { ValueError } from '@chronograd/tensor';
import { describeValue, quoted, showValue } from '@chronograd/tensor/engine';
import { NORMAL_FORMS, type NormalForm, requireIndices, requireText, type Tokenizer } from './tokenizer.ts';

/**
 * The distinct characters (Unicode code points) of a text in ascending order, with their indices.
 */
export class Vocabulary implements Tokenizer {
  readonly characters: readonly string[];
  readonly #indices: ReadonlyMap<string, number>;

  /** @throws ValueError for a repeated character, and for a string that is not one character. */
  constructor(characters: readonly string[]) {
    if (!Array.isArray(characters) || !Array.from(characters).every((each) => typeof each === 'string')) {
      throw new ValueError(
        `Vocabulary: expected an array of characters, got ${describeValue(characters)}; Vocabulary.of(text) makes the vocabulary of a text`,
      );
    }
    this.characters = [...characters];
    this.#indices = new Map(characters.map((character, index) => [character, index]));
    const odd = characters.find((character) => [...character].length !== 1);
    if (odd !== undefined) throw new ValueError(`Vocabulary: expected single characters, got ${quoted(odd)}`);
    if (this.#indices.size !== characters.length)
      throw new ValueError('Vocabulary: expected distinct characters, got one twice');
  }

  static of(text: string): Vocabulary {
    requireText('Vocabulary.of', text);
    return new Vocabulary([...new Set(text)].sort((a, b) => a.codePointAt(0)! - b.codePointAt(0)!));
  }

  get size(): number {
    return this.characters.length;
  }

  /** Whether a character is in the vocabulary. */
  has(character: string): boolean {
    return this.#indices.has(character);
  }

  /**
   * The Unicode normal form in which the vocabulary has every character of a text; null for none.
   * The same text has several forms: é as one character, or as e and an accent.
   * @example vocabulary.encode(text.normalize(vocabulary.normalForm(text) ?? 'NFC'))
   */
  normalForm(text: string): NormalForm | null {
    return NORMAL_FORMS.find((form) => [...new Set(text.normalize(form))].every((c) => this.has(c))) ?? null;
  }

  /**
   * The indices of a text's characters.
   * @throws ValueError naming the first character that is not in the vocabulary. If another Unicode
   * normal form of the text is in it, the error names that form.
   */
  encode(text: string): Int32Array {
    requireText('encode', text);
    // The upper bound of the length. A list of numbers would take several times the memory.
    const indices = new Int32Array(text.length);
    let count = 0;
    for (const character of text) {
      const index = this.#indices.get(character);
      if (index === undefined) {
        throw this.#unknown(character, text);
      }
      indices[count++] = index;
    }
    return indices.slice(0, count);
  }

  /** @throws ValueError for an index out of range. */
  decode(indices: Iterable<number>): string {
    let text = '';
    for (const index of requireIndices(indices)) {
      const character = this.characters[index];
      if (character === undefined) {
        throw new ValueError(`decode: expected indices from 0 to ${this.size - 1}, got ${showValue(index)}`);
      }
      text += character;
    }
    return text;
  }

  #unknown(character: string, text: string): ValueError {
    const form = this.normalForm(text);
    return new ValueError(
      `encode: expected characters of the vocabulary, got ${quoted(character)}; ` +
        (form === null
          ? `the vocabulary has ${this.size} characters: ${quoted(this.characters.join(''))}`
          : `the vocabulary has this text in another Unicode form: encode text.normalize('${form}')`),
    );
  }
}
