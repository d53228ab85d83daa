/** Finds code, comments and strings in a program. */

/** Strings are named by their quotes. */
export type Place = 'code' | 'line comment' | 'block comment' | "'" | '"' | '`';

/**
 * The place after each character, as in a lexer of TypeScript. Quotes in comments open nothing. A
 * string ends at an unescaped quote of its kind; `'` and `"` also end with the line. A template is
 * one string, expressions included. Regular expressions are not supported. A text may begin within
 * a block comment: it does if a comment ends before one begins.
 */
export function placesIn(text: readonly string[]): Place[] {
  let place: Place = beginsInComment(text) ? 'block comment' : 'code';
  /** Start of this place: a mark of two characters must not overlap the place before. */
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

/** @param pair the previous and this character, or '' */
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

/** A block comment ends before one begins. */
function beginsInComment(text: readonly string[]): boolean {
  const whole = text.join('');
  const [begin, end] = [whole.indexOf('/*'), whole.indexOf('*/')];
  return end !== -1 && (begin === -1 || end < begin);
}
