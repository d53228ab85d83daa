/** What a unit may keep track of: a number for each character of a text, from all that was read until then. */

/** Something to look for. */
export interface Feature {
  readonly name: string;
  /** In words, for captions. */
  readonly words: string;
  /** One number for each character, after it was read. */
  readonly of: (text: readonly string[]) => number[];
}

/** A number that is carried along the text. */
function carried(
  next: (before: number, character: string, i: number, text: readonly string[]) => number,
): Feature['of'] {
  return (text) => {
    let value = 0;
    return text.map((character, i) => {
      value = next(value, character, i, text);
      return value;
    });
  };
}

const flag =
  (holds: (character: string) => boolean): Feature['of'] =>
  (text) =>
    text.map((character) => (holds(character) ? 1 : 0));

/** Everything that is looked for. */
export const FEATURES: readonly Feature[] = [
  {
    name: 'comment',
    words: 'being inside a comment',
    of: carried((inside, character, i, text) => {
      const before = text[i - 1];
      if (before === '/' && character === '*') return 1;
      return before === '*' && character === '/' ? 0 : inside;
    }),
  },
  {
    name: 'quotes',
    words: 'being inside quotes',
    of: carried((inside, character) =>
      /["'`]/.test(character) ? 1 - inside : character === '\n' ? 0 : inside,
    ),
  },
  {
    name: 'parentheses',
    words: 'depth of parentheses',
    of: carried((depth, character) =>
      character === '(' ? depth + 1 : character === ')' ? Math.max(0, depth - 1) : depth,
    ),
  },
  {
    name: 'line position',
    words: 'place in the line',
    of: carried((place, character) => (character === '\n' ? 0 : place + 1)),
  },
  {
    name: 'word position',
    words: 'place in the word',
    of: carried((place, character) => (/\w/.test(character) ? place + 1 : 0)),
  },
  { name: 'capital', words: 'a capital letter', of: flag((character) => /[A-Z]/.test(character)) },
  { name: 'space', words: 'a space or a new line', of: flag((character) => /\s/.test(character)) },
  { name: 'vowel', words: 'a vowel', of: flag((character) => /[aeiouAEIOU]/.test(character)) },
];

/** The features of a text, by name. */
export function featuresOf(text: readonly string[]): [name: string, values: number[]][] {
  return FEATURES.map(({ name, of }) => [name, of(text)]);
}
