/**
 * A reader for the JSON that a safetensors header may hold: objects, arrays of whole numbers, and strings. It builds no tree: whoever reads an
 * object sees each key as it is read, and can refuse it at once. `JSON.parse` will not do: it keeps the last of two equal keys silently and
 * rounds numbers past 2⁵³, and both have been used to make two programs see two different tensors in one file.
 */
import { quoted } from '@chronograd/tensor/engine';
import { MOST_AXES } from '../exchange/elements.ts';
import { SafetensorsError } from './format.ts';
import { isWellFormed } from './utf8.ts';

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
   * Reads an object: `member` is called with each key, reads its value and keeps it.
   * @param has whether a key has been kept
   * @throws SafetensorsError where it is no JSON, or has a key twice
   */
  object(has: (key: string) => boolean, member: (key: string) => void): void {
    this.#list('}', () => {
      const key = this.string();
      if (has(key)) throw new SafetensorsError(`safetensors: the header has the key ${quoted(key)} twice`);
      this.#space();
      if (this.#text[this.#at] !== ':') throw this.#error("has no ':' after a key");
      this.#at++;
      member(key);
    });
  }

  /** Reads an array of whole numbers. @throws SafetensorsError for anything else in it, and for more than 64 */
  numbers(): readonly number[] {
    const items: number[] = [];
    this.#list(']', () => {
      if (items.length === MOST_AXES) throw this.#error(`has an array of more than ${MOST_AXES} numbers`);
      items.push(this.#wholeNumber());
    });
    return items;
  }

  /** Reads a string. The closing quote is found here; JSON.parse replaces escapes, where there are any. */
  string(): string {
    this.#space();
    const text = this.#text;
    if (text.charCodeAt(this.#at) !== QUOTE) throw this.#error('has no string where one is due');
    const begin = this.#at + 1;
    let plain = true;
    let at = begin;
    for (let code = text.charCodeAt(at); code !== QUOTE; code = text.charCodeAt(at)) {
      // Past the end it is NaN.
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
    throw this.#error('has a string that is no valid Unicode');
  }

  /** @throws SafetensorsError unless nothing but space is left */
  end(): void {
    this.#space();
    if (this.#at < this.#text.length) throw this.#error('goes on after its end');
  }

  /** Reads what is between the bracket at the cursor and its `close`, separated by commas. */
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

  /** Digits only: a sign, a point or an exponent is refused, and a zero in front. */
  #wholeNumber(): number {
    this.#space();
    const begin = this.#at;
    let at = begin;
    while (isOfNumber(this.#text.charCodeAt(at))) at++;
    if (at === begin) throw this.#error('has no whole number where one is due');
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
    return new SafetensorsError(`safetensors: the header ${what} at character ${this.#at}`);
  }
}

/** A digit, a sign, a point or the letter of an exponent; a comma is between them. */
function isOfNumber(code: number): boolean {
  return (code >= 0x2b && code <= 0x39 && code !== COMMA) || code === 0x45 || code === 0x65;
}

function isSpace(code: number): boolean {
  return code === 0x20 || (code >= 0x09 && code <= 0x0d && code !== 0x0b && code !== 0x0c);
}
