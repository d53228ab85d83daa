/** Where in a program each character stands: in code, in a comment, or in a string. */

/** Strings by their quotes. */
export type Place = 'code' | 'line comment' | 'block comment' | "'" | '"' | '`';

/**
 * The place after each character, as a lexer of TypeScript has it: quotes in comments open nothing, a string ends at its own kind of quote that is
 * not escaped, and `'` and `"` end with the line. A template is a string to its end, with the expressions in it; regular expressions are not known.
 * A text that begins within a block comment, which shows where that ends, is in it until then.
 */
export function placesIn(text: readonly string[]): Place[] {
  let place: Place = beginsInComment(text) ? 'block comment' : 'code';
  /** Where this place began: a mark of two characters does not reach back beyond it. */
  let start = 0;
  let escaped = false;
  return text.map((character, i) => {
    const pair = i > start ? `${text[i - 1]}${character}` : '';
    const next = escaped ? place : placeAfter(place, character, pair);
    escaped = !escaped && character === '\\' && isString(place);
    if (next !== place) start = i + 1;
    place = next;
    return place;
  });
}

export function isString(place: Place): boolean {
  return place.length === 1;
}

export function isComment(place: Place): boolean {
  return place.endsWith('comment');
}

/** @param pair this character with the one before, or nothing */
function placeAfter(place: Place, character: string, pair: string): Place {
  switch (place) {
    case 'code':
      if (pair === '//') return 'line comment';
      if (pair === '/*') return 'block comment';
      return character === "'" || character === '"' || character === '`' ? character : 'code';
    case 'line comment':
      return character === '\n' ? 'code' : place;
    case 'block comment':
      return pair === '*/' ? 'code' : place;
    default:
      return character === place || (character === '\n' && place !== '`') ? 'code' : place;
  }
}

/** Whether a block comment ends before one begins. */
function beginsInComment(text: readonly string[]): boolean {
  const whole = text.join('');
  const [begin, end] = [whole.indexOf('/*'), whole.indexOf('*/')];
  return end !== -1 && (begin === -1 || end < begin);
}
