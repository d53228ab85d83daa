import { medianRange, percent, short } from '../../common/format.ts';
import type { DonePart, Experiment, Presentation, Table } from '../common/experiment.ts';
import { type Group, groupsOf, spikeShares } from './analysis.ts';
import { figuresOf, thumbnail } from './figures.ts';
import { bestTenth, outcomeDefinitions } from './outcome.ts';
import { type Config, type Outcome, study } from './run.ts';
import {
  bestSentences,
  claims,
  divergenceSentences,
  formatFinals,
  formatOutcomes,
  headline,
  spikeSentences,
} from './sentences.ts';

export const clipping: Experiment<Config, Outcome> = { ...study, present };

export function present(parts: readonly DonePart<Config, Outcome>[]): Presentation {
  const groups = groupsOf(parts);
  const { config, outcome } = parts[0]!;
  const small = thumbnail(groups);
  return {
    headline: headline(groups),
    ...(small === undefined ? {} : { thumbnail: small }),
    findings: [...divergenceSentences(groups), ...bestSentences(groups), ...spikeSentences(groups)],
    method: [
      ...outcomeDefinitions(short(outcome.letters)),
      `Spikes: steps with a norm over ${config.spikeAbove} before clipping. All losses are of the training text.`,
    ],
    claims: claims(groups),
    figures: figuresOf(groups),
    tables: [tableOf(groups)],
  };
}

function tableOf(groups: readonly Group[]): Table {
  return {
    title: 'Clipping',
    head: [
      'clipping',
      'outcomes of runs',
      'final loss, nats',
      'best tenth, nats',
      'median norm',
      'largest norm',
      'spikes',
    ],
    rows: groups.map((group) => [
      group.name,
      formatOutcomes(group.runs),
      formatFinals(group),
      medianRange(group.runs.map(bestTenth)),
      medianRange(group.runs.map(({ outcome }) => outcome.medianNorm)),
      medianRange(group.runs.map(({ outcome }) => outcome.largestNorm)),
      spikeShares(group).map(percent).join(', '),
    ]),
    caption: 'Spikes: shares of steps, run by run.',
  };
}
