/** What is shown: sequence length: what longer windows cost, and what they are good for. */
import { dotChart } from '../../plots/dot-chart.ts';
import { lineChart } from '../../plots/line-chart.ts';
import { seriesInk } from '../../plots/theme.ts';
import { spreadOf } from '../common/curve.ts';
import type { DonePart, Presentation } from '../common/experiment.ts';
import { groupBy } from '../common/groups.ts';
import { linearFit, mean, median } from '../common/statistics.ts';
import { count, medianRange, plusMinus, short } from '../common/words.ts';
import type { Config, Outcome } from '../sequence-length.ts';

/** R² of a line from which on it is called one. */
const LINEAR = 0.98;

/** Figures, tables and sentences, computed from the outcomes. */
export function present(parts: readonly DonePart<Config, Outcome | null>[]): Presentation {
  const trained = parts.filter((part): part is DonePart<Config, Outcome> => part.outcome !== null);
  const { batch } = trained[0]!.config;
  const groups = groupBy(trained, ({ config }) => String(config.steps)).map(([name, runs], i) => ({
    name: `T = ${name}`,
    steps: Number(name),
    outcomes: runs.map(({ outcome }) => outcome),
    finals: runs.map(({ outcome }) => outcome.finalLoss),
    ink: seriesInk(i),
  }));
  const { measured } = parts.find(({ config }) => config.rounds > 0)!;
  const times = groups.flatMap(({ steps }): [number, number][] => {
    const seconds = measured[`T${steps}`];
    return seconds === undefined ? [] : [[steps, 1000 * seconds]];
  });
  const fit = linearFit(times);
  const power = linearFit(times.slice(-4).map(([steps, time]) => [Math.log(steps), Math.log(time)] as const));
  const perCharacter = times.map(([steps, time]): [number, number] => [
    steps,
    (1000 * time) / (steps * batch),
  ]);
  const best = groups.reduce((a, b) => (mean(b.finals) < mean(a.finals) ? b : a));
  const shortest = groups[0]!;
  const seeds = count(shortest.finals.length, 'seed');
  const longest = groups.at(-1)!;
  const read = trained[0]!.config.iterations * shortest.steps * batch;
  const lossSentence = `After the same ${count(read, 'character')} the lowest loss, ${plusMinus(best.finals)} nats, comes with ${best.name}; ${best === shortest ? '' : `${shortest.name} ends at ${plusMinus(shortest.finals)} and `}${longest.name}, which makes ${short(longest.steps / shortest.steps, 3)} times fewer updates, at ${plusMinus(longest.finals)}.`;
  const [normShort, normLong] = [shortest, longest].map(({ outcomes }) =>
    median(outcomes.map((each) => each.meanNorm)),
  );
  const normSentence = `The mean gradient norm is ${short(normShort!, 2)} at ${shortest.name} and ${short(normLong!, 2)} at ${longest.name}.`;
  const timeSentence =
    times.length < 2
      ? 'Times were not measured.'
      : `Time ${fit.r2 >= LINEAR ? 'grows linearly' : 'does not grow linearly'} with T: a line through the times of a window has R² ${short(fit.r2, 4)}, and from T = ${times.at(-4)?.[0] ?? times[0]![0]} on time grows as T^${short(power.slope, 3)}. A character costs ${short(perCharacter[0]![1], 2)} µs at ${shortest.name} and ${short(perCharacter.at(-1)![1], 2)} µs at ${longest.name}.`;
  return {
    findings: [lossSentence, timeSentence, normSentence],
    figures: [
      {
        name: 'sequence-length-loss',
        title: 'Loss by the length of the window',
        caption: `${lossSentence} Medians of ${seeds}; a dot is a run.`,
        panels: [
          lineChart({
            heading: 'Loss while training',
            x: { label: 'characters read', from: 0 },
            y: { label: 'nats per character' },
            width: 560,
            lines: groups.map(({ name, steps, ink, outcomes }) => ({
              label: name,
              ink,
              points: spreadOf(
                outcomes.map((each) => each.loss),
                steps * batch,
              ).middle,
            })),
          }),
          dotChart({
            heading: 'Final loss',
            x: { label: 'nats per character' },
            width: 384,
            rowHeight: 40,
            rows: groups.map(({ name, ink, finals }) => ({ label: name, ink, values: finals })),
          }),
        ],
      },
      {
        name: 'sequence-length-time',
        title: 'Time by the length of the window',
        measured: true,
        caption: `${timeSentence} Forward, backward, clipping and update of ${count(batch, 'stream')}, hidden ${trained[0]!.config.hidden}; medians of ${count(parts.at(-1)!.config.rounds, 'round')}, measured on this machine while nothing else of this ran.`,
        panels: [
          lineChart({
            heading: 'A training step',
            x: { label: 'T, steps in a window', from: 0 },
            y: { label: 'milliseconds', from: 0 },
            lines: [
              {
                label: 'line fitted',
                ink: 'gray',
                dashed: true,
                points: times.map(([steps]) => [steps, fit.intercept + fit.slope * steps]),
              },
              { label: 'measured', ink: 'blue', noLine: true, points: times },
            ],
          }),
          lineChart({
            heading: 'A character',
            x: { label: 'T, steps in a window', from: 0 },
            y: { label: 'microseconds', from: 0 },
            lines: [{ label: 'measured', ink: 'blue', dots: true, points: perCharacter }],
          }),
        ],
      },
    ],
    tables: [
      {
        title: 'Sequence length',
        head: [
          'T',
          'updates',
          'final loss, nats',
          'perplexity',
          'mean gradient norm',
          'time a window, ms',
          'time a character, µs',
        ],
        rows: groups.map(({ steps, finals, outcomes }, i) => [
          String(steps),
          short(Math.round(read / (steps * batch)), 6),
          plusMinus(finals),
          plusMinus(finals.map(Math.exp)),
          medianRange(outcomes.map((each) => each.meanNorm)),
          short(times[i]?.[1] ?? null),
          short(perCharacter[i]?.[1] ?? null),
        ]),
      },
    ],
  };
}
