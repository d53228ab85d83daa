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

/** The same on one line: line feeds and tabs become spaces. For messages. */
export function printableLine(text: string): string {
  return printable(text.replace(/[\n\t]/g, ' '));
}

/** C0 controls have pictures of their own in Unicode (U+2400 and up); the rest share the replacement character. */
function standIn(character: string): string {
  const code = character.charCodeAt(0);
  if (code < 0x20) return String.fromCharCode(0x2400 + code);
  return code === 0x7f ? '\u2421' : '\ufffd';
}
