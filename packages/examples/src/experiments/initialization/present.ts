import { dotChart } from '../../plots/dot-chart.ts';
import { lineChart } from '../../plots/line-chart.ts';
import { seriesInk } from '../../plots/theme.ts';
import { spreadOf } from '../common/curve.ts';
import type { DonePart, Presentation } from '../common/experiment.ts';
import { remaining } from '../common/flow.ts';
import { groupBy } from '../common/groups.ts';
import { deviation, mean, median } from '../common/statistics.ts';
import { count, medianRange, plusMinus, short } from '../common/words.ts';
import type { Config, Outcome } from '../initialization.ts';

/** Figures, tables and sentences, computed from the outcomes. */
export function present(parts: readonly DonePart<Config, Outcome>[]): Presentation {
  const groups = groupBy(parts, ({ config }) => config.name).map(([name, runs], i) => {
    const outcomes = runs.map(({ outcome }) => outcome);
    return {
      name,
      outcomes,
      ink: seriesInk(i),
      rates: outcomes.map((each) => each.rate),
      finals: outcomes.flatMap((each) => each.finalLoss ?? []),
    };
  });
  const named = (name: string): Group => groups.find((group) => group.name === name)!;
  const [small, xavier] = [named('0.01·N (small)'), named('Xavier')];
  const kept = groups.reduce((a, b) => (nearOne(b) < nearOne(a) ? b : a));
  const learned = groups.filter((group) => group.finals.length > 0);
  const best = learned.reduce((a, b) => (mean(b.finals) < mean(a.finals) ? b : a));
  const worst = learned.reduce((a, b) => (mean(b.finals) > mean(a.finals) ? b : a));
  const { reach, batch, steps } = parts[0]!.config;
  const seeds = count(small.outcomes.length, 'seed');
  const flowSentence =
    `Before training, a step back multiplies the gradient by ${medianRange(small.rates)} with ${small.name} and by ${medianRange(xavier.rates)} with ${xavier.name}; ` +
    `nearest to 1 comes ${kept.name} with ${medianRange(kept.rates)}. After ${reach - 1} steps ${short(lastShare(xavier), 2)} of it is left with Xavier, ${short(lastShare(small), 2)} with small weights.`;
  const lossSentence = `After training, ${best.name} has the lowest loss, ${plusMinus(best.finals)} nats, and ${worst.name} the highest, ${plusMinus(worst.finals)}.`;
  const shares = groups.map((group) => {
    const curves = group.outcomes.map(({ norms }) => {
      const points = remaining(norms);
      return { at: points.map(([distance]) => distance), values: points.map(([, share]) => share) };
    });
    return { ...group, spread: spreadOf(curves) };
  });
  const held = xavier.rates.filter((rate, i) => rate > small.rates[i]! && rate <= 1).length;
  return {
    findings: [flowSentence, lossSentence],
    claims: [
      {
        claim: 'Gradients fade more slowly with Xavier’s weights than with small random ones',
        held,
        of: xavier.rates.length,
        evidence: `factor a step back: Xavier ${medianRange(xavier.rates, 3)}, 0.01·N ${medianRange(small.rates, 3)}; median and range of ${seeds}`,
      },
    ],
    figures: [
      {
        name: 'initialization-flow',
        title: 'How much of the gradient is left, by distance, before training',
        caption: `${flowSentence} Lines: medians of ${seeds}; where a line ends, the gradient is zero or below what the plot shows.`,
        panels: [
          lineChart({
            heading: '‖∂L/∂h_t‖ as a share of ‖∂L/∂h_T‖',
            x: { label: 'steps back from the loss, T − t', from: 0 },
            y: {
              label: 'share',
              scale: 'log',
              from: 1e-24,
              to: Math.max(10, ...shares.map(({ spread }) => largest(spread.middle))),
            },
            width: 560,
            height: 380,
            lines: shares.map(({ name, ink, spread }) => ({
              label: name,
              ink,
              points: spread.middle.filter(([, y]) => y >= 1e-24),
            })),
          }),
          dotChart({
            heading: 'Factor a step back',
            x: { label: 'fitted to all distances', from: 0 },
            level: { x: 1, label: 'kept' },
            width: 384,
            rowHeight: 37,
            rows: groups.map(({ name, ink, rates }) => ({ label: name, ink, values: rates })),
          }),
        ],
      },
      {
        name: 'initialization-loss',
        title: 'What is learned from there',
        caption: `${lossSentence} Lines: medians of ${seeds}. A dot is a run, the bar their median.`,
        panels: [
          lineChart({
            heading: 'Loss while training',
            x: { label: 'characters read', from: 0 },
            y: { label: `nats per character (cut off at ${CUT})`, to: CUT },
            width: 560,
            height: 380,
            lines: groups.map(({ name, ink, outcomes }) => ({
              label: name,
              ink,
              points: spreadOf(
                outcomes.map((each) => each.loss),
                batch * steps,
              ).middle,
            })),
          }),
          dotChart({
            heading: 'Final loss',
            x: { label: 'nats per character' },
            width: 384,
            rowHeight: 39,
            rows: groups.map(({ name, ink, outcomes }) => ({
              label: name,
              ink,
              values: outcomes.map((each) => each.finalLoss),
            })),
          }),
        ],
      },
    ],
    tables: [
      {
        title: 'Initialization: gradient before training, loss after',
        head: [
          'weights',
          'mean ‖∂L/∂h_t‖',
          'deviation over t',
          'factor a step',
          'fit R²',
          'final loss, nats',
        ],
        rows: groups.map(({ name, outcomes, rates, finals }) => [
          name,
          medianRange(outcomes.map(({ norms }) => mean(norms))),
          medianRange(outcomes.map(({ norms }) => deviation(norms))),
          medianRange(rates),
          short(median(outcomes.map((each) => each.r2)), 4),
          finals.length < outcomes.length ? 'not finite' : plusMinus(finals),
        ]),
        caption: 'Medians, with the least and the greatest of all seeds. The fit: one factor for all steps.',
      },
    ],
  };
}

/** What plots show of a loss. */
const CUT = 4;

interface Group {
  readonly name: string;
  readonly outcomes: readonly Outcome[];
  readonly rates: readonly number[];
}

function nearOne({ rates }: { readonly rates: readonly number[] }): number {
  return Math.abs(Math.log(median(rates)));
}

function lastShare({ outcomes }: Group): number {
  return median(outcomes.map(({ norms }) => remaining(norms).at(-1)![1]));
}

function largest(points: readonly (readonly [number, number])[]): number {
  return points.reduce((most, [, y]) => Math.max(most, y), 0);
}
