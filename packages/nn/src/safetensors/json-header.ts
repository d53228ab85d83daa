/**
 * A reader for the JSON that a safetensors header may hold: objects, arrays, strings, and whole numbers. `JSON.parse` will not do: it
 * keeps the last of two equal keys silently and rounds numbers past 2⁵³, and both have been used to make two programs see two
 * different tensors in one file. Objects become Maps, so that no key (`__proto__`) means anything.
 */
import { quoted } from '../exchange/elements.ts';
import { SafetensorsError } from './format.ts';
import { isWellFormed } from './utf8.ts';

export type HeaderValue = string | number | readonly HeaderValue[] | ReadonlyMap<string, HeaderValue>;

/** Deeper than the format nests (header, tensor, shape), and shallow enough for any stack. */
const DEEPEST = 8;

/**
 * The value in the text.
 * @throws SafetensorsError where it is not such JSON, or an object has a key twice
 */
export function parseHeader(text: string): HeaderValue {
  const reader = new HeaderReader(text);
  const value = reader.value(0);
  reader.end();
  return value;
}

class HeaderReader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  value(depth: number): HeaderValue {
    if (depth > DEEPEST) throw this.#error('is nested too deep');
    this.#space();
    switch (this.#text[this.#at]) {
      case '{':
        return this.#object(depth);
      case '[':
        return this.#array(depth);
      case '"':
        return this.#string();
      default:
        return this.#wholeNumber();
    }
  }

  end(): void {
    this.#space();
    if (this.#at < this.#text.length) throw this.#error('goes on after its end');
  }

  #object(depth: number): ReadonlyMap<string, HeaderValue> {
    const members = new Map<string, HeaderValue>();
    this.#list('}', () => {
      this.#space();
      const key = this.#string();
      if (members.has(key))
        throw new SafetensorsError(`safetensors: the header has the key ${quoted(key)} twice`);
      this.#space();
      if (this.#text[this.#at] !== ':') throw this.#error("has no ':' after a key");
      this.#at++;
      members.set(key, this.value(depth + 1));
    });
    return members;
  }

  #array(depth: number): readonly HeaderValue[] {
    const items: HeaderValue[] = [];
    this.#list(']', () => items.push(this.value(depth + 1)));
    return items;
  }

  /** What stands between the bracket at the cursor and its `close`, separated by commas. */
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

  /**
   * The closing quote is found here; what stands between, JSON.parse knows. No regular expression: V8 gives up on a token of
   * some megabytes with an error of its own.
   */
  #string(): string {
    const begin = this.#at;
    if (this.#text[begin] !== '"') throw this.#error('has no string where one is due');
    let at = begin + 1;
    while (at < this.#text.length && this.#text[at] !== '"') at += this.#text[at] === '\\' ? 2 : 1;
    try {
      const value = JSON.parse(this.#text.slice(begin, at + 1)) as string;
      if (!isWellFormed(value)) throw this.#error('has a string that is no valid Unicode');
      this.#at = at + 1;
      return value;
    } catch (error) {
      throw error instanceof SafetensorsError ? error : this.#error('has a malformed string');
    }
  }

  /** Digits only: a sign, a point or an exponent is refused, and a zero in front. */
  #wholeNumber(): number {
    const begin = this.#at;
    while (/[0-9.eE+-]/.test(this.#text[this.#at] ?? '')) this.#at++;
    const token = this.#text.slice(begin, this.#at);
    this.#at = begin;
    if (token === '')
      throw this.#error('has something else than a whole number, a string, an array or an object');
    if (!/^(0|[1-9][0-9]{0,15})$/.test(token) || !Number.isSafeInteger(Number(token))) {
      throw this.#error(`has the number ${quoted(token)}, expected a whole one from 0 to 2^53 − 1,`);
    }
    this.#at = begin + token.length;
    return Number(token);
  }

  #space(): void {
    while (' \t\n\r'.includes(this.#text[this.#at] ?? 'end')) this.#at++;
  }

  #error(what: string): SafetensorsError {
    return new SafetensorsError(`safetensors: the header ${what} at character ${this.#at}`);
  }
}
