/** What is shown of single units: which features they go with, in how many seeds, and what chance gives. */
import { dotChart } from '../../plots/dot-chart.ts';
import type { Panel } from '../../plots/panel.ts';
import type { SeriesInk } from '../../plots/theme.ts';
import type { Presentation } from '../common/experiment.ts';
import { median } from '../common/statistics.ts';
import { list, plusMinus, short } from '../common/words.ts';
import type { Feature } from './features.ts';
import type { Tracked } from './tracking.ts';

/** A correlation from which on a unit is said to track a feature. */
export const TRACKS = 0.5;

/** A feature, and the unit that goes with it best in each seed. */
export interface Followed extends Feature {
  readonly ink: SeriesInk;
  readonly units: readonly Tracked[];
  /** On new text, in the direction in which the unit was chosen. */
  readonly r: readonly number[];
  readonly first: Tracked;
}

const KINDS = [
  {
    kind: 'memory',
    asks: 'What has to be remembered (correlations among places where the same character was just read)',
    heading: 'What has to be remembered: best unit, on new text',
  },
  {
    kind: 'echo',
    asks: 'What was just read, an echo that takes no memory',
    heading: 'What was just read, an echo: best unit, on new text',
  },
] as const;

/** Sentences and a figure, memory and echo apart. */
export function presentUnits(followed: readonly Followed[]): Pick<Presentation, 'findings' | 'figures'> {
  const kinds = KINDS.map((each) => ({
    ...each,
    members: followed.filter(({ kind }) => kind === each.kind),
  }));
  const findings = kinds.map(({ asks, members }) => `${asks}: ${trackedWords(members)}.`);
  const least = Math.min(
    0,
    ...followed.flatMap(({ r, units }) => [...r, ...units.map(({ chance }) => chance)]),
  );
  const panel = (
    heading: string,
    members: readonly Followed[],
    of: (each: Followed) => readonly number[],
  ): Panel =>
    dotChart({
      heading,
      x: { label: 'correlation r', from: least < 0 ? Math.floor(least * 5) / 5 : 0, to: 1 },
      level: { x: TRACKS, label: 'said to track' },
      rows: members.map((each) => ({ label: each.name, ink: each.ink, values: of(each) })),
    });
  return {
    findings,
    figures: [
      {
        name: 'hidden-states-units',
        title: 'What single units go with',
        caption: `${findings.join(' ')} A dot is a training run with its own best unit, chosen on every other stretch of the text and tried on those between; below 0 its correlation turned around there. By chance: the most that the same search finds for the feature shifted along the text, by five distances; the sentences give its median over the seeds.`,
        panels: kinds.flatMap(({ heading, members }) => [
          panel(heading, members, ({ r }) => r),
          panel('The same by chance', members, ({ units }) => units.map(({ chance }) => chance)),
        ]),
      },
    ],
  };
}

/** Which features are tracked, in how many seeds, and which in none. */
function trackedWords(members: readonly Followed[]): string {
  const held = ({ r }: Followed): number => r.filter((value) => value >= TRACKS).length;
  const some = members.filter((each) => held(each) > 0);
  const none = members.filter((each) => held(each) === 0);
  const tracked = some.map(
    (each) =>
      `${each.words} in ${held(each)} of ${each.r.length} seeds (r ${plusMinus(each.r, 2)} over all, by chance up to ${short(median(each.units.map(({ chance }) => chance)), 2)})`,
  );
  const nearest = none.map((each) => `${each.words} (${short(Math.max(...each.r), 2)} at best)`);
  if (some.length === 0)
    return `no single unit reaches r ≥ ${TRACKS} with any seed, on text that it was not chosen on: ${list(nearest)}`;
  const others = none.length === 0 ? '' : `; with no seed for ${list(nearest)}`;
  return `on text that it was not chosen on, a single unit reaches r ≥ ${TRACKS} for ${list(tracked)}${others}`;
}
