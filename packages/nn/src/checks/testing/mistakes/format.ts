/** Words for single mistakes, which hold at two different sizes. */
import type { TrialSizes } from '../options.ts';
import type { Explanation } from './explain.ts';

/** How a term of size 0 is wrong. */
export const MISSING = 'is missing';

/** What is wrong with one gradient, as the rest of a sentence; empty where it is right, null where both tries disagree. */
export function partInWords(a: Explanation, b: Explanation, sizes: readonly TrialSizes[]): string | null {
  if (a.kind === 'equal' && b.kind === 'equal') return '';
  if (a.kind === 'transposed' && b.kind === 'transposed')
    return 'is transposed: row i, column j is dz[i] · v[j]';
  if (a.kind === 'part' && b.kind === 'part' && a.what === b.what)
    return `is that of the ${a.what} only: add up all streams and steps (+= in place of =)`;
  if (a.kind === 'scaled' && b.kind === 'scaled') return factorInWords([a.k, b.k], sizes);
  return null;
}

/** How a factor depends on the sizes. Null where on none of them. */
export function factorInWords(k: readonly [number, number], sizes: readonly TrialSizes[]): string | null {
  const is = (of: (sizes: TrialSizes) => number): boolean =>
    k.every((each, i) => Math.abs(each - of(sizes[i]!)) <= 1e-8);
  if (is(() => 0)) return MISSING;
  if (is(() => -1)) return 'has the wrong sign';
  const counts: readonly (readonly [what: string, count: (sizes: TrialSizes) => number])[] = [
    ['streams', ({ batch }) => batch],
    ['steps', ({ steps }) => steps],
    ['steps and streams', ({ steps, batch }) => steps * batch],
  ];
  for (const [what, count] of counts) {
    if (is((each) => 1 / count(each)))
      return `is divided by the number of ${what}: a mean, where the sum is expected`;
    if (is(count)) return `is multiplied by the number of ${what}`;
  }
  return is(() => k[0]) ? `has a factor of ${Number(k[0].toPrecision(6))}` : null;
}
