import type { DonePart, Presentation } from '../common/experiment.ts';
import { deviation, mean, median } from '../common/statistics.ts';
import { medianRange, short } from '../common/words.ts';
import type { Config, Outcome } from '../initialization.ts';
import { flowFigure, lossFigure } from './figures.ts';
import { summaryOf } from './summary.ts';

/** Figures, tables and sentences, computed from the outcomes. */
export function present(parts: readonly DonePart<Config, Outcome>[]): Presentation {
  const summary = summaryOf(parts);
  const { groups, small, xavier, seeds, sentences } = summary;
  const { batch, steps } = parts[0]!.config;
  return {
    findings: [sentences.flow, sentences.twins, sentences.loss],
    claims: [
      {
        claim: 'Gradients fade more slowly with Xavier’s weights than with small random ones',
        held: xavier.rates.filter((rate, i) => rate > small.rates[i]! && rate <= 1).length,
        of: xavier.rates.length,
        evidence: `factor a step back, untrained: Xavier ${medianRange(xavier.rates, 3)}, 0.01·N ${medianRange(small.rates, 3)}; held where the first is higher, and not above 1. Median and range of ${seeds}`,
      },
    ],
    figures: [flowFigure(summary), lossFigure(summary, batch * steps)],
    tables: [
      {
        title: 'Initialization: gradient before training, training loss after',
        head: [
          'weights',
          'radius of W_hh',
          'mean ‖∂L/∂h_t‖',
          'variance over t',
          'factor a step',
          'fit R²',
          'final training loss, nats',
        ],
        rows: groups.map(({ name, outcomes, rates, finals }) => [
          name,
          medianRange(outcomes.map((each) => each.radius)),
          medianRange(outcomes.map(({ norms }) => mean(norms))),
          medianRange(outcomes.map(({ norms }) => deviation(norms) ** 2)),
          medianRange(rates),
          short(median(outcomes.map((each) => each.r2)), 4),
          finals.every(Number.isFinite) ? medianRange(finals, 5) : 'not finite',
        ]),
        caption: `Medians, with the least and the greatest of ${seeds}. The fit: one factor for all steps. The training loss is the mean over the last tenth of the run.`,
      },
    ],
  };
}
