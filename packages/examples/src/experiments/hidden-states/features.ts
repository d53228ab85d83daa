/** What a unit may go with: a number for each character of a text, from all that was read until then. */
import { isComment, isString, placesIn } from './lexer.ts';

/** Something to look for. */
export interface Feature {
  readonly name: string;
  /** In words, for captions. */
  readonly words: string;
  /** `echo`: decided by the character that was just read. `memory`: what was read before it is needed. */
  readonly kind: 'memory' | 'echo';
  /** One number for each character, after it was read. */
  readonly of: (text: readonly string[]) => number[];
}

const flag =
  (holds: (character: string) => boolean): Feature['of'] =>
  (text) =>
    text.map((character) => Number(holds(character)));

/** A number that is carried along the text. */
const carried =
  (next: (before: number, character: string) => number): Feature['of'] =>
  (text) => {
    let value = 0;
    return text.map((character) => {
      value = next(value, character);
      return value;
    });
  };

/** Everything that is looked for. */
export const FEATURES: readonly Feature[] = [
  {
    name: 'comment',
    words: 'being inside a comment',
    kind: 'memory',
    of: (text) => placesIn(text).map((place) => Number(isComment(place))),
  },
  {
    name: 'string',
    words: 'being inside a string',
    kind: 'memory',
    of: (text) => placesIn(text).map((place) => Number(isString(place))),
  },
  {
    name: 'parentheses',
    words: 'the depth of parentheses in code',
    kind: 'memory',
    of: depthInCode,
  },
  {
    name: 'line position',
    words: 'the place in the line',
    kind: 'memory',
    of: carried((place, character) => (character === '\n' ? 0 : place + 1)),
  },
  {
    name: 'word position',
    words: 'the place in the word',
    kind: 'memory',
    of: carried((place, character) => (/\w/.test(character) ? place + 1 : 0)),
  },
  {
    name: 'capital',
    words: 'a capital letter',
    kind: 'echo',
    of: flag((character) => /[A-Z]/.test(character)),
  },
  {
    name: 'space',
    words: 'a space or a new line',
    kind: 'echo',
    of: flag((character) => /\s/.test(character)),
  },
  {
    name: 'vowel',
    words: 'a vowel',
    kind: 'echo',
    of: flag((character) => /[aeiouAEIOU]/.test(character)),
  },
];

/** How many parentheses are open; those in comments and strings open none. */
function depthInCode(text: readonly string[]): number[] {
  const places = placesIn(text);
  let depth = 0;
  return text.map((character, i) => {
    if (places[i] === 'code' && character === '(') depth++;
    if (places[i] === 'code' && character === ')') depth = Math.max(0, depth - 1);
    return depth;
  });
}
