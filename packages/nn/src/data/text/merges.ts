/** Byte-pair encoding: learns merges from a text, and applies them. Sennrich and others, 2016. */
import { Heap } from './heap.ts';
import { bytesOf } from './utf8.ts';

/** Two tokens that become one. */
export type Merge = readonly [first: number, second: number];

/** The first token of a merge: smaller ones are bytes. */
export const BYTES = 256;
/** Above every token: a pair is one number. */
const LIMIT = 2 ** 24;

export const pairKey = (first: number, second: number): number => first * LIMIT + second;

/**
 * Pieces of a text, which merges do not cross: GPT-2's (Radford and others, 2019). A word has the
 * space before it. Together the pieces are the text.
 */
export function piecesOf(text: string): string[] {
  return text.match(/'(?:[sdmt]|ll|ve|re)| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+/gu) ?? [];
}

interface Pair {
  readonly key: number;
  count: number;
  /** Pieces that have the pair, or had it. */
  readonly pieces: Set<number>;
}

/**
 * Learns up to `most` merges. The next merge is that of the most frequent pair. Of equally frequent
 * ones it is the pair with the smallest first token, then the smallest second one. Counts are
 * updated for the pieces with the merged pair only.
 */
export function learnMerges(text: string, most: number, minCount: number): Merge[] {
  const counts = new Map<string, number>();
  for (const piece of piecesOf(text)) counts.set(piece, (counts.get(piece) ?? 0) + 1);
  const pieces = [...counts.keys()].map(bytesOf);
  const times = [...counts.values()];
  const pairs = new Map<number, Pair>();
  const heap = new Heap<{ readonly pair: Pair; readonly count: number }>(
    (a, b) => a.count > b.count || (a.count === b.count && a.pair.key < b.pair.key),
  );
  /** Adds `sign` times the pairs of a piece, and collects those that were not known. */
  const count = (piece: number, sign: 1 | -1, found: Pair[]): void => {
    const tokens = pieces[piece]!;
    for (let i = 0; i + 1 < tokens.length; i++) {
      const key = pairKey(tokens[i]!, tokens[i + 1]!);
      let pair = pairs.get(key);
      if (pair === undefined) {
        pair = { key, count: 0, pieces: new Set() };
        pairs.set(key, pair);
        found.push(pair);
      }
      pair.count += sign * times[piece]!;
      pair.pieces.add(piece);
    }
  };
  const push = (found: readonly Pair[]): void => {
    for (const pair of found) heap.push({ pair, count: pair.count });
  };
  const first: Pair[] = [];
  pieces.forEach((_, piece) => {
    count(piece, 1, first);
  });
  push(first);
  const merges: Merge[] = [];
  while (merges.length < most) {
    const top = heap.pop();
    if (top === undefined) break;
    const { pair } = top;
    if (pair.count !== top.count) {
      // Counts only fall once a pair is in the heap.
      push([pair]);
      continue;
    }
    if (pair.count < minCount) break;
    const merge: Merge = [Math.floor(pair.key / LIMIT), pair.key % LIMIT];
    const found: Pair[] = [];
    for (const piece of pair.pieces) {
      count(piece, -1, found);
      pieces[piece] = mergedIn(pieces[piece]!, merge, BYTES + merges.length);
      count(piece, 1, found);
    }
    push(found);
    merges.push(merge);
  }
  return merges;
}

/** The tokens with each occurrence of a pair replaced, from left to right. */
function mergedIn(tokens: readonly number[], [first, second]: Merge, token: number): number[] {
  const merged: number[] = [];
  for (let i = 0; i < tokens.length; i++) {
    const pair = tokens[i] === first && tokens[i + 1] === second;
    merged.push(pair ? token : tokens[i]!);
    if (pair) i++;
  }
  return merged;
}

/**
 * The tokens of bytes after all merges: the earliest merge first, and of one merge the leftmost
 * pair. A heap and a linked list make this n·log n for pieces of any length.
 * @param ranks the number of each merge by its pair.
 */
export function applyMerges(bytes: readonly number[], ranks: ReadonlyMap<number, number>): number[] {
  const n = bytes.length;
  const tokens = Int32Array.from(bytes);
  const next = Int32Array.from({ length: n }, (_, i) => i + 1);
  const previous = Int32Array.from({ length: n }, (_, i) => i - 1);
  const heap = new Heap<{ readonly rank: number; readonly at: number }>(
    (a, b) => a.rank < b.rank || (a.rank === b.rank && a.at < b.at),
  );
  // Beyond the ends there is no token: the key is NaN, which has no rank.
  const rankAt = (i: number): number | undefined => ranks.get(pairKey(tokens[i]!, tokens[next[i]!]!));
  const offer = (i: number): void => {
    const rank = rankAt(i);
    if (rank !== undefined) heap.push({ rank, at: i });
  };
  tokens.forEach((_, i) => {
    offer(i);
  });
  for (let top = heap.pop(); top !== undefined; top = heap.pop()) {
    const { rank, at } = top;
    if (rankAt(at) !== rank) continue; // one of the two has become another token
    const gone = next[at]!;
    tokens[at] = BYTES + rank;
    tokens[gone] = -1;
    next[at] = next[gone]!;
    previous[next[at]!] = at; // typed arrays ignore an index beyond their end
    offer(previous[at]!);
    offer(at);
  }
  return [...tokens.filter((token) => token >= 0)];
}
