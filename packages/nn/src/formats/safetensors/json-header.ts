/**
 * A reader for the JSON of a safetensors header: objects, arrays of whole numbers, and strings. It
 * builds no tree: the caller sees each key as it is read and can reject it at once. `JSON.parse`
 * keeps the last of two equal keys and rounds numbers past 2⁵³, which has been used to make two
 * programs read two different tensors from one file.
 */
import { quoted } from '@chronograd/tensor/engine';
import { MOST_AXES } from '../exchange/elements.ts';
import { isWellFormed } from '../exchange/utf8.ts';
import { fileError, type SafetensorsError } from './format.ts';

const QUOTE = 0x22;
const COMMA = 0x2c;
const BACKSLASH = 0x5c;

export class HeaderReader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  /** Whether the next value begins with this character. */
  begins(character: '{' | '[' | '"'): boolean {
    this.#space();
    return this.#text[this.#at] === character;
  }

  /**
   * Reads an object. `member` is called with each key and reads its value.
   * @param has whether a key was read before
   * @throws SafetensorsError for invalid JSON, and for a key that occurs twice
   */
  object(has: (key: string) => boolean, member: (key: string) => void): void {
    this.#list('}', () => {
      const key = this.string();
      if (has(key)) throw fileError(`the header has the key ${quoted(key)} twice`);
      this.#space();
      if (this.#text[this.#at] !== ':') throw this.#error("has no ':' after a key");
      this.#at++;
      member(key);
    });
  }

  /** Reads an array of at most 64 whole numbers. @throws SafetensorsError for anything else */
  numbers(): readonly number[] {
    const items: number[] = [];
    this.#list(']', () => {
      if (items.length === MOST_AXES) throw this.#error(`has an array of more than ${MOST_AXES} numbers`);
      items.push(this.#wholeNumber());
    });
    return items;
  }

  /** Reads a string. The closing quote is found here; `JSON.parse` replaces escapes. */
  string(): string {
    this.#space();
    const text = this.#text;
    if (text.charCodeAt(this.#at) !== QUOTE) throw this.#error('has no string where one is expected');
    const begin = this.#at + 1;
    let plain = true;
    let at = begin;
    for (let code = text.charCodeAt(at); code !== QUOTE; code = text.charCodeAt(at)) {
      // NaN past the end.
      if (!(code >= 0x20)) throw this.#error('has a malformed string');
      if (code === BACKSLASH) plain = false;
      at += code === BACKSLASH ? 2 : 1;
    }
    const value = plain ? text.slice(begin, at) : this.#unescaped(text.slice(begin - 1, at + 1));
    this.#at = at + 1;
    return value;
  }

  #unescaped(token: string): string {
    try {
      const value = JSON.parse(token) as string;
      if (isWellFormed(value)) return value;
    } catch {
      throw this.#error('has a malformed string');
    }
    throw this.#error('has a string that is not valid Unicode');
  }

  /** @throws SafetensorsError unless only space is left */
  end(): void {
    this.#space();
    if (this.#at < this.#text.length) throw this.#error('continues after its end');
  }

  /** Reads the items between the bracket at the cursor and `close`, separated by commas. */
  #list(close: ']' | '}', item: () => void): void {
    this.#at++;
    this.#space();
    if (this.#text[this.#at] === close) {
      this.#at++;
      return;
    }
    for (;;) {
      item();
      this.#space();
      const next = this.#text[this.#at];
      if (next !== ',' && next !== close) throw this.#error(`has no ',' or '${close}' after an item`);
      this.#at++;
      if (next === close) return;
    }
  }

  /** Digits only: no sign, point, exponent or leading zero. */
  #wholeNumber(): number {
    this.#space();
    const begin = this.#at;
    let at = begin;
    while (isOfNumber(this.#text.charCodeAt(at))) at++;
    if (at === begin) throw this.#error('has no whole number where one is expected');
    const token = this.#text.slice(begin, at);
    if (!/^(0|[1-9][0-9]{0,15})$/.test(token) || !Number.isSafeInteger(Number(token)))
      throw this.#error(`has the number ${quoted(token)}, expected a whole one from 0 to 2^53 − 1,`);
    this.#at = at;
    return Number(token);
  }

  #space(): void {
    while (isSpace(this.#text.charCodeAt(this.#at))) this.#at++;
  }

  #error(what: string): SafetensorsError {
    return fileError(`the header ${what} at character ${this.#at}`);
  }
}

/** A digit, sign, point or exponent letter. A comma has a code between them. */
function isOfNumber(code: number): boolean {
  return (code >= 0x2b && code <= 0x39 && code !== COMMA) || code === 0x45 || code === 0x65;
}

function isSpace(code: number): boolean {
  return code === 0x20 || (code >= 0x09 && code <= 0x0d && code !== 0x0b && code !== 0x0c);
}
