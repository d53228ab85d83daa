/** Plots of gradient flow. */

import { count, plain, short } from '../../common/format.ts';
import { linearFit, logarithmic, median } from '../../common/statistics.ts';
import type { Figure } from '../../plots/figure.ts';
import { type Line, lineChart } from '../../plots/line-chart.ts';
import type { Panel } from '../../plots/panel.ts';
import { seriesInk } from '../../plots/theme.ts';
import { spreadOf } from '../common/curve.ts';
import { THUMBNAIL } from '../common/experiment.ts';
import { remaining } from '../common/flow.ts';
import type { Outcome } from './run.ts';
import type { Summary } from './summary.ts';

/** Lowest value that plots show. */
const LEAST = 1e-16;

type Curve = readonly (readonly [distance: number, share: number])[];

/** A line for each radius: the median over runs. */
function linesOf({ groups }: Summary, of: (outcome: Outcome) => Curve, prefix: string): Line[] {
  return groups.map(({ radius, runs, ink }) => ({
    label: `${prefix}${plain(radius)}`,
    ink,
    points: spreadOf(
      runs.map(({ outcome }) => {
        const points = of(outcome);
        return { at: points.map(([x]) => x), values: points.map(([, y]) => y) };
      }),
    ).middle,
  }));
}

const shares = ({ norms }: Outcome): Curve => remaining(norms.at(-1)!);

export function thumbnail(summary: Summary): Panel {
  return lineChart({
    ...THUMBNAIL,
    heading: 'Gradient by distance and radius',
    x: { label: 'steps back', from: 0 },
    y: { label: 'share of ‖∂L/∂h_T‖', scale: 'log', from: LEAST },
    lines: linesOf(summary, shares, ''),
  });
}

/** What is left of the gradient and of the Jacobian, by distance and radius. */
export function regimesFigure(summary: Summary): Figure {
  const { batch, seeds } = summary;
  return {
    name: 'gradient-flow-regimes',
    title: 'Vanishing and exploding gradients, by spectral radius of W_hh',
    caption: `Medians of ${seeds}, down to ${plain(LEAST)}. Left: the loss of ${count(batch, 'sequence')}. Right: the first of them.`,
    panels: [
      lineChart({
        heading: '‖∂L/∂h_t‖ as a share of ‖∂L/∂h_T‖',
        x: { label: 'steps back from the loss, T − t', from: 0 },
        y: { label: 'share', scale: 'log', from: LEAST },
        lines: linesOf(summary, shares, 'radius '),
      }),
      lineChart({
        heading: '‖∂h_T/∂h_t‖, largest singular value',
        x: { label: 'steps back, T − t', from: 0 },
        y: { label: 'norm', scale: 'log', from: LEAST },
        lines: linesOf(summary, ({ jacobians }) => remaining(jacobians), 'radius '),
      }),
    ],
  };
}

/** The gradient through time, and at the first step, by the length of the sequence. */
export function lengthsFigure({ usual, lengths, seeds }: Summary): Figure {
  const middle = lengths.map((steps, i): [number, number] => [
    steps,
    median(usual.runs.map(({ outcome }) => outcome.norms[i]![0]!)),
  ]);
  const { slope, intercept } = linearFit(logarithmic(middle));
  return {
    name: 'gradient-flow-lengths',
    title: `Sequences of different length, at radius ${plain(usual.radius)}`,
    caption: `Left: medians of ${seeds}. Right: a dot is a run. Dashed: the exponential fitted to the medians.`,
    panels: [
      lineChart({
        heading: '‖∂L/∂h_t‖ through time',
        x: { label: 'time step t', from: 0 },
        y: { label: 'norm, by T', scale: 'log' },
        named: 'above',
        lines: lengths.map((steps, i) => ({
          label: String(steps),
          ink: seriesInk(i),
          points: spreadOf(
            usual.runs.map(({ outcome }) => ({
              at: outcome.norms[i]!.map((_, t) => t + 1),
              values: outcome.norms[i]!,
            })),
          ).middle,
        })),
      }),
      lineChart({
        heading: '‖∂L/∂h_1‖ against the length T',
        x: { label: 'T', from: 0 },
        y: { label: 'norm', scale: 'log' },
        lines: [
          ...usual.runs.map(({ outcome }) => ({
            label: '',
            ink: 'blue' as const,
            noLine: true,
            faint: true,
            points: lengths.map((steps, i): [number, number] => [steps, outcome.norms[i]![0]!]),
          })),
          { label: 'median', ink: 'blue' as const, points: middle },
          {
            label: `${short(Math.exp(slope), 2)}^T`,
            ink: 'gray' as const,
            dashed: true,
            points: lengths.map((steps): [number, number] => [steps, Math.exp(intercept + slope * steps)]),
          },
        ],
      }),
    ],
  };
}

/** The factor of a step beside its bound, and among shorter and longer sequences. */
export function boundFigure({ groups, lengths, turn, seeds }: Summary): Figure {
  const over = (
    pick: (outcome: Outcome) => number,
  ): { readonly points: [number, number][]; readonly band: [number, number, number][] } => ({
    points: groups.map(({ radius, runs }) => [radius, median(runs.map(({ outcome }) => pick(outcome)))]),
    band: groups.map(({ radius, runs }) => {
      const values = runs.map(({ outcome }) => pick(outcome));
      return [radius, Math.min(...values), Math.max(...values)];
    }),
  });
  const shared = { x: { label: 'spectral radius of W_hh' }, y: { label: 'factor' } };
  const kept = [{ y: 1, label: 'unchanged' }];
  const radius: Line = {
    label: 'the radius itself',
    ink: 'gray',
    dashed: true,
    points: groups.map((each) => [each.radius, each.radius]),
  };
  return {
    name: 'gradient-flow-bound',
    title: 'Factor of one step: measured, and bounded by theory',
    caption: `Right: change of ‖∂L/∂h_1‖ by one more step in T. Medians and ranges of ${seeds}.`,
    panels: [
      lineChart({
        heading: 'Factor of a step back',
        ...shared,
        levels: kept,
        lines: [
          { label: 'measured', ink: 'blue', dots: true, ...over((each) => each.rate) },
          { label: 'σ_max·max(1 − h²)', ink: 'red', dots: true, ...over((each) => each.bound) },
          radius,
        ],
      }),
      lineChart({
        heading: 'Among shorter and longer sequences',
        ...shared,
        levels: kept,
        lines: [
          { label: `T = ${lengths[0]} … ${turn}`, ink: 'green', dots: true, ...over((each) => each.early) },
          {
            label: `T = ${turn} … ${lengths.at(-1)}`,
            ink: 'purple',
            dots: true,
            ...over((each) => each.late),
          },
          radius,
        ],
      }),
    ],
  };
}
