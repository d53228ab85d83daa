/**
 * The one order in which floats are summed, so that every build gives the same bits and errors grow
 * with log n, not n.
 */

const BLOCK = 128;

/**
 * Sums term(first) … term(first + n − 1) in the order that the contract gives for `sum`, each
 * addition rounded by `round`.
 */
export function pairwiseSum(
  term: (k: number) => number,
  round: (x: number) => number,
  first: number,
  n: number,
): number {
  if (n > BLOCK) {
    const head = BLOCK * Math.floor(Math.ceil(n / BLOCK) / 2);
    return round(pairwiseSum(term, round, first, head) + pairwiseSum(term, round, first + head, n - head));
  }
  const end = first + n;
  const partial = (j: number): number => {
    let sum = 0;
    for (let k = first + j; k < end; k += 8) sum = round(sum + term(k));
    return sum;
  };
  const even = round(round(partial(0) + partial(4)) + round(partial(2) + partial(6)));
  const odd = round(round(partial(1) + partial(5)) + round(partial(3) + partial(7)));
  return round(even + odd);
}
