/** Plots of clipping. */
import { count, short } from '../../common/format.ts';
import { dotChart } from '../../plots/dot-chart.ts';
import type { Figure } from '../../plots/figure.ts';
import { type LineChart, lineChart } from '../../plots/line-chart.ts';
import type { Panel } from '../../plots/panel.ts';
import { type Curve, pointsOf, spreadOf } from '../common/curve.ts';
import { THUMBNAIL } from '../common/experiment.ts';
import { finals, type Group, spikeShares } from './analysis.ts';
import type { Outcome } from './run.ts';

type Rest = Pick<LineChart, 'heading' | 'y' | 'levels' | 'width' | 'height'>;

/** The figures that have something to draw. */
export function figuresOf(groups: readonly Group[]): Figure[] {
  const { config, outcome } = groups[0]!.runs[0]!;
  const drawn = `Pale: ${count(groups[0]!.runs.length, 'seed')}. Strong: their median, as far as all runs go.`;
  const levels = [
    { y: outcome.uniform, label: 'even guessing' },
    { y: outcome.letters, label: 'letter frequencies' },
  ];
  const norm = {
    y: { label: 'global norm before clipping', scale: 'log' as const },
    levels: [{ y: config.spikeAbove, label: 'spikes above' }],
  };
  const figures = [
    {
      name: 'clipping-loss',
      title: 'Training loss, by clipping',
      caption: drawn,
      panels: byKind(groups, ({ loss }) => loss, { y: lossAxis(groups), levels }),
    },
    {
      name: 'clipping-norms',
      title: 'Gradients before clipping',
      caption: drawn,
      panels: byKind(groups, (each) => each.norm, norm),
    },
    endsFigure(groups),
  ];
  return figures.filter(({ panels }) => panels.length > 0);
}

/** The strongest clipping by norm against none. */
export function thumbnail(groups: readonly Group[]): Panel | undefined {
  const shown = groups.filter(({ clip }) => clip === null || (clip.by === 'norm' && clip.at <= 0.5));
  const y = { ...lossAxis(groups), label: 'training loss, nats' };
  return curves(shown, ({ loss }) => loss, { ...THUMBNAIL, heading: 'Loss with and without clipping', y })[0];
}

/** A log axis, cut far above even guessing if a run goes there. */
function lossAxis(groups: readonly Group[]): LineChart['y'] {
  const runs = groups.flatMap((group) => group.runs);
  const top = 10 * runs[0]!.outcome.uniform;
  const isCut = runs.some(({ outcome }) => outcome.loss.values.some((loss) => loss > top));
  const label = 'training loss, nats per character';
  return {
    label: isCut ? `${label} (up to ${short(top, 2)})` : label,
    scale: 'log',
    ...(isCut ? { to: top } : {}),
  };
}

/** A panel for clipping by value and one for clipping by norm, each beside no clipping. */
function byKind(
  groups: readonly Group[],
  curveOf: (outcome: Outcome) => Curve,
  rest: Omit<Rest, 'heading'>,
): Panel[] {
  return [
    ...curves(
      groups.filter(({ clip }) => clip?.by !== 'norm'),
      curveOf,
      { ...rest, heading: 'Clipped by value' },
    ),
    ...curves(
      groups.filter(({ clip }) => clip?.by !== 'value'),
      curveOf,
      { ...rest, heading: 'Clipped by global norm' },
    ),
  ];
}

/** Each run pale, and the median of each setting strong. No panel if there is nothing to draw. */
function curves(groups: readonly Group[], curveOf: (outcome: Outcome) => Curve, rest: Rest): Panel[] {
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

function endsFigure(groups: readonly Group[]): Figure {
  const percentages = (group: Group): number[] => spikeShares(group).map((share) => 100 * share);
  const { letters } = groups[0]!.runs[0]!.outcome;
  return {
    name: 'clipping-ends',
    title: 'Spikes and final loss',
    caption:
      'A dot is a run, the bar their mean. A run that diverged to a loss that is not finite has no dot.',
    panels: [
      ...dots('Steps that are spikes', { label: 'percent of a run’s steps', from: 0 }, groups, percentages),
      ...dots('Final training loss', { label: 'nats per character', scale: 'log' }, groups, finals, {
        x: letters,
        label: 'letter frequencies',
      }),
    ],
  };
}

/** A row for each setting. No panel if no run has a number. */
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
