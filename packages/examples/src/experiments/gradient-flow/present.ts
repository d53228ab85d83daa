import { plain } from '../../plots/scale.ts';
import type { Claim, DonePart, Presentation } from '../common/experiment.ts';
import { median } from '../common/statistics.ts';
import { short } from '../common/words.ts';
import type { Config, Outcome } from '../gradient-flow.ts';
import { boundFigure, lengthsFigure, regimesFigure } from './figures.ts';
import { lawsFigure } from './laws-figure.ts';
import { type Summary, summaryOf } from './summary.ts';
import { DESCRIBED, isExponential, type Run, STRAIGHT, slowsDown, vanishes } from './verdict.ts';
import { exponentWords, of, wherefrom } from './words.ts';

/** Figures, tables and sentences, computed from the outcomes. */
export function present(parts: readonly DonePart<Config, Outcome>[]): Presentation {
  const summary = summaryOf(parts);
  const { groups, described, seeds, turn, sentences } = summary;
  return {
    findings: [sentences.regimes, sentences.laws, sentences.curvature, sentences.bound, sentences.lengths],
    claims: described.length === 0 ? [] : [claimOf(summary)],
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
          exponentWords(runs.filter((run) => described.includes(run))),
          of(runs, (each) => each.early, 3),
          of(runs, (each) => each.late, 3),
          `${runs.filter(slowsDown).length} of ${runs.length}`,
        ]),
        caption: `a: of the runs that vanish and that some law describes (R² from ${DESCRIBED} on); ≤ and ≥ stand at the ends of what is tried. A law is off by e to the root mean square of what it leaves of log ‖∂L/∂h_1‖. Runs of one seed read the same text with the same matrix, scaled: they are not independent of one another. Medians, with the least and the greatest of ${seeds}.`,
      },
    ],
  };
}

function claimOf({ groups, described, lawless }: Summary): Claim {
  const words = groups.flatMap(({ radius, runs }) => {
    const some = runs.filter((run) => described.includes(run));
    return some.length === 0 ? [] : [`radius ${plain(radius)}: ${heldWords(some)}`];
  });
  const without =
    lawless.length === 0
      ? ''
      : `. Left out: ${wherefrom(groups, lawless)}, which no law describes (R² below ${DESCRIBED})`;
  return {
    claim: 'Where gradients vanish, they do so exponentially with the length of the sequence',
    held: described.filter(isExponential).length,
    of: described.length,
    evidence: `held where the exponential is nearer than a power of T, and the a of exp(−k·T^a) within ${STRAIGHT[0]} … ${STRAIGHT[1]}; in brackets what the two are off by, medians: ${words.join('; ')}${without}`,
  };
}

/** `9 of 10 (× 1.2, × 4.3)`. */
function heldWords(runs: readonly Run[]): string {
  const off = (law: 'exponential' | 'power'): string =>
    short(median(runs.map(({ outcome }) => outcome.laws[law].off)), 2);
  return `${runs.filter(isExponential).length} of ${runs.length} (× ${off('exponential')}, × ${off('power')})`;
}
