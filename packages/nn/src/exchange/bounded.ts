/** Text of a file in an error message: short, on one line, with control characters escaped. */

const MOST_CHARACTERS = 80;
const MOST_ITEMS = 20;
/** Control and format characters, half surrogates and line separators: what moves a terminal's cursor or reorders a line. */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/** The text in quotes, at most 80 characters of it. */
export function quoted(text: string): string {
  const cut = text.length > MOST_CHARACTERS ? `${text.slice(0, MOST_CHARACTERS)}…` : text;
  return JSON.stringify(cut).replace(UNPRINTABLE, escaped);
}

/** A name as it is where it is short and plain, and quoted otherwise. */
export function shownName(name: string): string {
  return /^[\w./-]{1,80}$/.test(name) ? name : quoted(name);
}

/** The first 20 items, separated, and how many more there are. */
export function listed(items: readonly string[], separator = ', '): string {
  if (items.length <= MOST_ITEMS) return items.join(separator);
  return `${items.slice(0, MOST_ITEMS).join(separator)}${separator}and ${items.length - MOST_ITEMS} more`;
}

/** `[2, 3]`, of at most 20 sizes. */
export function listedShape(shape: readonly unknown[]): string {
  return `[${listed(shape.map((size) => String(size).slice(0, MOST_CHARACTERS)))}]`;
}

function escaped(character: string): string {
  const hex = (character.codePointAt(0) as number).toString(16);
  return hex.length > 4 ? `\\u{${hex}}` : `\\u${hex.padStart(4, '0')}`;
}
