/** Plots of a training run. */

import { printable } from '../../cli/sanitize-terminal.ts';
import { count, short } from '../../common/format.ts';
import { foldedNetwork, unrolledNetwork } from '../../plots/architecture.ts';
import type { Figure } from '../../plots/figure.ts';
import { lineChart } from '../../plots/line-chart.ts';
import type { Level } from '../../plots/line-labels.ts';
import type { Panel } from '../../plots/panel.ts';
import { seriesInk } from '../../plots/theme.ts';
import { pointsOf, type Spread, spreadOf } from '../common/curve.ts';
import { THUMBNAIL } from '../common/experiment.ts';
import type { Config, Outcome } from './run.ts';

/** All runs, and the first of them in detail. */
export interface Runs {
  readonly config: Config;
  readonly first: Outcome;
  readonly outcomes: readonly Outcome[];
  /** Characters in a step. */
  readonly scale: number;
  readonly smoothed: Spread;
  readonly norm: Spread;
  readonly seeds: string;
}

export function runsOf(config: Config, outcomes: readonly Outcome[]): Runs {
  const scale = config.batch * config.steps;
  const spread = (of: (outcome: Outcome) => Outcome['loss']): Spread => spreadOf(outcomes.map(of), scale);
  return {
    config,
    first: outcomes[0]!,
    outcomes,
    scale,
    smoothed: spread((outcome) => outcome.smoothed),
    norm: spread((outcome) => outcome.norm),
    seeds: count(outcomes.length, 'seed'),
  };
}

const X = { label: 'characters read', from: 0 };

const levelsOf = ({ uniform, letters }: Outcome): Level[] => [
  { y: uniform, label: 'even guessing' },
  { y: letters, label: 'letter frequencies' },
];

export function thumbnail({ first, smoothed }: Runs): Panel {
  return lineChart({
    ...THUMBNAIL,
    heading: 'Training loss',
    x: X,
    y: { label: 'nats per character' },
    lines: [{ label: 'network', ink: 'blue', points: smoothed.middle }],
    levels: levelsOf(first),
  });
}

export function networkFigure({ config, first }: Runs): Figure {
  const sizes = { ...config, cell: 'RNN', vocabulary: first.vocabulary, parameters: first.parameters };
  return {
    name: 'training-network',
    title: 'The network',
    caption: `A vanilla RNN of ${count(config.hidden, 'hidden unit')} reads ${config.batch} streams in windows of ${config.steps} characters.`,
    panels: [foldedNetwork(sizes), unrolledNetwork(sizes)],
  };
}

export function lossFigure({ first, scale, smoothed, seeds }: Runs): Figure {
  const levels = levelsOf(first);
  const perplexity = smoothed.middle.map(([at, loss]): [number, number] => [at, Math.exp(loss)]);
  return {
    name: 'training-loss',
    title: 'Loss and perplexity during training',
    caption: `On the training text. Pale: one run, means of ${formatStretches(first.loss.at)}. Strong: smoothed, median of ${seeds}.`,
    panels: [
      lineChart({
        heading: 'Loss',
        x: X,
        y: { label: 'training loss, nats per character' },
        lines: [
          { label: '', faint: true, ink: 'blue', points: pointsOf(first.loss, scale) },
          { label: 'smoothed', ink: 'blue', points: smoothed.middle },
        ],
        levels,
      }),
      lineChart({
        heading: 'Perplexity',
        x: X,
        y: { label: 'exp(smoothed training loss)', scale: 'log' },
        lines: [{ label: 'network', ink: 'green', points: perplexity }],
        levels: levels.map(({ y, label }) => ({ y: Math.exp(y), label })),
      }),
    ],
  };
}

export function normFigure({ config, first, scale, norm, seeds }: Runs): Figure {
  return {
    name: 'training-gradients',
    title: 'Gradient norms during training',
    caption: `Left: median and range of ${seeds}. Right: the first seed, by parameter.`,
    panels: [
      lineChart({
        heading: 'All parameters',
        x: X,
        y: { label: 'global norm before clipping', scale: 'log' },
        lines: [{ label: 'norm', ink: 'blue', points: norm.middle, band: norm.band }],
        levels: [{ y: config.clip?.at ?? Number.NaN, label: 'clipped here' }],
      }),
      lineChart({
        heading: 'By parameter',
        x: X,
        y: { label: 'norm of the gradient', scale: 'log' },
        lines: Object.entries(first.norms).map(([name, curve], i) => ({
          label: name.replace('recurrent.cell.', 'cell.'),
          ink: seriesInk(i),
          points: pointsOf(curve, scale),
        })),
      }),
    ],
  };
}

export function lettersFigure({ config, first: { frequencies } }: Runs): Figure {
  const shares = (of: 'text' | 'sample'): [number, number][] =>
    frequencies.map((each, i) => [i, 100 * each[of]]);
  const x = {
    label: 'character, by its frequency in the book (␣ space, ↵ new line)',
    from: -0.5,
    to: frequencies.length - 0.5,
    ticks: frequencies.map((_, i) => i),
    format: (i: number) => visible(frequencies[i]?.character ?? ''),
  };
  return {
    name: 'training-letters',
    title: 'Letters of the book and of a sample',
    caption: `The ${frequencies.length} most frequent characters. The sample has ${count(config.sampled, 'character')} (first seed).`,
    panels: [
      lineChart({
        heading: 'Share of all characters',
        x,
        y: { label: 'percent', scale: 'log' },
        width: 960,
        lines: [
          { label: 'book', ink: 'gray', points: shares('text') },
          { label: 'network', ink: 'red', noLine: true, points: shares('sample') },
        ],
      }),
    ],
  };
}

/**
 * Lengths of the stretches that a curve has the means of. They differ if they do not divide the
 * run.
 */
function formatStretches(at: readonly number[]): string {
  const lengths = at.map((end, i) => end - (at[i - 1] ?? 0));
  const [least, most] = [Math.min(...lengths), Math.max(...lengths)];
  return least === most ? count(least, 'step') : `${short(least, 6)} to ${count(most, 'step')}`;
}

function visible(character: string): string {
  return character === ' ' ? '␣' : character === '\n' ? '↵' : printable(character);
}
