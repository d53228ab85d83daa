/** The header of a .npy file: the text of a Python dictionary, in the subset that NumPy writes. */
import { quoted } from '@chronograd/tensor/engine';
import { listed } from '../exchange/bounded.ts';
import { requireAxes } from '../exchange/elements.ts';
import { type NpyError, npyError } from './format.ts';

export interface NpyHeader {
  /** A name such as `<f4`. Anything else is a structured dtype. */
  readonly descr: unknown;
  readonly fortranOrder: boolean;
  readonly shape: readonly number[];
}

type Literal = string | boolean | number | readonly Literal[];

/** Deepest nesting that is read: more than any header of plain arrays has. */
const DEEPEST = 16;
const TOKEN = /\s*(?:('(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")|(True|False)|(\d{1,16})L?|([{}()[\],:]))/y;

/** @throws NpyError for a text that is not such a dictionary, and for missing or unknown keys */
export function parseHeader(text: string): NpyHeader {
  const reader = new LiteralReader(text);
  const members = reader.dictionary();
  const keys = [...members.keys()].sort();
  if (keys.join() !== 'descr,fortran_order,shape')
    throw npyError(
      `the header has the keys ${listed(keys.map(quoted))}, expected descr, fortran_order and shape`,
    );
  const fortranOrder = members.get('fortran_order');
  const shape = members.get('shape');
  if (typeof fortranOrder !== 'boolean') throw npyError('fortran_order is neither True nor False');
  if (!Array.isArray(shape) || !shape.every((size) => Number.isSafeInteger(size)))
    throw npyError('the shape is not a tuple of whole numbers');
  requireAxes(shape, (what) => npyError(`the header ${what}`));
  return { descr: members.get('descr'), fortranOrder, shape };
}

class LiteralReader {
  readonly #text: string;
  #at = 0;
  /** The token at the cursor: a string, boolean or number as a value, punctuation as { mark }. */
  #token: string | boolean | number | { readonly mark: string } = { mark: '' };

  constructor(text: string) {
    this.#text = text.trimEnd();
    this.#next();
  }

  dictionary(): ReadonlyMap<string, Literal> {
    const members = new Map<string, Literal>();
    this.#take('{');
    while (!this.#is('}')) {
      const key = this.#token;
      if (typeof key !== 'string') throw this.#error();
      if (members.has(key)) throw npyError(`the header has the key ${quoted(key)} twice`);
      this.#next();
      this.#take(':');
      members.set(key, this.#value(0));
      if (!this.#is('}')) this.#take(',');
    }
    if (this.#at < this.#text.length) throw this.#error();
    return members;
  }

  #value(depth: number): Literal {
    const token = this.#token;
    if (typeof token !== 'object') {
      this.#next();
      return token;
    }
    const close = token.mark === '(' ? ')' : token.mark === '[' ? ']' : null;
    if (close === null || depth > DEEPEST) throw this.#error();
    this.#next();
    const items: Literal[] = [];
    while (!this.#is(close)) {
      items.push(this.#value(depth + 1));
      if (!this.#is(close)) this.#take(',');
    }
    this.#next();
    return items;
  }

  #is(mark: string): boolean {
    return typeof this.#token === 'object' && this.#token.mark === mark;
  }

  #take(mark: string): void {
    if (!this.#is(mark)) throw this.#error();
    this.#next();
  }

  #next(): void {
    if (this.#at === this.#text.length) {
      this.#token = { mark: 'end' };
      return;
    }
    TOKEN.lastIndex = this.#at;
    const found = TOKEN.exec(this.#text);
    if (found === null) throw this.#error();
    this.#at = TOKEN.lastIndex;
    const [, text, truth, digits, mark] = found;
    if (text !== undefined) this.#token = text.slice(1, -1).replace(/\\(.)/gs, '$1');
    else if (truth !== undefined) this.#token = truth === 'True';
    else this.#token = digits !== undefined ? Number(digits) : { mark: mark as string };
  }

  #error(): NpyError {
    return npyError(
      `the header is not a dictionary as NumPy writes it, at character ${this.#at}: ${quoted(this.#text)}`,
    );
  }
}
