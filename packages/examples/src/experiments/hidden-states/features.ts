/** Features of a text: a number after each character, computed from the text so far. */
import { isComment, isString, placesIn } from './lexer.ts';

export interface Feature {
  readonly name: string;
  /** Name within a sentence. */
  readonly phrase: string;
  /** `echo`: a function of the last character. `memory`: earlier characters matter too. */
  readonly kind: 'memory' | 'echo';
  /** A number after each character. */
  readonly of: (text: readonly string[]) => number[];
}

const flag =
  (holds: (character: string) => boolean): Feature['of'] =>
  (text) =>
    text.map((character) => Number(holds(character)));

/** A number that each character updates. */
const carried =
  (next: (before: number, character: string) => number): Feature['of'] =>
  (text) => {
    let value = 0;
    return text.map((character) => {
      value = next(value, character);
      return value;
    });
  };

export const FEATURES: readonly Feature[] = [
  {
    name: 'comment',
    phrase: 'being inside a comment',
    kind: 'memory',
    of: (text) => placesIn(text).map((place) => Number(isComment(place))),
  },
  {
    name: 'string',
    phrase: 'being inside a string',
    kind: 'memory',
    of: (text) => placesIn(text).map((place) => Number(isString(place))),
  },
  {
    name: 'parentheses',
    phrase: 'the depth of parentheses in code',
    kind: 'memory',
    of: depthInCode,
  },
  {
    name: 'line position',
    phrase: 'the place in the line',
    kind: 'memory',
    of: carried((place, character) => (character === '\n' ? 0 : place + 1)),
  },
  {
    name: 'word position',
    phrase: 'the place in the word',
    kind: 'memory',
    of: carried((place, character) => (/\w/.test(character) ? place + 1 : 0)),
  },
  {
    name: 'capital',
    phrase: 'a capital letter',
    kind: 'echo',
    of: flag((character) => /[A-Z]/.test(character)),
  },
  {
    name: 'space',
    phrase: 'a space or a new line',
    kind: 'echo',
    of: flag((character) => /\s/.test(character)),
  },
  {
    name: 'vowel',
    phrase: 'a vowel',
    kind: 'echo',
    of: flag((character) => /[aeiouAEIOU]/.test(character)),
  },
];

/** Number of open parentheses. Those in comments and strings do not count. */
function depthInCode(text: readonly string[]): number[] {
  const places = placesIn(text);
  let depth = 0;
  return text.map((character, i) => {
    if (places[i] === 'code' && character === '(') depth++;
    if (places[i] === 'code' && character === ')') depth = Math.max(0, depth - 1);
    return depth;
  });
}
