import { medianRange, short } from '../../common/format.ts';
import type { DonePart, Experiment, Presentation, Table } from '../common/experiment.ts';
import { testFigure, thumbnail, trainingFigure } from './figures.ts';
import { claims, finalsOf, findings, headline, type Summary, summaryOf } from './groups.ts';
import { type Config, type Outcome, study } from './run.ts';

export const learningRate: Experiment<Config, Outcome> = { ...study, present };

export function present(parts: readonly DonePart<Config, Outcome>[]): Presentation {
  const summary = summaryOf(parts);
  const { tested, low, high, iterations } = summary.config;
  return {
    headline: headline(summary),
    thumbnail: thumbnail(summary),
    findings: findings(summary),
    method: [
      `A test makes ${tested} updates, with rates from ${short(low)} to ${short(high)} by equal factors.`,
      'It suggests the rate at which the smoothed loss falls fastest over the logarithm of the rate.',
      `Then new networks with the same seed make ${short(iterations, 6)} updates at each multiple of that rate.`,
    ],
    claims: claims(summary),
    figures: [testFigure(summary), trainingFigure(summary)],
    tables: [tableOf(summary)],
  };
}

function tableOf({ groups, factors, seeds }: Summary): Table {
  const cell = (values: readonly number[]): string => (values.length === 0 ? '–' : medianRange(values));
  return {
    title: 'Learning rates',
    head: [
      'optimizer',
      'suggested rate',
      ...factors.map((factor) => `final loss at ${short(factor)} times, nats`),
    ],
    rows: groups.map((group) => [
      group.name,
      cell(group.suggestions),
      ...factors.map((_, i) => cell(finalsOf(group, i).filter(Number.isFinite))),
    ]),
    caption: `Median and range of ${seeds}.`,
  };
}
