/** What is shown: what the units of a trained network keep track of. */
import { heatMap } from '../../plots/heat.ts';
import { seriesInk } from '../../plots/theme.ts';
import type { DonePart, Presentation } from '../common/experiment.ts';
import { median } from '../common/statistics.ts';
import { count, plusMinus, short } from '../common/words.ts';
import type { Config, Outcome } from '../hidden-states.ts';
import { FEATURES } from './features.ts';
import { presentPrincipal } from './present-principal.ts';
import { COLUMNS, presentText, shown } from './present-text.ts';
import { type Followed, presentUnits } from './present-units.ts';
import { agreement } from './tracking.ts';

/** Figures, tables and sentences, computed from the outcomes. */
export function present(parts: readonly DonePart<Config, Outcome>[]): Presentation {
  const { config, outcome } = parts[0]!;
  const followed = FEATURES.map((feature, i): Followed => {
    const units = parts.map(({ outcome: each }) => each.tracked.find((one) => one.feature === feature.name)!);
    return { ...feature, ink: seriesInk(i), units, r: units.map(agreement), first: units[0]! };
  });
  const units = presentUnits(followed);
  const principal = presentPrincipal(config.hidden, outcome);
  const swing = outcome.heat[0]!;
  return {
    findings: [...units.findings, ...principal.findings],
    figures: [
      ...units.figures,
      ...presentText(followed, outcome),
      {
        name: 'hidden-states-heat',
        title: 'Hidden states over a text',
        caption: `Unit ${swing.unit}, at the top, swings most, from ${short(Math.min(...swing.values), 2)} to ${short(Math.max(...swing.values), 2)}. Shown, a row each with its number: of ${count(config.hidden, 'unit')} those that go best with a feature, and others that swing most over these characters, ${outcome.heat.length} in all; the first seed.`,
        panels: [
          heatMap({
            heading: 'tanh(c), by unit and character',
            scale: Math.max(...outcome.heat.flatMap(({ values }) => values).map(Math.abs)),
            rows: outcome.heat.map(({ unit, values }) => ({ label: String(unit), values })),
            characters: [...outcome.excerpt].slice(0, COLUMNS).map(shown),
          }),
        ],
      },
      ...principal.figures,
    ],
    tables: [
      {
        title: 'Units and features',
        head: [
          'feature',
          'unit (first seed)',
          'r where chosen',
          'r on new text',
          'r, all seeds',
          'by chance',
        ],
        rows: followed.map(({ words, kind, first, r, units: each }) => [
          kind === 'echo' ? `${words} (an echo)` : words,
          String(first.unit),
          short(first.chosen, 2),
          short(first.confirmed, 2),
          plusMinus(r, 2),
          short(median(each.map(({ chance }) => chance)), 2),
        ]),
        caption: `All seeds: on new text, counted in the direction in which the unit was chosen. The training loss of the first seed’s network is ${short(outcome.finalLoss)} nats per character.`,
      },
    ],
  };
}
