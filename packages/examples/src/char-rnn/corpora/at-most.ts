/** The text up to its last whole line within `most` characters. */
export function atMost(most: number, text: string): string {
  if (text.length <= most) return text;
  return text.slice(0, text.lastIndexOf('\n', most - 1) + 1);
}
