/** UTF-8, for any JavaScript string: a lone surrogate has three bytes, as in WTF-8. */

/** The bytes of a text. */
export function bytesOf(text: string): number[] {
  const bytes: number[] = [];
  for (const character of text) {
    const c = character.codePointAt(0)!;
    if (c < 0x80) bytes.push(c);
    else if (c < 0x800) bytes.push(0xc0 | (c >> 6), 0x80 | (c & 0x3f));
    else if (c < 0x10000) bytes.push(0xe0 | (c >> 12), 0x80 | ((c >> 6) & 0x3f), 0x80 | (c & 0x3f));
    else bytes.push(0xf0 | (c >> 18), 0x80 | ((c >> 12) & 0x3f), 0x80 | ((c >> 6) & 0x3f), 0x80 | (c & 0x3f));
  }
  return bytes;
}

/** The text of bytes. A byte that begins no character, and a character cut short, is U+FFFD. */
export function textOf(bytes: readonly number[]): string {
  let text = '';
  for (let i = 0; i < bytes.length; ) {
    const lead = bytes[i++]!;
    if (lead < 0x80) {
      text += String.fromCharCode(lead);
      continue;
    }
    const rest =
      lead >= 0xc2 && lead < 0xe0 ? 1 : lead < 0xf0 && lead >= 0xe0 ? 2 : lead >= 0xf0 && lead < 0xf5 ? 3 : 0;
    let point = lead & (0x3f >> rest);
    let read = 0;
    while (read < rest && continues(bytes[i], lead, read)) {
      point = (point << 6) | (bytes[i++]! & 0x3f);
      read++;
    }
    text += rest > 0 && read === rest ? String.fromCodePoint(point) : '\ufffd';
  }
  return text;
}

/** Whether a byte can follow. The second is bounded, so that each character has one form. */
function continues(byte: number | undefined, lead: number, read: number): boolean {
  if (byte === undefined || byte < 0x80 || byte > 0xbf) return false;
  if (read > 0) return true;
  if (lead === 0xe0) return byte >= 0xa0;
  if (lead === 0xf0) return byte >= 0x90;
  return lead !== 0xf4 || byte < 0x90;
}
