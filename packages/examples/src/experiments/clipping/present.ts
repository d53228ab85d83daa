/** What is shown: clipping: what keeps a run alive that would blow up without it. */
import { dotChart } from '../../plots/dot-chart.ts';
import { lineChart } from '../../plots/line-chart.ts';
import type { Panel } from '../../plots/panel.ts';
import type { Config, Outcome } from '../clipping.ts';
import { type Curve, pointsOf, spreadOf } from '../common/curve.ts';
import type { DonePart, Presentation } from '../common/experiment.ts';
import { count, medianRange, percent, short } from '../common/words.ts';
import { bestTenth, fateWords } from './fate.ts';
import {
  bestSentence,
  divergenceClaims,
  divergenceSentence,
  fatesWords,
  finals,
  finalWords,
  type Group,
  groupsOf,
  spikeSentence,
  spikeShares,
} from './reading.ts';

/** Figures, tables and sentences, computed from the outcomes. */
export function present(parts: readonly DonePart<Config, Outcome>[]): Presentation {
  const groups = groupsOf(parts);
  const { letters, uniform } = parts[0]!.outcome;
  const { spikeAbove } = parts[0]!.config;
  const seeds = count(groups[0]!.runs.length, 'seed');
  const top = 10 * uniform;
  const isCut = parts.some(({ outcome }) => outcome.loss.values.some((loss) => loss > top));
  const lossPanel = (heading: string, shown: readonly Group[]): Panel[] =>
    curves(shown, ({ loss }) => loss, {
      heading,
      y: {
        label: `training loss, nats per character${isCut ? ` (cut off at ${short(top, 2)})` : ''}`,
        scale: 'log',
        ...(isCut ? { to: top } : {}),
      },
      levels: [
        { y: uniform, label: 'even guessing' },
        { y: letters, label: 'letter frequencies' },
      ],
    });
  const normPanel = (heading: string, shown: readonly Group[]): Panel[] =>
    curves(shown, ({ norm }) => norm, {
      heading,
      y: { label: 'global norm before clipping', scale: 'log' },
      levels: [{ y: spikeAbove, label: 'spikes above' }],
    });
  const byValue = groups.filter(({ clip }) => clip?.by !== 'norm');
  const byNorm = groups.filter(({ clip }) => clip?.by !== 'value');
  const [divergence, best, spikes] = [
    divergenceSentence(groups),
    bestSentence(groups),
    spikeSentence(groups),
  ];
  const drawn = `Pale: the ${seeds}, means of equal stretches; strong: their median, as far as all runs go.`;
  const figures = [
    {
      name: 'clipping-loss',
      title: 'Loss while training, by clipping',
      caption: `${divergence} ${drawn}`,
      panels: [...lossPanel('Clipped by value', byValue), ...lossPanel('Clipped by global norm', byNorm)],
    },
    {
      name: 'clipping-norms',
      title: 'Gradients before clipping',
      caption: `${spikes} ${drawn}`,
      panels: [...normPanel('Clipped by value', byValue), ...normPanel('Clipped by global norm', byNorm)],
    },
    {
      name: 'clipping-ends',
      title: 'Spikes, and where the runs ended',
      caption: `${best} Loss: of the last tenth of what was trained on. A dot is a run, the bar their mean; a run that ended in what is not finite has no final loss.`,
      panels: [
        ...dots('Steps that are spikes', { label: 'percent of a run’s steps', from: 0 }, groups, (group) =>
          spikeShares(group).map((share) => 100 * share),
        ),
        ...dots('Final loss', { label: 'nats per character', scale: 'log' }, groups, finals, {
          x: letters,
          label: 'letter frequencies',
        }),
      ],
    },
  ];
  return {
    findings: [divergence, best, spikes],
    claims: divergenceClaims(groups),
    figures: figures.filter(({ panels }) => panels.length > 0),
    tables: [
      {
        title: 'Clipping',
        head: [
          'clipping',
          'how the runs ended',
          'final loss, nats',
          'best tenth, nats',
          'median norm',
          'largest norm',
          'spikes',
        ],
        rows: groups.map((group) => [
          group.name,
          fatesWords(group.runs),
          finalWords(group),
          medianRange(group.runs.map(bestTenth), 3),
          medianRange(group.runs.map(({ outcome }) => outcome.medianNorm)),
          medianRange(group.runs.map(({ outcome }) => outcome.largestNorm)),
          spikeShares(group).map(percent).join(', '),
        ]),
        caption: `${fateWords(short(letters))} Best tenth: the lowest mean loss over as long a stretch as the final loss is the mean of. Spikes: shares of steps with a norm over ${spikeAbove}, run by run. All on the text that is trained on.`,
      },
    ],
  };
}

/** Each run pale, and the median of each setting strong; no panel where there is nothing to draw. */
function curves(
  groups: readonly Group[],
  curveOf: (outcome: Outcome) => Curve,
  rest: Pick<Parameters<typeof lineChart>[0], 'heading' | 'y' | 'levels'>,
): Panel[] {
  const lines = groups.flatMap(({ name, runs, ink }) => {
    const each = runs.map(({ outcome }) => curveOf(outcome)).filter(({ at }) => at.length > 0);
    const { middle } = spreadOf(each);
    return [
      ...each.map((curve) => ({ label: '', faint: true, ink, points: pointsOf(curve) })),
      ...(middle.length === 0 ? [] : [{ label: name, ink, points: middle }]),
    ];
  });
  return lines.length === 0 ? [] : [lineChart({ ...rest, x: { label: 'training steps', from: 0 }, lines })];
}

/** A row for each setting; no panel where no run gave a number. */
function dots(
  heading: string,
  x: Parameters<typeof dotChart>[0]['x'],
  groups: readonly Group[],
  valuesOf: (group: Group) => readonly number[],
  level?: { readonly x: number; readonly label: string },
): Panel[] {
  const rows = groups.map((group) => ({ label: group.name, ink: group.ink, values: valuesOf(group) }));
  if (!rows.some(({ values }) => values.some(Number.isFinite))) return [];
  return [dotChart({ heading, x, bar: 'mean', rows, ...(level === undefined ? {} : { level }) })];
}
