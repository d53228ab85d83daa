import { formatMedian, plusMinus, short } from '../../common/format.ts';
import type { Figure } from '../../plots/figure.ts';
import { heatMap } from '../../plots/heat.ts';
import { seriesInk } from '../../plots/theme.ts';
import type { DonePart, Experiment, Presentation, Table } from '../common/experiment.ts';
import { FEATURES } from './features.ts';
import { principalFigure, principalSentence } from './present-principal.ts';
import { COLUMNS, textFigures, visible } from './present-text.ts';
import {
  type Followed,
  headline,
  TRACKS,
  thumbnail,
  trackingSentences,
  unitsFigure,
} from './present-units.ts';
import { type Config, type Outcome, study } from './run.ts';
import { agreement } from './tracking.ts';

export const hiddenStates: Experiment<Config, Outcome> = { ...study, present };

export function present(parts: readonly DonePart<Config, Outcome>[]): Presentation {
  const { config, outcome } = parts[0]!;
  const followed = FEATURES.map((feature, i): Followed => {
    const units = parts.map(({ outcome: each }) => each.tracked.find((one) => one.feature === feature.name)!);
    return { ...feature, ink: seriesInk(i), units, r: units.map(agreement), first: units[0]! };
  });
  return {
    headline: headline(followed),
    thumbnail: thumbnail(followed),
    findings: [...trackingSentences(followed), principalSentence(config.hidden, outcome)],
    method: [
      `A unit is chosen on every other stretch of the text and tested on those between. It tracks a feature if r ≥ ${TRACKS}.`,
      'r below 0: the correlation has the other sign on new text. In brackets: the best r of any seed.',
      'Memory: correlations among places where the same character was just read. An echo needs no memory.',
      'By chance: the most that the same search finds for the feature shifted along the text, by five distances.',
    ],
    figures: [
      unitsFigure(followed),
      ...textFigures(followed, outcome),
      heatFigure(outcome),
      principalFigure(outcome),
    ],
    tables: [tableOf(followed, outcome)],
  };
}

function heatFigure({ heat, excerpt }: Outcome): Figure {
  return {
    name: 'hidden-states-heat',
    title: 'Hidden states over a text',
    caption: `${heat.length} units of the first seed: the best for each feature, and those that move most. A row is a unit.`,
    panels: [
      heatMap({
        heading: 'tanh(c), by unit and character',
        scale: Math.max(...heat.flatMap(({ values }) => values).map(Math.abs)),
        rows: heat.map(({ unit, values }) => ({ label: String(unit), values })),
        characters: [...excerpt].slice(0, COLUMNS).map(visible),
      }),
    ],
  };
}

function tableOf(followed: readonly Followed[], { finalLoss }: Outcome): Table {
  return {
    title: 'Units and features',
    head: ['feature', 'unit (first seed)', 'r where chosen', 'r on new text', 'r, all seeds', 'by chance'],
    rows: followed.map(({ phrase, kind, first, r, units }) => [
      kind === 'echo' ? `${phrase} (an echo)` : phrase,
      String(first.unit),
      short(first.chosen, 2),
      short(first.confirmed, 2),
      plusMinus(r),
      formatMedian(units.map(({ chance }) => chance)),
    ]),
    caption: `All seeds: on new text, in the direction in which the unit was chosen. First seed’s training loss: ${short(finalLoss, 2)} nats per character.`,
  };
}
