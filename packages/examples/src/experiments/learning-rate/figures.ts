/** Plots of the learning rates. */
import { short } from '../../common/format.ts';
import { dotChart } from '../../plots/dot-chart.ts';
import type { Figure } from '../../plots/figure.ts';
import { type Line, lineChart } from '../../plots/line-chart.ts';
import type { Panel } from '../../plots/panel.ts';
import { spreadOf } from '../common/curve.ts';
import { THUMBNAIL } from '../common/experiment.ts';
import { finalsOf, type Summary } from './groups.ts';

/** Plots show losses up to so many times the first one. */
const ABOVE = 1.25;

/** The median over seeds, with their range, as far as all tests go. */
function linesOf({ groups }: Summary): Line[] {
  return groups.map(({ name, ink, outcomes }) => {
    const { middle, band } = spreadOf(
      outcomes.map(({ rates, smoothed }) => ({ at: rates, values: smoothed })),
    );
    return { label: name, ink, points: middle, band };
  });
}

/** The end of the axes of losses. */
function mostOf({ groups }: Summary): number {
  const firsts = groups.flatMap(({ outcomes }) => outcomes.map(({ smoothed }) => smoothed[0] ?? 0));
  return Math.ceil(10 * ABOVE * Math.max(...firsts)) / 10;
}

function axesOf(summary: Summary): Pick<Parameters<typeof lineChart>[0], 'x' | 'y'> {
  const { low, high } = summary.config;
  return {
    x: { label: 'learning rate', scale: 'log', from: low, to: high },
    y: { label: 'smoothed loss, nats per character', to: mostOf(summary) },
  };
}

export function thumbnail(summary: Summary): Panel {
  const { x, y } = axesOf(summary);
  return lineChart({
    ...THUMBNAIL,
    heading: 'Loss as the rate grows',
    x,
    y: { ...y, label: 'smoothed loss, nats' },
    lines: linesOf(summary),
  });
}

/** The test: losses by rate, and the rates that it suggests. */
export function testFigure(summary: Summary): Figure {
  const { groups, seeds } = summary;
  return {
    name: 'learning-rate-test',
    title: 'A learning-rate range test',
    caption: `Left: median and range of ${seeds}, as far as all of them go. Right: a dot is a seed, the bar their median.`,
    panels: [
      lineChart({
        ...axesOf(summary),
        heading: 'Loss while the rate grows',
        width: 560,
        height: 380,
        lines: linesOf(summary),
      }),
      dotChart({
        heading: 'Suggested rates',
        x: { label: 'rate of the steepest descent', scale: 'log' },
        width: 384,
        rowHeight: 44,
        rows: groups.map(({ name, ink, suggestions }) => ({ label: name, ink, values: suggestions })),
      }),
    ],
  };
}

/** Trainings at the suggested rate, and around it. */
export function trainingFigure(summary: Summary): Figure {
  const { groups, factors } = summary;
  return {
    name: 'learning-rate-training',
    title: 'Training at multiples of the suggested rate',
    caption:
      'A dot is a run, the bar their median. A triangle is a run beyond the axis. A run that is not finite at its end has neither.',
    panels: [
      dotChart({
        heading: 'Training loss over the last tenth',
        x: { label: 'nats per character', to: mostOf(summary) },
        width: 640,
        rows: groups.flatMap((group) =>
          factors.map((factor, i) => ({
            label: `${group.name} × ${short(factor)}`,
            ink: group.ink,
            values: finalsOf(group, i),
          })),
        ),
      }),
    ],
  };
}
