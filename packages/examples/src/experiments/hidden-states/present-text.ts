/** What is shown of a text: its characters, colored by single units. */
import type { Figure } from '../../plots/figure.ts';
import { shadedText } from '../../plots/heat.ts';
import { list, short } from '../common/words.ts';
import type { Outcome } from '../hidden-states.ts';
import { type Followed, TRACKS } from './present-units.ts';
import { agreement } from './tracking.ts';

/** Characters in a line, of the heat map as well. */
export const COLUMNS = 96;
const SHOWN_CHARACTERS = 4 * COLUMNS;
/** How many units are shown: those that remember before those that echo. */
const SHOWN = { memory: 2, echo: 1 };
/** How far a unit that is shown has to move, of −1 … 1: on this text, one that stays where it is would tell nothing. */
const MOVES = 0.5;

/** The first seed's units that go best with what they go with; no figure where none moves. */
export function presentText(followed: readonly Followed[], { activations, excerpt }: Outcome): Figure[] {
  const values = ({ name }: Followed): readonly number[] => activations[name]!.slice(0, SHOWN_CHARACTERS);
  const strength = ({ first }: Followed): number => agreement(first);
  const moving = followed
    .filter((each) => rangeOf(values(each)) > MOVES && strength(each) > 0)
    .sort((a, b) => strength(b) - strength(a));
  const best = (['memory', 'echo'] as const).flatMap((kind) =>
    moving.filter((each) => each.kind === kind).slice(0, SHOWN[kind]),
  );
  if (best.length === 0) return [];
  const r = ({ first }: Followed): string => `r = ${short(first.confirmed, 2)}`;
  const sentences = best.map((each) => {
    const reaches = strength(each) >= TRACKS ? '' : `, short of ${TRACKS}`;
    return `unit ${each.first.unit} with ${each.words} (${r(each)}${reaches}${each.kind === 'echo' ? '; an echo' : ''})`;
  });
  return [
    {
      name: 'hidden-states-text',
      title: 'A text, colored by single units',
      caption: `Of the first seed’s units that move on this text, those that go best with a feature, on text they were not chosen on: ${list(sentences)}.`,
      panels: best.map((each) =>
        shadedText({
          heading: `Unit ${each.first.unit} and ${each.words}: ${r(each)}`,
          scale: Math.max(...values(each).map(Math.abs)),
          characters: [...excerpt].slice(0, SHOWN_CHARACTERS).map(shown),
          values: values(each),
          columns: Math.min(COLUMNS, values(each).length),
        }),
      ),
    },
  ];
}

/** A character as it can be seen. */
export function shown(character: string): string {
  if (character === '\n') return '↵';
  return /\s/.test(character) ? ' ' : character;
}

function rangeOf(values: readonly number[]): number {
  return Math.max(...values) - Math.min(...values);
}
