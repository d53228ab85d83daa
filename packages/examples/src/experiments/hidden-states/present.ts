/** What is shown: what the units of a trained network keep track of. */
import { cloud } from '../../plots/cloud.ts';
import { dotChart } from '../../plots/dot-chart.ts';
import { heatMap, shadedText } from '../../plots/heat.ts';
import { seriesInk } from '../../plots/theme.ts';
import type { DonePart, Presentation } from '../common/experiment.ts';
import { mean, median } from '../common/statistics.ts';
import { count, list, percent, plusMinus, short } from '../common/words.ts';
import type { Config, Outcome } from '../hidden-states.ts';
import { FEATURES } from './features.ts';

/** A correlation from which on a unit is said to track something, where chance gives much less. */
const TRACKS = 0.5;
/** Features whose units are shown on the text. */
const SHOWN = 3;
const SHOWN_CHARACTERS = 384;
/** How far a unit that is shown has to move, of −1 … 1. */
const MOVES = 0.5;
/** States of the cloud that are joined by a line. */
const JOINED = 40;

const KINDS = [
  { label: 'space', of: /\s/ },
  { label: 'capital', of: /[A-Z]/ },
  { label: 'vowel', of: /[aeiou]/ },
  { label: 'consonant', of: /[a-z]/ },
  { label: 'other', of: /./u },
] as const;

/** Figures, tables and sentences, computed from the outcomes. */
export function present(parts: readonly DonePart<Config, Outcome>[]): Presentation {
  const { config, outcome } = parts[0]!;
  const features = FEATURES.map(({ name, words }, i) => {
    const units = parts.map(({ outcome: each }) => each.tracked.find(({ feature }) => feature === name)!);
    return {
      name,
      words,
      ink: seriesInk(i),
      units,
      r: units.map((unit) => Math.abs(unit.confirmed)),
      first: units[0]!,
    };
  });
  const tracked = features.filter(
    ({ units }) => median(units.map((unit) => Math.abs(unit.confirmed))) >= TRACKS,
  );
  // On the text that is shown, a unit that stays where it is would tell nothing.
  const best = features
    .filter(({ name }) => rangeOf(outcome.activations[name]!.slice(0, SHOWN_CHARACTERS)) > MOVES)
    .sort((a, b) => mean(b.r) - mean(a.r))
    .slice(0, SHOWN);
  const chance = median(features.flatMap(({ units }) => units.map((unit) => unit.chance)));
  const trackSentence =
    `Single units track ${list(tracked.map(({ words, r }) => `${words} (|r| ${plusMinus(r, 2)})`))}, on text that they were not chosen on; ` +
    `by chance the best unit gets ${short(chance, 2)}. ${tracked.length === features.length ? '' : `No unit tracks ${list(features.filter((each) => !tracked.includes(each)).map(({ words }) => words))} with |r| ≥ ${TRACKS}.`}`.trim();
  const { shares } = outcome.principal;
  const pcaSentence = `Two directions hold ${percent(shares[0] + shares[1])} of the variance of ${config.hidden} units (${percent(shares[0])} and ${percent(shares[1])}).`;
  const characters = [...outcome.excerpt].map(shown);
  const heatScale = Math.max(...outcome.heat.flat().map(Math.abs));
  const columns = outcome.heat[0]!.length;
  const swing = outcome.heat[0]!;
  const heatSentence = `The unit at the top swings most, from ${short(Math.min(...swing), 2)} to ${short(Math.max(...swing), 2)}.`;
  const points = [...outcome.points];
  const kindOf = (character: string): number => KINDS.findIndex(({ of }) => of.test(character));
  return {
    findings: [trackSentence, pcaSentence],
    figures: [
      {
        name: 'hidden-states-units',
        title: 'Units that track something',
        caption: `${trackSentence} A dot is a training run with its own best unit, chosen on every other stretch of the text and tried on those between. Right: the same with the feature shifted by a third of the text.`,
        panels: [
          dotChart({
            heading: 'Best unit, on text it was not chosen on',
            x: { label: 'correlation |r|', from: 0, to: 1 },
            rows: features.map(({ name, ink, r }) => ({ label: name, ink, values: r })),
          }),
          dotChart({
            heading: 'The same by chance',
            x: { label: 'correlation |r|', from: 0, to: 1 },
            rows: features.map(({ name, ink, units }) => ({
              label: name,
              ink,
              values: units.map((unit) => unit.chance),
            })),
          }),
        ],
      },
      {
        name: 'hidden-states-text',
        title: 'Text, colored by units that track something',
        caption: best
          .map(
            ({ words, first }) => `Unit ${first.unit} goes with ${words}: r = ${short(first.confirmed, 2)}.`,
          )
          .join(' '),
        panels: best.map(({ name, first }) =>
          shadedText({
            heading: `Unit ${first.unit}: ${name}`,
            scale: Math.max(...outcome.activations[name]!.map(Math.abs)),
            characters: characters.slice(0, SHOWN_CHARACTERS),
            values: outcome.activations[name]!.slice(0, SHOWN_CHARACTERS),
            columns,
          }),
        ),
      },
      {
        name: 'hidden-states-heat',
        title: 'Hidden states over a text',
        caption: `${heatSentence} The ${outcome.heat.length} of ${count(config.hidden, 'unit')} that swing most over these characters, a row each; the first seed.`,
        panels: [
          heatMap({
            heading: 'tanh(c), by unit and character',
            scale: heatScale,
            rows: outcome.heat,
            characters: characters.slice(0, columns),
          }),
        ],
      },
      {
        name: 'hidden-states-principal',
        title: 'The state’s way through its two main directions',
        caption: `${pcaSentence} A dot is the state after a character, colored by its kind; the line joins the first ${JOINED} in order.`,
        panels: [
          cloud({
            heading: `The first ${count(points.length, 'state')}`,
            x: { label: `first component, ${percent(shares[0])} of the variance` },
            y: { label: `second component, ${percent(shares[1])}` },
            width: 960,
            height: 480,
            kinds: KINDS.map(({ label }, k) => ({
              label,
              ink: seriesInk(k),
              points: outcome.principal.points.filter((_, t) => kindOf(points[t]!) === k),
            })),
            path: outcome.principal.points.slice(0, JOINED),
          }),
        ],
      },
    ],
    tables: [
      {
        title: 'Units and features',
        head: [
          'feature',
          'unit (first seed)',
          'r where chosen',
          'r on new text',
          '|r|, all seeds',
          'by chance',
        ],
        rows: features.map(({ words, first, r, units }) => [
          words,
          String(first.unit),
          short(first.chosen, 2),
          short(first.confirmed, 2),
          plusMinus(r, 2),
          short(median(units.map((unit) => unit.chance)), 2),
        ]),
        caption: `The network’s training loss is ${short(outcome.finalLoss)} nats per character.`,
      },
    ],
  };
}

function shown(character: string): string {
  if (character === '\n') return '↵';
  return /\s/.test(character) ? ' ' : character;
}

function rangeOf(values: readonly number[]): number {
  return Math.max(...values) - Math.min(...values);
}
