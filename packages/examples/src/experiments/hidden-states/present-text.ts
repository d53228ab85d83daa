/** A text, its characters colored by single units. */
import { short } from '../../common/format.ts';
import type { Figure } from '../../plots/figure.ts';
import { shadedText } from '../../plots/heat.ts';
import { type Followed, TRACKS } from './present-units.ts';
import type { Outcome } from './run.ts';
import { agreement } from './tracking.ts';

/** Characters in a line of the text and of the heat map. */
export const COLUMNS = 96;
const SHOWN_CHARACTERS = 4 * COLUMNS;
/** Number of units of each kind. */
const SHOWN = { memory: 2, echo: 1 };
/** Least range of a unit on this text, of 2: one that does not move shows nothing. */
const MOVES = 0.5;

/**
 * The first seed's units that follow a feature best and move on this text. No figure if none does.
 */
export function textFigures(followed: readonly Followed[], { activations, excerpt }: Outcome): Figure[] {
  const values = ({ name }: Followed): readonly number[] => activations[name]!.slice(0, SHOWN_CHARACTERS);
  const strength = ({ first }: Followed): number => agreement(first);
  const moving = followed
    .filter((each) => rangeOf(values(each)) > MOVES && strength(each) > 0)
    .sort((a, b) => strength(b) - strength(a));
  const best = (['memory', 'echo'] as const).flatMap((kind) =>
    moving.filter((each) => each.kind === kind).slice(0, SHOWN[kind]),
  );
  if (best.length === 0) return [];
  const headingOf = (each: Followed): string => {
    const below = strength(each) >= TRACKS ? '' : `, below ${TRACKS}`;
    return `Unit ${each.first.unit} and ${each.phrase}: r = ${short(each.first.confirmed, 2)}${below}${each.kind === 'echo' ? ', an echo' : ''}`;
  };
  return [
    {
      name: 'hidden-states-text',
      title: 'A text, colored by single units',
      caption: 'The first seed’s units that follow a feature best, among those that move on this text.',
      panels: best.map((each) =>
        shadedText({
          heading: headingOf(each),
          scale: Math.max(...values(each).map(Math.abs)),
          characters: [...excerpt].slice(0, SHOWN_CHARACTERS).map(visible),
          values: values(each),
          columns: Math.min(COLUMNS, values(each).length),
        }),
      ),
    },
  ];
}

/** A character with a visible new line, and a plain space for other white space. */
export function visible(character: string): string {
  if (character === '\n') return '↵';
  return /\s/.test(character) ? ' ' : character;
}

function rangeOf(values: readonly number[]): number {
  return Math.max(...values) - Math.min(...values);
}
