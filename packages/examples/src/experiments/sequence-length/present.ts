/** What is shown: sequence length: what longer windows cost, and what they are good for. */
import type { Figure } from '../../plots/figure.ts';
import { seriesInk } from '../../plots/theme.ts';
import type { DonePart, Presentation } from '../common/experiment.ts';
import { groupBy } from '../common/groups.ts';
import { alikeWords, lowest } from '../common/ranking.ts';
import { count, plusMinus, short, timesWords } from '../common/words.ts';
import type { Config, Outcome } from '../sequence-length.ts';
import { effectsFigure, lossFigure, timeFigure } from './figures.ts';
import { finalOf, type Group, heldOutOf, normOf } from './groups.ts';
import { timeClaims, timeSentence, timesOf } from './times.ts';

/** Figures, tables and sentences, computed from the outcomes. */
export function present(parts: readonly DonePart<Config, Outcome | null>[]): Presentation {
  const trained = parts.filter((part): part is DonePart<Config, Outcome> => part.outcome !== null);
  const groups = groupBy(trained, ({ config }) => String(config.steps)).map(
    ([name, runs], i): Group => ({
      name: `T = ${name}`,
      steps: Number(name),
      ink: seriesInk(i),
      outcomes: runs.map(({ outcome }) => outcome),
    }),
  );
  const { batch, hidden } = trained[0]!.config;
  const timed = parts.find(({ config }) => config.rounds > 0);
  const times =
    timed === undefined
      ? null
      : timesOf(
          timed.measured,
          groups.map(({ steps }) => steps),
          batch,
        );
  const read = trained[0]!.config.iterations * groups[0]!.steps * batch;
  const loss = lossSentence(groups, read);
  const norm = normSentence(groups);
  const seconds = times === null ? 'Times were not measured.' : timeSentence(times);
  const figures: Figure[] = [lossFigure(groups, loss, batch), effectsFigure(groups, norm)];
  if (times !== null)
    figures.push(
      timeFigure(
        times,
        `${seconds} Forward, backward, clipping and update of ${count(batch, 'stream')}, hidden ${hidden}; medians of ${count(times.rounds, 'round')}, measured on this machine while nothing else of this ran.`,
      ),
    );
  return {
    findings: [loss, seconds, norm],
    claims: times === null ? [] : timeClaims(times),
    figures,
    tables: [
      {
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
          short(times?.window[i]?.[1] ?? null),
          short(times?.character[i]?.[1] ?? null),
        ]),
        caption:
          'Loss and perplexity: over the last tenth of what was read, and of the end of the text, which no network is trained on. Mean ± standard deviation over seeds.',
      },
    ],
  };
}

function lossSentence(groups: readonly Group[], read: number): string {
  const losses = (group: Group): number[] => group.outcomes.map(heldOutOf);
  const { best, alike } = lowest(groups, losses);
  const [shortest, longest] = [groups[0]!, groups.at(-1)!];
  const fewer = `${short(longest.steps / shortest.steps)} times fewer updates than ${shortest.name}`;
  const rest = [...new Set([shortest, longest])]
    .filter((group) => group !== best)
    .map((group) => `${group.name} ends at ${plusMinus(losses(group))}`);
  const passes = read / groups[0]!.outcomes[0]!.trained;
  return (
    `After the same ${count(read, 'character')} (${timesWords(passes, 'the text')}) the lowest loss on held-out text, ${plusMinus(losses(best))} nats, comes with ` +
    `${best.name}${alikeWords(alike.map(({ name }) => name))}. ${rest.join(' and ')}; ${longest.name} makes ${fewer}.`
  );
}

function normSentence(groups: readonly Group[]): string {
  const [shortest, longest] = [groups[0]!, groups.at(-1)!];
  const words = (group: Group): string => `${plusMinus(group.outcomes.map(normOf))} at ${group.name}`;
  return `The mean gradient norm, before clipping, is ${words(shortest)} and ${words(longest)}.`;
}
