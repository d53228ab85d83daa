/**
 * Makes text from outside (samples, file names, messages) safe to print on a terminal. A control
 * character could move the cursor, ring, or change colors and earlier output. A direction override
 * reorders the line. A lone surrogate is not text.
 */
const HARMFUL = /[\p{Cc}\p{Cs}\p{Cf}\p{Zl}\p{Zp}]/gu;
/** Format characters that only join or shape their neighbors, as in emoji and Indic scripts. */
const HARMLESS = new Set(['\n', '\t', '\u200c', '\u200d']);

/** Replaces every character that is not plain text by a visible one. Keeps line feeds and tabs. */
export function printable(text: string): string {
  return text.replace(HARMFUL, (character) => (HARMLESS.has(character) ? character : visible(character)));
}

/** The longest message, in characters. */
const LONGEST = 1_000;

/** {@link printable} on one line, for messages. The middle of a very long text is omitted. */
export function printableLine(text: string): string {
  const half = LONGEST / 2;
  const shown = text.length <= LONGEST ? text : `${text.slice(0, half)} … ${text.slice(-half)}`;
  return printable(shown.replace(/[\n\t]/g, ' '));
}

/** Wraps text at the width of a terminal, between words. Other streams get it unchanged. */
export function wrapForTerminal(
  text: string,
  stream: { readonly isTTY?: boolean; readonly columns?: number },
): string {
  if (stream.isTTY !== true) return text;
  const columns = stream.columns || 80;
  return text
    .split('\n')
    .flatMap((line) => wrapLine(line, columns))
    .join('\n');
}

/** Breaks a line between words, at `columns` characters. Indents all parts but the first. */
export function wrapLine(line: string, columns: number, indent = 0): string[] {
  const lines: string[] = [];
  let rest = line;
  while (rest.length > columns) {
    const word = rest.search(/\S/);
    const blank = rest.lastIndexOf(' ', columns);
    // The terminal breaks a word that is longer than a line, such as a path.
    const end = blank > word ? blank : rest.indexOf(' ', Math.max(columns, word));
    if (end < 0) break;
    lines.push(rest.slice(0, end));
    rest = ' '.repeat(indent) + rest.slice(end + 1);
  }
  return [...lines, rest];
}

/**
 * Unicode has pictures of C0 controls (U+2400 and up). The rest become the replacement character.
 */
function visible(character: string): string {
  const code = character.charCodeAt(0);
  if (code < 0x20) return String.fromCharCode(0x2400 + code);
  return code === 0x7f ? '\u2421' : '\ufffd';
}
