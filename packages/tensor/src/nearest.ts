/**
 * The known name nearest to a mistyped one, or null: the one with the fewest insertions, deletions
 * and replacements of single characters (Levenshtein, 1966), at most a third of the length or 1.
 * Otherwise a name of the same words: `num_layers` gives layers, `proj_size` projectionSize,
 * `learningRate` lr.
 */
export function nearest(typed: string, known: readonly string[]): string | null {
  let best: string | null = null;
  let fewest = Math.max(1, Math.floor(typed.length / 3)) + 1;
  const lower = typed.toLowerCase();
  for (const name of known) {
    // The lengths of a pasted text and a name differ by more edits than are allowed.
    if (Math.abs(lower.length - name.length) >= fewest) continue;
    const edits = editDistance(lower, name.toLowerCase());
    if (edits < fewest) {
      fewest = edits;
      best = name;
    }
  }
  return best ?? known.find((name) => sameWords(typed, name)) ?? null;
}

/**
 * Whether the last words of `typed` are those of `known`, some abbreviated, or `known` is its
 * initials.
 */
function sameWords(typed: string, known: string): boolean {
  const [theirs, ours] = [wordsOf(typed), wordsOf(known)];
  if (theirs.length > 1 && theirs.map((word) => word[0]).join('') === known) return true;
  const last = theirs.slice(-ours.length);
  return last.length === ours.length && last.every((word, i) => abbreviates(word, ours[i] ?? ''));
}

const wordsOf = (name: string): string[] =>
  name
    .replace(/([a-z\d])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .split(/[_-]/)
    .filter((word) => word !== '');

/** At least three letters: `d` does not abbreviate dtype. */
const abbreviates = (a: string, b: string): boolean =>
  a === b || (Math.min(a.length, b.length) >= 3 && (a.startsWith(b) || b.startsWith(a)));

function editDistance(a: string, b: string): number {
  // row[j]: edits from the part of `a` read so far to the first j characters of `b`.
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replace = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replace, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
