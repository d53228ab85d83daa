/** What is shown: clipping: what keeps a run alive that would blow up without it. */
import type { Clip } from '../../char-rnn/configuration.ts';
import { dotChart } from '../../plots/dot-chart.ts';
import { lineChart } from '../../plots/line-chart.ts';
import { type SeriesInk, seriesInk } from '../../plots/theme.ts';
import type { Outcome } from '../clipping.ts';
import type { CharacterConfig } from '../common/characters.ts';
import { spreadOf } from '../common/curve.ts';
import type { DonePart, Presentation } from '../common/experiment.ts';
import { groupBy } from '../common/groups.ts';
import { median } from '../common/statistics.ts';
import { count, list, medianRange, plusMinus, short } from '../common/words.ts';

/** Figures, tables and sentences, computed from the outcomes. */
export function present(parts: readonly DonePart<CharacterConfig, Outcome>[]): Presentation {
  const groups = groupBy(parts, ({ config }) => nameOf(config.clip)).map(([name, runs], i) => ({
    name,
    runs,
    ink: seriesInk(i),
    failed: runs.filter(failed).length,
    finals: runs.flatMap(({ outcome }) => outcome.finalLoss ?? []),
  }));
  const { letters, uniform } = parts[0]!.outcome;
  const seeds = groups[0]!.runs.length;
  const saved = groups.filter((group) => group.failed === 0);
  const best = groups.reduce((a, b) => (rank(b) < rank(a) ? b : a));
  const unclipped = groups.find((group) => group.name === 'none')!;
  const moderate = groups.filter((group) => ['norm 0.5', 'norm 1'].includes(group.name));
  const levels = [
    { y: uniform, label: 'even guessing' },
    { y: letters, label: 'letter frequencies' },
  ];
  const top = 4 * uniform;
  const panel = (heading: string, shown: typeof groups): ReturnType<typeof lineChart> =>
    lineChart({
      heading,
      x: { label: 'training steps', from: 0 },
      y: {
        label: `loss, nats per character (cut off at ${short(top, 2)})`,
        from: 1.5,
        to: top,
        scale: 'log',
      },
      lines: shown.map(({ name, runs, ink }) => ({
        label: name,
        points: spreadOf(runs.map(({ outcome }) => outcome.loss)).middle,
        ink,
      })),
      levels,
    });
  const byValue = groups.filter(({ name }) => !name.startsWith('norm'));
  const byNorm = groups.filter(({ name }) => !name.startsWith('value'));
  const sentence =
    `Without clipping ${unclipped.failed} of ${count(seeds, 'run')} ended worse than letter frequencies (${short(letters)} nats). ` +
    `No run failed with ${list(saved.map(({ name }) => name))}; the lowest final loss, ${plusMinus(best.finals)}, came with ${best.name}.`;
  return {
    findings: [sentence, ...spikeSentences(groups)],
    claims: [
      {
        claim: 'Moderate clipping (by a global norm of 0.5 or 1) prevents divergence',
        held: moderate.reduce((sum, group) => sum + group.runs.length - group.failed, 0),
        of: moderate.reduce((sum, group) => sum + group.runs.length, 0),
        evidence: `final loss ${moderate.map((group) => `${plusMinus(group.finals)} (${group.name})`).join(', ')}; without clipping ${unclipped.failed} of ${seeds} failed, ${unclipped.finals.length === 0 ? 'none finite' : medianRange(unclipped.finals)}`,
      },
    ],
    figures: [
      {
        name: 'clipping-loss',
        title: 'Loss while training, by clipping',
        caption: `${sentence} Lines: medians of ${count(seeds, 'seed')}; where each run ended is in the next plot.`,
        panels: [panel('Clipped by value', byValue), panel('Clipped by global norm', byNorm)],
      },
      {
        name: 'clipping-norms',
        title: 'Gradients before clipping, and where the runs ended',
        caption: `${spikeSentences(groups).join(' ')} A dot is a run, the bar their median.`,
        panels: [
          dotChart({
            heading: 'Largest gradient norm of a run',
            x: { label: 'global norm before clipping', scale: 'log' },
            rows: groups.map(({ name, runs, ink }) =>
              row(
                name,
                ink,
                runs.map(({ outcome }) => outcome.largestNorm),
              ),
            ),
          }),
          dotChart({
            heading: 'Final loss of a run',
            x: { label: 'nats per character', scale: 'log' },
            level: { x: letters, label: 'letter frequencies' },
            rows: groups.map(({ name, runs, ink }) =>
              row(
                name,
                ink,
                runs.map(({ outcome }) => outcome.finalLoss),
              ),
            ),
          }),
        ],
      },
    ],
    tables: [
      {
        title: 'Clipping',
        head: ['clipping', 'final loss, nats', 'failed runs', 'median norm', 'largest norm', 'spikes a run'],
        rows: groups.map(({ name, runs, failed: bad, finals }) => [
          name,
          finals.length === 0 ? 'not finite' : plusMinus(finals),
          `${bad} of ${runs.length}`,
          medianRange(runs.map(({ outcome }) => outcome.medianNorm)),
          medianRange(runs.map(({ outcome }) => outcome.largestNorm)),
          medianRange(runs.map(({ outcome }) => outcome.spikes)),
        ]),
        caption:
          'A run failed if its final loss is not finite, or worse than letter frequencies alone give. A spike is a step whose norm is over five times the run’s median.',
      },
    ],
  };
}

type Run = DonePart<CharacterConfig, Outcome>;

function nameOf(clip: Clip): string {
  return clip === null ? 'none' : `${clip.by} ${clip.at}`;
}

function failed({ outcome }: Run): boolean {
  return outcome.finalLoss === null || outcome.finalLoss > outcome.letters;
}

/** Settings whose runs all ended come first, by their mean loss. */
function rank({
  finals,
  runs,
}: {
  readonly finals: readonly number[];
  readonly runs: readonly Run[];
}): number {
  if (finals.length < runs.length) return Number.POSITIVE_INFINITY;
  return finals.reduce((sum, loss) => sum + loss, 0) / finals.length;
}

function row(
  label: string,
  ink: SeriesInk,
  values: readonly (number | null)[],
): Parameters<typeof dotChart>[0]['rows'][number] {
  return { label, ink, values };
}

function spikeSentences(
  groups: readonly { readonly name: string; readonly runs: readonly Run[] }[],
): string[] {
  const spikes = groups.map(({ name, runs }) => ({
    name,
    middle: median(runs.map(({ outcome }) => outcome.spikes)),
  }));
  const most = spikes.reduce((a, b) => (b.middle > a.middle ? b : a));
  const least = spikes.reduce((a, b) => (b.middle < a.middle ? b : a));
  return [
    `Spikes (steps with over five times the median norm) were most frequent with ${most.name}, ${short(most.middle)} in a run, and least with ${least.name}, ${short(least.middle)}.`,
  ];
}
