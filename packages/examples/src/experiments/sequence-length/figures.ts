/** Plots of sequence length. */

import { count } from '../../common/format.ts';
import { linearFit, mean } from '../../common/statistics.ts';
import { dotChart } from '../../plots/dot-chart.ts';
import type { Figure } from '../../plots/figure.ts';
import { type Line, lineChart } from '../../plots/line-chart.ts';
import type { Panel } from '../../plots/panel.ts';
import type { SeriesInk } from '../../plots/theme.ts';
import { spreadOf } from '../common/curve.ts';
import { THUMBNAIL } from '../common/experiment.ts';
import { finalOf, type Group, heldOutOf, normOf } from './groups.ts';
import type { Outcome } from './run.ts';
import type { Times } from './times.ts';

function lossLines(groups: readonly Group[], batch: number): Line[] {
  return groups.map(({ name, steps, ink, outcomes }) => {
    const { middle } = spreadOf(
      outcomes.map(({ loss }) => loss),
      steps * batch,
    );
    return { label: name, ink, points: middle };
  });
}

export function thumbnail(groups: readonly Group[], batch: number): Panel {
  return lineChart({
    ...THUMBNAIL,
    heading: 'Training loss by window T',
    x: { label: 'characters read', from: 0 },
    y: { label: 'nats per character' },
    lines: lossLines(groups, batch).map((line) => ({ ...line, label: line.label.replace('T = ', '') })),
  });
}

export function lossFigure(groups: readonly Group[], batch: number): Figure {
  const seeds = count(groups[0]!.outcomes.length, 'seed');
  return {
    name: 'sequence-length-loss',
    title: 'Loss by the length of the window',
    caption: `Left: on the training text, medians of ${seeds}. Right: on held-out text; a dot is a run, the bar their mean.`,
    panels: [
      lineChart({
        heading: 'Loss during training',
        x: { label: 'characters read', from: 0 },
        y: { label: 'training loss, nats per character' },
        width: 560,
        lines: lossLines(groups, batch),
      }),
      dotChart({
        heading: 'Loss on held-out text',
        x: { label: 'nats per character' },
        width: 384,
        rowHeight: 40,
        bar: 'mean',
        rows: groups.map(({ name, ink, outcomes }) => ({
          label: name,
          ink,
          values: outcomes.map(heldOutOf),
        })),
      }),
    ],
  };
}

export function effectsFigure(groups: readonly Group[]): Figure {
  const perplexity = (of: (outcome: Outcome) => number) => (outcome: Outcome) => Math.exp(of(outcome));
  const x = {
    label: 'T, steps in a window',
    scale: 'log' as const,
    ticks: groups.map(({ steps }) => steps),
  };
  return {
    name: 'sequence-length-effects',
    title: 'Perplexity and gradients by the length of the window',
    caption:
      'Pale dots are runs, strong ones their means. Perplexity: of the last tenth of training, and of held-out text.',
    panels: [
      lineChart({
        heading: 'Perplexity',
        x,
        y: { label: 'exp(loss)' },
        lines: [
          ...againstLength('trained on', 'blue', groups, perplexity(finalOf)),
          ...againstLength('held out', 'red', groups, perplexity(heldOutOf)),
        ],
      }),
      lineChart({
        heading: 'Gradient norm',
        x,
        y: { label: 'mean global norm before clipping', from: 0 },
        lines: againstLength('norm', 'green', groups, normOf),
      }),
    ],
  };
}

function againstLength(
  label: string,
  ink: SeriesInk,
  groups: readonly Group[],
  of: (outcome: Outcome) => number,
): Line[] {
  const runs = groups.flatMap(({ steps, outcomes }) =>
    outcomes.map((outcome): [number, number] => [steps, of(outcome)]),
  );
  const means = groups.map(({ steps, outcomes }): [number, number] => [steps, mean(outcomes.map(of))]);
  return [
    { label: '', ink, faint: true, noLine: true, points: runs },
    { label, ink, dots: true, points: means },
  ];
}

export function timeFigure({ window, character, rounds }: Times): Figure {
  const fit = linearFit(window);
  return {
    name: 'sequence-length-time',
    title: 'Time by the length of the window',
    measured: true,
    caption: `Medians of ${count(rounds, 'round')}, measured on this machine with nothing else of the report running.`,
    panels: [
      lineChart({
        heading: 'A training step',
        x: { label: 'T, steps in a window', from: 0 },
        y: { label: 'milliseconds', from: 0 },
        lines: [
          {
            label: 'line fitted',
            ink: 'gray',
            dashed: true,
            points: window.map(([steps]) => [steps, fit.intercept + fit.slope * steps]),
          },
          { label: 'measured', ink: 'blue', noLine: true, points: window },
        ],
      }),
      lineChart({
        heading: 'A character',
        x: { label: 'T, steps in a window', from: 0 },
        y: { label: 'microseconds', from: 0 },
        lines: [{ label: 'measured', ink: 'blue', dots: true, points: character }],
      }),
    ],
  };
}
