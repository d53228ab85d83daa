/** All units together: the path of the state in its two principal components. */
import { count, percent } from '../../common/format.ts';
import { cloud } from '../../plots/cloud.ts';
import type { Figure } from '../../plots/figure.ts';
import { seriesInk } from '../../plots/theme.ts';
import { visible } from './present-text.ts';
import type { Outcome } from './run.ts';

/** States that are joined by arrows. */
const JOINED = 24;

const KINDS = [
  { label: 'space', of: /\s/ },
  { label: 'capital', of: /[A-Z]/ },
  { label: 'vowel', of: /[aeiou]/ },
  { label: 'consonant', of: /[a-z]/ },
  { label: 'other', of: /./u },
] as const;

export function principalSentence(hidden: number, { principal: { shares } }: Outcome): string {
  return `Two directions hold ${percent(shares[0] + shares[1])} of the variance of ${count(hidden, 'unit')} (first seed).`;
}

export function principalFigure({ principal, points }: Outcome): Figure {
  const { shares } = principal;
  const characters = [...points];
  const kindOf = (character: string): number => KINDS.findIndex(({ of }) => of.test(character));
  const read = characters.slice(0, JOINED).map(visible).join('');
  return {
    name: 'hidden-states-principal',
    title: 'Path of the state in its two principal components',
    caption: `A dot is the state after a character, by its kind. Arrows join the first ${Math.min(JOINED, characters.length)}: “${read}”.`,
    panels: [
      cloud({
        heading: `The first ${count(characters.length, 'state')}`,
        x: { label: `first component, ${percent(shares[0])} of the variance` },
        y: { label: `second component, ${percent(shares[1])}` },
        width: 960,
        height: 480,
        kinds: KINDS.map(({ label }, k) => ({
          label,
          ink: seriesInk(k),
          points: principal.points.filter((_, t) => kindOf(characters[t]!) === k),
        })),
        path: principal.points.slice(0, JOINED),
      }),
    ],
  };
}
