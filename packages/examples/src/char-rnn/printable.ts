/**
 * Text from outside (samples of a model, file names, messages) on its way to a terminal. A control character would move the
 * cursor, ring, recolor or rewrite what stands there; a direction override reorders the line; half a surrogate pair is no text.
 */
const HARMFUL = /[\p{Cc}\p{Cs}\p{Cf}\p{Zl}\p{Zp}]/gu;
/** Format characters that only join or shape their neighbors, as in emoji and Indic scripts. */
const HARMLESS = new Set(['\n', '\t', '\u200c', '\u200d']);

/** The text with every character that is not plain text shown by a stand-in; line feeds and tabs stay. */
export function printable(text: string): string {
  return text.replace(HARMFUL, (character) => (HARMLESS.has(character) ? character : standIn(character)));
}

/** Characters of a message that are shown. */
const LONGEST = 1_000;

/** The same on one line, for messages: line feeds and tabs become spaces, and of what is very long the beginning and the end are shown. */
export function printableLine(text: string): string {
  const half = LONGEST / 2;
  const shown = text.length <= LONGEST ? text : `${text.slice(0, half)} … ${text.slice(-half)}`;
  return printable(shown.replace(/[\n\t]/g, ' '));
}

/** Breaks lines at blanks where they are longer than the terminal is wide: it would break them within words. */
export function wrapped(text: string, columns: number): string {
  return text
    .split('\n')
    .flatMap((line) => wrappedLine(line, columns))
    .join('\n');
}

/** The text as it fits a stream: wrapped on a terminal, as it is anywhere else. */
export function fitting(
  text: string,
  stream: { readonly isTTY?: boolean; readonly columns?: number },
): string {
  return stream.isTTY === true ? wrapped(text, stream.columns || 80) : text;
}

/** One line as lines of at most `columns` characters, broken between words. All but the first begin with `indent` blanks. */
export function wrappedLine(line: string, columns: number, indent = 0): string[] {
  const lines: string[] = [];
  let rest = line;
  while (rest.length > columns) {
    const word = rest.search(/\S/);
    const blank = rest.lastIndexOf(' ', columns);
    // A word that is longer than a line, such as a path, is the terminal's to break.
    const end = blank > word ? blank : rest.indexOf(' ', Math.max(columns, word));
    if (end < 0) break;
    lines.push(rest.slice(0, end));
    rest = ' '.repeat(indent) + rest.slice(end + 1);
  }
  return [...lines, rest];
}

/** C0 controls have pictures of their own in Unicode (U+2400 and up); the rest share the replacement character. */
function standIn(character: string): string {
  const code = character.charCodeAt(0);
  if (code < 0x20) return String.fromCharCode(0x2400 + code);
  return code === 0x7f ? '\u2421' : '\ufffd';
}
