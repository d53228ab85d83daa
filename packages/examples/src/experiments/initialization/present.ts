import { medianRange } from '../../common/format.ts';
import { deviation, mean } from '../../common/statistics.ts';
import type { Claim, DonePart, Experiment, Presentation, Table } from '../common/experiment.ts';
import { flowFigure, lossFigure, thumbnail } from './figures.ts';
import { type Config, type Outcome, study } from './run.ts';
import { findings, headline, type Summary, summaryOf } from './summary.ts';

export const initialization: Experiment<Config, Outcome> = { ...study, present };

export function present(parts: readonly DonePart<Config, Outcome>[]): Presentation {
  const summary = summaryOf(parts);
  const { batch, steps } = parts[0]!.config;
  return {
    headline: headline(summary),
    thumbnail: thumbnail(summary),
    findings: findings(summary),
    method: [
      'Factor of a step: one factor, fitted to all distances.',
      'Training loss: the mean over the last tenth of the run. Nothing is held out.',
    ],
    claims: [claimOf(summary)],
    figures: [flowFigure(summary), lossFigure(summary, batch * steps)],
    tables: [tableOf(summary)],
  };
}

function claimOf({ small, xavier, seeds }: Summary): Claim {
  return {
    claim: 'Gradients fade more slowly with Xavier’s weights than with small random ones',
    held: xavier.rates.filter((rate, i) => rate > small.rates[i]! && rate <= 1).length,
    of: xavier.rates.length,
    evidence: [
      `Factor a step back, untrained: Xavier ${medianRange(xavier.rates)}, 0.01·N ${medianRange(small.rates)}; median and range of ${seeds}.`,
      'Holds if the first is higher, and not above 1.',
    ],
  };
}

function tableOf({ groups, seeds }: Summary): Table {
  return {
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
      medianRange(outcomes.map((each) => each.r2)),
      finals.every(Number.isFinite) ? medianRange(finals) : 'not finite',
    ]),
    caption: `Median and range of ${seeds}.`,
  };
}
