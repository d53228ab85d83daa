/** The figure of `train --plot`. */

import { printableLine } from '../../cli/sanitize-terminal.ts';
import { grouped } from '../../common/format.ts';
import type { Point } from '../../plots/cut.ts';
import type { Figure } from '../../plots/figure.ts';
import { type Line, lineChart } from '../../plots/line-chart.ts';
import type { SeriesInk } from '../../plots/theme.ts';
import type { Clip } from '../settings.ts';
import type { RunCurves } from './curves.ts';
import { centeredMedians, type HistoryPoint } from './history.ts';
import type { TrainInfo } from './reporter.ts';

/** The share of all points in each median, half before the point and half after it. */
const SMOOTHED_OVER = 0.04;

/** Loss, perplexity and gradient norms against characters read, as measured (pale) and smoothed. */
export function curvesFigure(info: TrainInfo, curves: RunCurves, clip: Clip): Figure {
  const { cell, hidden, steps, batch, parameters, vocabularySize, corpus } = info;
  const characters = steps * batch;
  const place = (points: readonly HistoryPoint[]): Point[] =>
    withGaps(points).map(({ iteration, value }) => [iteration * characters, value]);
  const dots = (points: readonly HistoryPoint[]): Point[] =>
    points.map(({ iteration, value }) => [iteration * characters, value]);
  const smooth = (points: readonly HistoryPoint[]): HistoryPoint[] =>
    centeredMedians(points, Math.ceil((points.length * SMOOTHED_OVER) / 2));
  const both = (label: string, ink: SeriesInk, points: readonly HistoryPoint[]): Line[] => [
    { label: '', faint: true, ink, points: place(points) },
    { label, ink, points: place(smooth(points)) },
  ];
  const perplexity = (points: readonly HistoryPoint[]): HistoryPoint[] =>
    points.map(({ iteration, value }) => ({ iteration, value: 2 ** value }));
  const heldOut = (points: readonly HistoryPoint[]): Line[] =>
    points.length === 0 ? [] : [{ label: 'held out', ink: 'red', noLine: true, points: dots(points) }];
  const x = { label: 'characters read', from: 0 };
  const panels = [
    lineChart({
      heading: `Loss of ${cell}, hidden ${hidden}, steps ${steps}, batch ${batch}: ${grouped(parameters)} parameters`,
      x,
      y: { label: 'bits per character' },
      width: 960,
      height: 400,
      lines: [...both('training', 'blue', curves.loss), ...heldOut(curves.heldOutPoints)],
      levels: [{ y: Math.log2(vocabularySize), label: 'even guessing' }],
    }),
    lineChart({
      heading: 'Perplexity',
      x,
      y: { label: 'equally likely characters', scale: 'log' },
      lines: [
        { label: 'training', ink: 'green', points: place(perplexity(smooth(curves.loss))) },
        ...heldOut(perplexity(curves.heldOutPoints)),
      ],
      levels: [{ y: vocabularySize, label: 'even guessing' }],
    }),
  ];
  if (curves.norm.length > 0)
    panels.push(
      lineChart({
        heading: 'Gradients',
        x,
        y: { label: 'global norm before clipping', scale: 'log' },
        lines: both('norm', 'purple', curves.norm),
        levels: clip?.by === 'norm' ? [{ y: clip.at, label: 'clipped here' }] : [],
      }),
    );
  return { name: 'training', title: `Training on ${printableLine(corpus)}`, caption: '', panels };
}

/** Adds a break where iterations are missing because a part of the run was not plotted. */
function withGaps(
  points: readonly HistoryPoint[],
): { readonly iteration: number; readonly value: number | null }[] {
  const lengths = points.slice(1).map(({ iteration }, i) => iteration - points[i]!.iteration);
  const stretch = lengths.reduce((least, length) => Math.min(least, length), Number.POSITIVE_INFINITY);
  return points.flatMap((point, i) =>
    i > 0 && lengths[i - 1]! > 2 * stretch ? [{ iteration: point.iteration, value: null }, point] : [point],
  );
}
