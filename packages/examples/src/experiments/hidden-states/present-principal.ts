/** What is shown of all units together: the state's way through the two directions in which it moves most. */
import { cloud } from '../../plots/cloud.ts';
import { seriesInk } from '../../plots/theme.ts';
import type { Presentation } from '../common/experiment.ts';
import { count, percent } from '../common/words.ts';
import type { Outcome } from '../hidden-states.ts';
import { shown } from './present-text.ts';

/** States of the cloud that are joined by arrows. */
const JOINED = 24;

const KINDS = [
  { label: 'space', of: /\s/ },
  { label: 'capital', of: /[A-Z]/ },
  { label: 'vowel', of: /[aeiou]/ },
  { label: 'consonant', of: /[a-z]/ },
  { label: 'other', of: /./u },
] as const;

export function presentPrincipal(
  hidden: number,
  { principal, points }: Outcome,
): Pick<Presentation, 'findings' | 'figures'> {
  const { shares } = principal;
  const sentence = `Two directions hold ${percent(shares[0] + shares[1])} of the variance of ${count(hidden, 'unit')} (${percent(shares[0])} and ${percent(shares[1])}; the first seed).`;
  const characters = [...points];
  const kindOf = (character: string): number => KINDS.findIndex(({ of }) => of.test(character));
  const read = characters.slice(0, JOINED).map(shown).join('');
  return {
    findings: [sentence],
    figures: [
      {
        name: 'hidden-states-principal',
        title: 'The state’s way through its two main directions',
        caption: `${sentence} A dot is the state after a character, colored by its kind; arrows join the first ${Math.min(JOINED, characters.length)} in order, while “${read}” is read.`,
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
      },
    ],
  };
}
