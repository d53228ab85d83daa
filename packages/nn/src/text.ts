/** Text as numbers. */
import { ValueError } from '@chronograd/tensor';
import { describeValue, showValue } from '@chronograd/tensor/engine';

/** The distinct characters (Unicode code points) of a text, in ascending order, each with its index. */
export class Vocabulary {
  readonly characters: readonly string[];
  readonly #indices: ReadonlyMap<string, number>;

  /** @throws ValueError where a character stands twice, or where a string is not one character. */
  constructor(characters: readonly string[]) {
    if (!Array.isArray(characters) || !Array.from(characters).every((each) => typeof each === 'string')) {
      throw new ValueError(
        `Vocabulary: expected an array of characters, got ${describeValue(characters)}; Vocabulary.of(text) takes those of a text`,
      );
    }
    this.characters = [...characters];
    this.#indices = new Map(characters.map((character, index) => [character, index]));
    const odd = characters.find((character) => [...character].length !== 1);
    if (odd !== undefined)
      throw new ValueError(`Vocabulary: ${JSON.stringify(odd)} came, single characters were expected`);
    if (this.#indices.size !== characters.length)
      throw new ValueError('Vocabulary: a character stands twice');
  }

  static of(text: string): Vocabulary {
    requireText('Vocabulary.of', text);
    return new Vocabulary([...new Set(text)].sort((a, b) => a.codePointAt(0)! - b.codePointAt(0)!));
  }

  get size(): number {
    return this.characters.length;
  }

  /**
   * Indices of a text's characters.
   * @throws ValueError naming the first character that is not in the vocabulary.
   */
  encode(text: string): Int32Array {
    requireText('encode', text);
    // As long as the text could be; a list of numbers would take several times the memory of a book.
    const indices = new Int32Array(text.length);
    let count = 0;
    for (const character of text) {
      const index = this.#indices.get(character);
      if (index === undefined) {
        throw new ValueError(
          `encode: ${JSON.stringify(character)} is not among the ${this.size} characters of the vocabulary: ${JSON.stringify(this.characters.join(''))}`,
        );
      }
      indices[count++] = index;
    }
    return indices.slice(0, count);
  }

  /** @throws ValueError for an index out of range. */
  decode(indices: Iterable<number>): string {
    if (typeof indices?.[Symbol.iterator] !== 'function')
      throw new ValueError(`decode: expected a list of indices, got ${describeValue(indices)}`);
    let text = '';
    for (const index of indices) {
      const character = this.characters[index];
      if (character === undefined) {
        throw new ValueError(`decode: index ${showValue(index)} came, 0 to ${this.size - 1} were expected`);
      }
      text += character;
    }
    return text;
  }
}

function requireText(op: string, text: unknown): void {
  if (typeof text !== 'string') throw new ValueError(`${op}: expected a string, got ${describeValue(text)}`);
}
