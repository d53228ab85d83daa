/** Single units: which features they follow, in how many seeds, and what chance gives. */
import { formatMedian, list, plusMinus, short } from '../../common/format.ts';
import { dotChart } from '../../plots/dot-chart.ts';
import type { Figure } from '../../plots/figure.ts';
import type { Panel } from '../../plots/panel.ts';
import type { SeriesInk } from '../../plots/theme.ts';
import { THUMBNAIL } from '../common/experiment.ts';
import type { Feature } from './features.ts';
import type { Tracked } from './tracking.ts';

/** A unit tracks a feature from this correlation on. */
export const TRACKS = 0.5;

/** A feature, and the unit that follows it best in each seed. */
export interface Followed extends Feature {
  readonly ink: SeriesInk;
  readonly units: readonly Tracked[];
  /** Correlation on new text, in the direction in which the unit was chosen. */
  readonly r: readonly number[];
  readonly first: Tracked;
}

const KINDS = [
  { kind: 'memory', heading: 'Needs memory: best unit, on new text' },
  { kind: 'echo', heading: 'Echo of the last character: best unit' },
] as const;

const held = ({ r }: Followed): number => r.filter((value) => value >= TRACKS).length;

export function headline(followed: readonly Followed[]): string {
  const all = followed.filter((each) => each.kind === 'memory' && held(each) === each.r.length);
  if (all.length === 0) return 'No feature that needs memory is tracked by a single unit with every seed.';
  return `Single LSTM units track ${list(all.map(({ phrase }) => phrase))}, with every seed.`;
}

/** What is tracked, memory and echo apart. */
export function trackingSentences(followed: readonly Followed[]): string[] {
  return KINDS.flatMap(({ kind }) => {
    const members = followed.filter((each) => each.kind === kind);
    const what = kind === 'echo' ? 'Echo' : 'Memory';
    const some = members.filter((each) => held(each) > 0).map((each) => `${what}: ${trackedSentence(each)}`);
    const none = members.filter((each) => held(each) === 0);
    const most = (each: Followed): string => `${each.name} (${short(Math.max(...each.r), 2)})`;
    if (none.length === 0) return some;
    return [...some, `${what}: no unit reaches r ≥ ${TRACKS} with any seed for ${list(none.map(most))}.`];
  });
}

function trackedSentence(each: Followed): string {
  const chance = formatMedian(each.units.map((unit) => unit.chance));
  return `a unit tracks ${each.phrase} in ${held(each)} of ${each.r.length} seeds (r ${plusMinus(each.r)}, by chance up to ${chance}).`;
}

function panelOf(
  heading: string,
  members: readonly Followed[],
  of: (each: Followed) => readonly number[],
  from: number,
): Panel {
  return dotChart({
    heading,
    x: { label: 'correlation r', from, to: 1 },
    level: { x: TRACKS, label: 'tracks' },
    rows: members.map((each) => ({ label: each.name, ink: each.ink, values: of(each) })),
  });
}

export function thumbnail(followed: readonly Followed[]): Panel {
  return dotChart({
    width: THUMBNAIL.width,
    rowHeight: 22,
    heading: 'Best unit, on new text',
    x: { label: 'correlation r', from: Math.min(0, ...followed.flatMap(({ r }) => r)), to: 1 },
    rows: followed
      .filter(({ kind }) => kind === 'memory')
      .map(({ name, ink, r }) => ({ label: name, ink, values: r })),
  });
}

export function unitsFigure(followed: readonly Followed[]): Figure {
  const chances = ({ units }: Followed): number[] => units.map(({ chance }) => chance);
  const least = Math.min(0, ...followed.flatMap((each) => [...each.r, ...chances(each)]));
  const from = least < 0 ? Math.floor(least * 5) / 5 : 0;
  return {
    name: 'hidden-states-units',
    title: 'What single units follow',
    caption:
      'A dot is a training run with its own best unit, the bar their median. Right: the same search on shifted features.',
    panels: KINDS.flatMap(({ kind, heading }) => {
      const members = followed.filter((each) => each.kind === kind);
      return [
        panelOf(heading, members, ({ r }) => r, from),
        panelOf('The same by chance', members, chances, from),
      ];
    }),
  };
}
