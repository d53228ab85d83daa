import { formatMedian, plain } from '../../common/format.ts';
import type { Claim, DonePart, Experiment, Presentation, Table } from '../common/experiment.ts';
import { DESCRIBED, explodes, isExponential, STRAIGHT, slowsDown, vanishes } from './criteria.ts';
import { boundFigure, lengthsFigure, regimesFigure, thumbnail } from './figures.ts';
import { formatExponents, formatHeld, formatOver, formatPlaces } from './format.ts';
import { lawsFigure } from './laws-figure.ts';
import { type Config, type Outcome, study } from './run.ts';
import { findings, headline } from './sentences.ts';
import { type Summary, summaryOf } from './summary.ts';

export const gradientFlow: Experiment<Config, Outcome> = { ...study, present };

export function present(parts: readonly DonePart<Config, Outcome>[]): Presentation {
  const summary = summaryOf(parts);
  return {
    headline: headline(summary),
    thumbnail: thumbnail(summary),
    findings: findings(summary),
    method: [
      'Factor of a step: one factor, fitted to ‖∂L/∂h_t‖ of the longest sequence.',
      'A law is off by e to the root mean square of its residuals in log ‖∂L/∂h_1‖. 1 is a perfect fit.',
      'exp(−k·T^a) has one parameter more than the exponential, which is its case a = 1.',
      `A law describes a run if it explains ${DESCRIBED} of the variance of log ‖∂L/∂h_1‖ or more.`,
      'Bound: from h_T back to h_1, the geometric mean over the steps.',
      'Runs of one seed read the same text with the same matrix, scaled. They are not independent.',
    ],
    claims: summary.described.length === 0 ? [] : [claimOf(summary)],
    figures: [regimesFigure(summary), lengthsFigure(summary), lawsFigure(summary), boundFigure(summary)],
    tables: [radiusTable(summary), lengthTable(summary)],
  };
}

function radiusTable({ groups, seeds }: Summary): Table {
  return {
    title: 'Gradient flow by spectral radius',
    head: ['radius', 'factor a step', 'R²', 'σ_max', 'bound', 'vanishes', 'explodes'],
    rows: groups.map(({ radius, runs }) => [
      plain(radius),
      formatOver(runs, (each) => each.rate),
      formatOver(runs, (each) => each.r2),
      formatOver(runs, (each) => each.sigma),
      formatOver(runs, (each) => each.bound),
      formatHeld(runs, vanishes),
      formatHeld(runs, explodes),
    ]),
    caption: `R²: of the fitted factor. Median and range of ${seeds}.`,
  };
}

function lengthTable({ groups, described, turn, seeds }: Summary): Table {
  return {
    title: '‖∂L/∂h_1‖ against T, by spectral radius',
    head: [
      'radius',
      'factor a step',
      'R²',
      'off by ×',
      'power law off by ×',
      'a of exp(−k·T^a)',
      `factor to T = ${turn}`,
      'factor beyond',
      'decay slows down',
    ],
    rows: groups.map(({ radius, runs }) => [
      plain(radius),
      formatOver(runs, (each) => each.laws.exponential.rate),
      formatOver(runs, (each) => each.laws.exponential.r2),
      formatOver(runs, (each) => each.laws.exponential.off),
      formatOver(runs, (each) => each.laws.power.off),
      formatExponents(runs.filter((run) => described.includes(run))),
      formatOver(runs, (each) => each.early),
      formatOver(runs, (each) => each.late),
      formatHeld(runs, slowsDown),
    ]),
    caption: `a: of runs that vanish and that some law describes; ≤ and ≥ are ends of the search interval. Median and range of ${seeds}.`,
  };
}

function claimOf({ groups, described, lawless }: Summary): Claim {
  const byRadius = groups.flatMap(({ radius, runs }) => {
    const some = runs.filter((run) => described.includes(run));
    if (some.length === 0) return [];
    const off = (law: 'exponential' | 'power'): string =>
      formatMedian(some.map(({ outcome }) => outcome.laws[law].off));
    return [
      `Radius ${plain(radius)}: ${formatHeld(some, isExponential)}; off by × ${off('exponential')}, the power law by × ${off('power')} (medians).`,
    ];
  });
  const without =
    lawless.length === 0
      ? []
      : [`Left out: ${formatPlaces(lawless)}, which no law describes (R² below ${DESCRIBED}).`];
  return {
    claim: 'Where gradients vanish, they vanish exponentially with the length of the sequence',
    held: described.filter(isExponential).length,
    of: described.length,
    evidence: [
      `Holds if the exponential fits better than a power of T, and a of exp(−k·T^a) is within ${STRAIGHT[0]} … ${STRAIGHT[1]}.`,
      ...byRadius,
      ...without,
    ],
  };
}
