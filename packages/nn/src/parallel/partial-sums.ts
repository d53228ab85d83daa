/**
 * The canonical order in which the gradients of shards are added: a binary tree over all shards.
 * A worker adds what is complete within its own shards, and the run adds the rest. So the bits do
 * not depend on which worker has which shards.
 */

/** The sum over the shards `first … first + size − 1`. */
export interface Part<Sum> {
  readonly first: number;
  readonly size: number;
  readonly sum: Sum;
}

/**
 * The parts after one more. Neighbours of equal size become one part where the first of them begins
 * at a multiple of twice that size: 0 + 1 and 2 + 3, then those two, but never 1 + 2.
 * @param next begins where the last part ends.
 */
export function withPart<Sum>(
  parts: readonly Part<Sum>[],
  next: Part<Sum>,
  add: (a: Sum, b: Sum) => Sum,
): readonly Part<Sum>[] {
  const last = parts.at(-1);
  if (last === undefined || last.size !== next.size || last.first % (2 * last.size) !== 0)
    return [...parts, next];
  const joined = { first: last.first, size: 2 * last.size, sum: add(last.sum, next.sum) };
  return withPart(parts.slice(0, -1), joined, add);
}

/** The sum of all parts: the last two are added first. */
export function totalOf<Sum>(parts: readonly Part<Sum>[], add: (a: Sum, b: Sum) => Sum): Sum {
  const sums = parts.map(({ sum }) => sum);
  return sums.reduceRight((after, sum) => add(sum, after));
}

/** The most parts that there are at a time while the shards `first … end − 1` are added. */
export function slotsFor(first: number, end: number): number {
  const counts = Array.from({ length: end - first }, (_, i) => partsIn(first, first + i + 1).length);
  return Math.max(...counts);
}

/** The parts that a worker with the shards `first … end − 1` sends, without their sums. */
export function partsIn(first: number, end: number): readonly Part<null>[] {
  let parts: readonly Part<null>[] = [];
  for (let shard = first; shard < end; shard++)
    parts = withPart(parts, { first: shard, size: 1, sum: null }, () => null);
  return parts;
}
