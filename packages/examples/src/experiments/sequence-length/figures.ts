/** The figures of sequence length. */
import { dotChart } from '../../plots/dot-chart.ts';
import type { Figure } from '../../plots/figure.ts';
import { type Line, lineChart } from '../../plots/line-chart.ts';
import type { SeriesInk } from '../../plots/theme.ts';
import { spreadOf } from '../common/curve.ts';
import { linearFit, mean } from '../common/statistics.ts';
import { count } from '../common/words.ts';
import type { Outcome } from '../sequence-length.ts';
import { finalOf, type Group, heldOutOf, normOf } from './groups.ts';
import type { Times } from './times.ts';

export function lossFigure(groups: readonly Group[], sentence: string, batch: number): Figure {
  const seeds = count(groups[0]!.outcomes.length, 'seed');
  return {
    name: 'sequence-length-loss',
    title: 'Loss by the length of the window',
    caption: `${sentence} Left: on the text that is trained on, medians of ${seeds}. Right: on the end of the text, which is not; a dot is a run, the bar their mean.`,
    panels: [
      lineChart({
        heading: 'Loss while training',
        x: { label: 'characters read', from: 0 },
        y: { label: 'training loss, nats per character' },
        width: 560,
        lines: groups.map(({ name, steps, ink, outcomes }) => ({
          label: name,
          ink,
          points: spreadOf(
            outcomes.map((each) => each.loss),
            steps * batch,
          ).middle,
        })),
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

export function effectsFigure(groups: readonly Group[], sentence: string): Figure {
  const perplexity = (of: (outcome: Outcome) => number) => (outcome: Outcome) => Math.exp(of(outcome));
  const x = {
    label: 'T, steps in a window',
    scale: 'log' as const,
    ticks: groups.map(({ steps }) => steps),
  };
  return {
    name: 'sequence-length-effects',
    title: 'Perplexity and gradients by the length of the window',
    caption: `${sentence} Perplexity is that of the last tenth of what was read, and of the end of the text, which no network is trained on. Pale dots are runs, strong ones their means.`,
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

export function timeFigure({ window, character }: Times, caption: string): Figure {
  const fit = linearFit(window);
  return {
    name: 'sequence-length-time',
    title: 'Time by the length of the window',
    measured: true,
    caption,
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
