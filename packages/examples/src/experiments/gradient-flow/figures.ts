/** Plots of gradient flow. */
import type { Figure } from '../../plots/figure.ts';
import { type Line, lineChart } from '../../plots/line-chart.ts';
import { plain } from '../../plots/scale.ts';
import { seriesInk } from '../../plots/theme.ts';
import { spreadOf } from '../common/curve.ts';
import { remaining } from '../common/flow.ts';
import { linearFit, logarithmic, median } from '../common/statistics.ts';
import { short } from '../common/words.ts';
import type { Outcome } from '../gradient-flow.ts';
import type { Summary } from './summary.ts';

/** What plots show of a fading gradient. */
const LEAST = 1e-16;

/** What is left of the gradient, and of the Jacobian, by distance and radius. */
export function regimesFigure({ groups, batch, seeds, sentences }: Summary): Figure {
  return {
    name: 'gradient-flow-regimes',
    title: 'Vanishing and exploding gradients, by spectral radius of W_hh',
    caption: `${sentences.regimes} Medians of ${seeds}; what falls below ${plain(LEAST)} is not shown. Left: the loss of ${batch} sequences together; right: the first of them alone.`,
    panels: [
      lineChart({
        heading: '‖∂L/∂h_t‖ as a share of ‖∂L/∂h_T‖',
        x: { label: 'steps back from the loss, T − t', from: 0 },
        y: { label: 'share', scale: 'log', from: LEAST },
        lines: groups.map(({ radius, runs, ink }) => ({
          label: `radius ${plain(radius)}`,
          ink,
          points: curves(runs.map(({ outcome }) => remaining(outcome.norms.at(-1)!))),
        })),
      }),
      lineChart({
        heading: '‖∂h_T/∂h_t‖, largest singular value',
        x: { label: 'steps back, T − t', from: 0 },
        y: { label: 'norm', scale: 'log', from: LEAST },
        lines: groups.map(({ radius, runs, ink }) => ({
          label: `radius ${plain(radius)}`,
          ink,
          points: curves(runs.map(({ outcome }) => remaining(outcome.jacobians))),
        })),
      }),
    ],
  };
}

/** The gradient through time, and at the first step, by the length of the sequence. */
export function lengthsFigure({ usual, lengths, seeds, sentences }: Summary): Figure {
  const middle = lengths.map((steps, i): [number, number] => [
    steps,
    median(usual.runs.map(({ outcome }) => outcome.norms[i]![0]!)),
  ]);
  const { slope, intercept } = linearFit(logarithmic(middle));
  return {
    name: 'gradient-flow-lengths',
    title: `Sequences of different length, at radius ${plain(usual.radius)}`,
    caption: `${sentences.lengths} Left: medians of ${seeds}. Right: a dot is a run; dashed, the exponential fitted to the medians.`,
    panels: [
      lineChart({
        heading: '‖∂L/∂h_t‖ through time',
        x: { label: 'time step t', from: 0 },
        y: { label: 'norm; each line is named by its T', scale: 'log' },
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
            label: `${short(Math.exp(slope))}^T`,
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
export function boundFigure({ groups, lengths, turn, seeds, sentences }: Summary): Figure {
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
  const kept = [{ y: 1, label: 'kept as it is' }];
  const radius: Line = {
    label: 'the radius itself',
    ink: 'gray',
    dashed: true,
    points: groups.map((each) => [each.radius, each.radius]),
  };
  return {
    name: 'gradient-flow-bound',
    title: 'The factor of one step: measured, and what theory allows',
    caption: `${sentences.bound} Right: of ‖∂L/∂h_1‖, for one step more in T. Lines: medians of ${seeds}; band: least to greatest.`,
    panels: [
      lineChart({
        heading: 'Factor by which a step back changes the gradient',
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

function curves(all: readonly (readonly (readonly [number, number])[])[]): [number, number][] {
  return spreadOf(all.map((points) => ({ at: points.map(([x]) => x), values: points.map(([, y]) => y) })))
    .middle;
}
