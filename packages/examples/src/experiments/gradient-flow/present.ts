import { plain } from '../../plots/scale.ts';
import type { Claim, DonePart, Presentation } from '../common/experiment.ts';
import { short } from '../common/words.ts';
import type { Config, Outcome } from '../gradient-flow.ts';
import { boundFigure, lengthsFigure, regimesFigure } from './figures.ts';
import { lawsFigure } from './laws-figure.ts';
import { of, type Summary, summaryOf } from './summary.ts';
import { isExponential, type Run, STRAIGHT, slowsDown, vanishes } from './verdict.ts';

/** Figures, tables and sentences, computed from the outcomes. */
export function present(parts: readonly DonePart<Config, Outcome>[]): Presentation {
  const summary = summaryOf(parts);
  const { groups, vanishing, seeds, turn, sentences } = summary;
  return {
    findings: [sentences.regimes, sentences.laws, sentences.curvature, sentences.bound, sentences.lengths],
    claims: vanishing.length === 0 ? [] : [claimOf(summary)],
    figures: [regimesFigure(summary), lengthsFigure(summary), lawsFigure(summary), boundFigure(summary)],
    tables: [
      {
        title: 'Gradient flow by spectral radius',
        head: ['radius', 'factor a step', 'R²', 'σ_max', 'bound'],
        rows: groups.map(({ radius, runs }) => [
          plain(radius),
          of(runs, (each) => each.rate, 3),
          of(runs, (each) => each.r2, 5),
          of(runs, (each) => each.sigma, 3),
          of(runs, (each) => each.bound, 3),
        ]),
        caption: `Factor: fitted to ‖∂L/∂h_t‖ of the longest sequence, with the R² of that fit, which says how steep a line is rather than how straight. Medians, with the least and the greatest of ${seeds}.`,
      },
      {
        title: '‖∂L/∂h_1‖ against T, by spectral radius',
        head: [
          'radius',
          'vanishes',
          'factor a step',
          'R²',
          'off by ×',
          'power law off by ×',
          'a of exp(−k·T^a)',
          `factor to T = ${turn}`,
          'from there',
          'later is slower',
        ],
        rows: groups.map(({ radius, runs }) => [
          plain(radius),
          `${runs.filter(vanishes).length} of ${runs.length}`,
          of(runs, (each) => each.laws.exponential.rate, 3),
          of(runs, (each) => each.laws.exponential.r2, 5),
          of(runs, (each) => each.laws.exponential.off, 3),
          of(runs, (each) => each.laws.power.off, 3),
          runs.every(vanishes) ? of(runs, (each) => each.laws.stretched.exponent) : '–',
          of(runs, (each) => each.early, 3),
          of(runs, (each) => each.late, 3),
          `${runs.filter(slowsDown).length} of ${runs.length}`,
        ]),
        caption: `A law is off by e to the root mean square of what it leaves of log ‖∂L/∂h_1‖. Runs of one seed read the same text with the same matrix, scaled: they are not independent of one another. Medians, with the least and the greatest of ${seeds}.`,
      },
    ],
  };
}

function claimOf({ groups, vanishing }: Summary): Claim {
  const words = groups
    .filter(({ runs }) => runs.some(vanishes))
    .map(({ radius, runs }) => lawWords(radius, runs.filter(vanishes)));
  return {
    claim: 'Where gradients vanish, they do so exponentially with the length of the sequence',
    held: vanishing.filter(isExponential).length,
    of: vanishing.length,
    evidence: `held where the exponential is nearer than a power of T, and exp(−k·T^a) needs no a beyond ${STRAIGHT[0]} … ${STRAIGHT[1]}. ${words.join('; ')}`,
  };
}

function lawWords(radius: number, runs: readonly Run[]): string {
  const { exponential, power, stretched } = {
    exponential: of(runs, (each) => each.laws.exponential.off),
    power: of(runs, (each) => each.laws.power.off),
    stretched: of(runs, (each) => each.laws.stretched.exponent),
  };
  const least = short(Math.min(...runs.map(({ outcome }) => outcome.laws.exponential.r2)), 5);
  return `radius ${plain(radius)}: ${runs.filter(isExponential).length} of ${runs.length}, the exponential off by × ${exponential}, the power law by × ${power}, a ${stretched}, R² ${least} at least`;
}
