/** A text as indices of characters, from its parts. The whole text is never one string. */
import { createHash } from 'node:crypto';
import { type Indices, Vocabulary } from '@chronograd/nn/data';
import type { InParts } from './progress/work.ts';

const CODE_POINTS = 0x110000;

export interface IndexedText {
  readonly vocabulary: Vocabulary;
  /** Of one byte each while there are at most 256 distinct characters; else of two, or four. */
  readonly characters: Indices;
  /** SHA-256 of the text in UTF-8, hexadecimal. */
  readonly sha256: string;
}

/** Indexes characters in the order in which they are new, and renumbers them at the end. */
export class CharacterIndexer {
  readonly #hash = createHash('sha256');
  #indices: Indices;
  /** The index of each code point, −1 if it is new. */
  readonly #indexOf = new Int32Array(CODE_POINTS).fill(-1);
  readonly #found: number[] = [];
  #count = 0;

  /** @param most the largest number of characters */
  constructor(most: number) {
    this.#indices = new Uint8Array(most);
  }

  /** @param part does not end within a surrogate pair */
  add(part: string): void {
    this.#hash.update(part);
    for (let i = 0; i < part.length; i++) {
      const code = part.codePointAt(i) as number;
      if (code > 0xffff) i++;
      let index = this.#indexOf[code] as number;
      if (index < 0) {
        index = this.#found.push(code) - 1;
        this.#indexOf[code] = index;
        if (index === 1 << 8) this.#widen(Uint16Array);
        if (index === 1 << 16) this.#widen(Int32Array);
      }
      this.#indices[this.#count++] = index;
    }
  }

  /** Makes room for larger indices. */
  #widen(Wider: Uint16ArrayConstructor | Int32ArrayConstructor): void {
    const wider = new Wider(this.#indices.length);
    wider.set(this.#indices.subarray(0, this.#count));
    this.#indices = wider;
  }

  /** The text. Yields the completed share between parts of the work. */
  *finish(): InParts<IndexedText> {
    const vocabulary = Vocabulary.of(this.#found.map((code) => String.fromCodePoint(code)).join(''));
    const ascending = [...this.#found].sort((a, b) => a - b);
    const final = new Int32Array(ascending.length);
    ascending.forEach((code, rank) => {
      final[this.#indexOf[code] as number] = rank;
    });
    const characters = this.#indices.subarray(0, this.#count);
    for (let from = 0; from < characters.length; from += PART) {
      const to = Math.min(from + PART, characters.length);
      for (let i = from; i < to; i++) characters[i] = final[characters[i] as number] as number;
      yield to / characters.length;
    }
    return { vocabulary, characters, sha256: this.#hash.digest('hex') };
  }
}

/** Characters that are renumbered between yields. */
const PART = 1 << 20;
