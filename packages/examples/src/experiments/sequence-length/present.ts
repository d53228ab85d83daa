import { count, formatPasses, plusMinus, short, toSpread } from '../../common/format.ts';
import { groupBy } from '../../common/groups.ts';
import { mean } from '../../common/statistics.ts';
import { seriesInk } from '../../plots/theme.ts';
import type { DonePart, Experiment, Presentation, Table } from '../common/experiment.ts';
import { lowest, tiedSentences } from '../common/ranking.ts';
import { effectsFigure, lossFigure, thumbnail, timeFigure } from './figures.ts';
import { finalOf, type Group, heldOutOf, normOf } from './groups.ts';
import { type Config, type Outcome, study } from './run.ts';
import { type Times, timeClaims, timeMethod, timeSentences, timesOf } from './times.ts';

export const sequenceLength: Experiment<Config, Outcome | null> = { ...study, present };

export function present(parts: readonly DonePart<Config, Outcome | null>[]): Presentation {
  const trained = parts.filter((part): part is DonePart<Config, Outcome> => part.outcome !== null);
  const groups = groupsOf(trained);
  const { batch, hidden, iterations } = trained[0]!.config;
  const timed = parts.find(({ config }) => config.rounds > 0);
  const lengths = groups.map(({ steps }) => steps);
  const times = timed === undefined ? null : timesOf(timed.measured, lengths, batch);
  const read = iterations * groups[0]!.steps * batch;
  return {
    headline: headline(groups),
    thumbnail: thumbnail(groups, batch),
    findings: [
      ...lossSentences(groups, read),
      ...(times === null ? ['Times were not measured.'] : timeSentences(times)),
      normSentence(groups),
    ],
    method: [
      'Training loss: over the last tenth of the run. Held-out loss: on the end of the text, which no network is trained on.',
      ...(times === null ? [] : timeMethod(times, batch, hidden)),
    ],
    claims: times === null ? [] : timeClaims(times),
    figures: [
      lossFigure(groups, batch),
      effectsFigure(groups),
      ...(times === null ? [] : [timeFigure(times)]),
    ],
    tables: [tableOf(groups, read, batch, times)],
  };
}

function groupsOf(trained: readonly DonePart<Config, Outcome>[]): Group[] {
  return groupBy(trained, ({ config }) => String(config.steps)).map(
    ([name, runs], i): Group => ({
      name: `T = ${name}`,
      steps: Number(name),
      ink: seriesInk(i),
      outcomes: runs.map(({ outcome }) => outcome),
    }),
  );
}

const losses = (group: Group): number[] => group.outcomes.map(heldOutOf);

function headline(groups: readonly Group[]): string {
  const { best } = lowest(groups, losses);
  const loss = toSpread(mean(losses(best)), losses(best));
  return `With equal amounts of text, windows of ${best.steps} steps reach the lowest held-out loss: ${loss} nats per character.`;
}

function lossSentences(groups: readonly Group[], read: number): string[] {
  const { best, tied } = lowest(groups, losses);
  const [shortest, longest] = [groups[0]!, groups.at(-1)!];
  const ends = [...new Set([shortest, longest])]
    .filter((group) => group !== best)
    .map((group) => `${group.name} ends at ${plusMinus(losses(group))} nats.`);
  const passes = read / groups[0]!.outcomes[0]!.trained;
  return [
    `Each network reads ${count(read, 'character')}, so it reads the text ${formatPasses(passes)}.`,
    `The lowest loss on held-out text is ${plusMinus(losses(best))} nats, with ${best.name}.`,
    ...tiedSentences(tied.map(({ name }) => name)),
    ...ends,
    `${longest.name} makes ${short(longest.steps / shortest.steps)} times fewer updates than ${shortest.name}.`,
  ];
}

function normSentence(groups: readonly Group[]): string {
  const norm = (group: Group): string => `${plusMinus(group.outcomes.map(normOf))} at ${group.name}`;
  return `The mean gradient norm before clipping is ${norm(groups[0]!)} and ${norm(groups.at(-1)!)}.`;
}

function tableOf(groups: readonly Group[], read: number, batch: number, times: Times | null): Table {
  return {
    title: 'Sequence length',
    head: [
      'T',
      'updates',
      'loss, nats',
      'held-out loss, nats',
      'perplexity',
      'held-out perplexity',
      'mean gradient norm',
      'time a window, ms',
      'time a character, µs',
    ],
    rows: groups.map(({ steps, outcomes }, i) => [
      String(steps),
      short(Math.round(read / (steps * batch)), 6),
      plusMinus(outcomes.map(finalOf)),
      plusMinus(outcomes.map(heldOutOf)),
      plusMinus(outcomes.map((each) => Math.exp(finalOf(each)))),
      plusMinus(outcomes.map((each) => Math.exp(heldOutOf(each)))),
      plusMinus(outcomes.map(normOf)),
      short(times?.window[i]?.[1] ?? null, 2),
      short(times?.character[i]?.[1] ?? null, 2),
    ]),
    caption: 'Mean ± standard deviation over seeds. Times: medians of rounds.',
  };
}
