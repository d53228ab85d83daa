import { plain } from '../../plots/scale.ts';
import type { DonePart, Presentation } from '../common/experiment.ts';
import { medianRange } from '../common/words.ts';
import type { Config, Outcome } from '../gradient-flow.ts';
import { boundFigure, lengthsFigure, regimesFigure } from './figures.ts';
import { GOOD_FIT, summaryOf } from './summary.ts';

/** Figures, tables and sentences, computed from the outcomes. */
export function present(parts: readonly DonePart<Config, Outcome>[]): Presentation {
  const summary = summaryOf(parts);
  const { groups, vanishing, seeds, sentences } = summary;
  const fits = vanishing.flatMap(({ runs }) => runs.map(({ outcome }) => outcome.lengthR2));
  return {
    findings: [sentences.regimes, sentences.bound, sentences.lengths],
    claims: [
      {
        claim: 'Where gradients vanish, they do so exponentially with the length of the sequence',
        held: fits.filter((r2) => r2 >= GOOD_FIT).length,
        of: fits.length,
        evidence: `R² of log ‖∂L/∂h_1‖ against T, held from ${GOOD_FIT} on: ${vanishing
          .map(
            ({ radius, runs }) =>
              `${medianRange(
                runs.map(({ outcome }) => outcome.lengthR2),
                3,
              )} at radius ${plain(radius)}`,
          )
          .join('; ')}; ${seeds}`,
      },
    ],
    figures: [regimesFigure(summary), lengthsFigure(summary), boundFigure(summary)],
    tables: [
      {
        title: 'Gradient flow by spectral radius',
        head: ['radius', 'factor a step', 'R² of one factor', 'σ_max', 'bound', 'factor over T', 'R² over T'],
        rows: groups.map(({ radius, runs, rates }) => {
          const of = (pick: (outcome: Outcome) => number): string =>
            medianRange(
              runs.map(({ outcome }) => pick(outcome)),
              3,
            );
          return [
            plain(radius),
            medianRange(rates, 3),
            of((each) => each.r2),
            of((each) => each.sigma),
            of((each) => each.bound),
            of((each) => each.lengthRate),
            of((each) => each.lengthR2),
          ];
        }),
        caption: `Medians, with the least and the greatest of ${seeds}.`,
      },
    ],
  };
}
