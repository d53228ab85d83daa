/** What is shown: architectures and data sets: small, middling and large networks on four kinds of text. */

import { dotChart } from '../../plots/dot-chart.ts';
import { seriesInk } from '../../plots/theme.ts';
import type { Config, Outcome, Shape } from '../architectures.ts';
import type { DonePart, Presentation } from '../common/experiment.ts';
import { groupBy } from '../common/groups.ts';
import { alikeWords, lowest } from '../common/ranking.ts';
import { mean } from '../common/statistics.ts';
import { count, list, plusMinus, short, timesWords } from '../common/words.ts';

/** What the seconds that a character takes are kept under. */
export function timeKey({ hidden, steps }: Shape): string {
  return `${hidden} / ${steps}`;
}

/** All runs of one network on one text. */
interface Group {
  readonly config: Config;
  readonly first: Outcome;
  readonly finals: readonly number[];
  readonly heldOut: readonly number[];
  /** The latter in bits. */
  readonly bits: readonly number[];
  /** Microseconds of training for each character read. */
  readonly microseconds: number | null;
}

/** Figures, tables and sentences, computed from the outcomes. */
export function present(parts: readonly DonePart<Config, Outcome | null>[]): Presentation {
  const trained = parts.filter((part): part is DonePart<Config, Outcome> => part.outcome !== null);
  const groups = groupBy(trained, ({ config }) => `${config.corpus} ${timeKey(config)}`).map(
    ([, runs]): Group => {
      const { config, outcome } = runs[0]!;
      const timed = parts.find((part) => part.config.rounds > 0 && part.config.corpus === config.corpus);
      const seconds = timed?.measured[timeKey(config)];
      const heldOut = runs.map((run) => finiteOr(run.outcome.heldOutLoss));
      return {
        config,
        first: outcome,
        finals: runs.map((run) => finiteOr(run.outcome.finalLoss)),
        heldOut,
        bits: heldOut.map((nats) => nats / Math.LN2),
        microseconds: seconds === undefined ? null : 1e6 * seconds,
      };
    },
  );
  const texts = groupBy(groups, ({ config }) => config.corpus);
  const { iterations, steps, batch } = groups[0]!.config;
  const read = iterations * steps * batch;
  const passes = read / groups[0]!.first.trained;
  const sizes = sizeSentence(texts, read);
  const best = bestSentence(texts);
  const learned = texts.map(
    ([corpus, each]) =>
      `${short(100 * (1 - mean(lowest(each, bitsOf).best.bits) / entropyBits(each[0]!)), 2)} % of ${corpus}`,
  );
  const textSentence = `Of the entropy of single characters the best network takes away ${list(learned)}; how much of the rest could still be learned differs from text to text.`;
  return {
    findings: [sizes, best, textSentence],
    figures: [
      {
        name: 'architectures-loss',
        title: 'What three networks learn of four texts',
        caption: `${sizes} ${textSentence} On the end of each text, which no network is trained on; a dot is a run, the bar their mean. The dotted line: the entropy of single characters, which counting letters gives.`,
        panels: texts.map(([corpus, each], t) =>
          dotChart({
            heading: corpus,
            rowsLabel: 'hidden / steps',
            x: {
              label: 'held-out loss, bits per character',
              from: 0,
              // Room for the words at the dotted line.
              to: Math.ceil(highest(groups) + 0.5),
            },
            bar: 'mean',
            level: { x: entropyBits(each[0]!), label: 'letter frequencies' },
            rows: each.map(({ config, bits }) => ({
              label: timeKey(config),
              ink: seriesInk(t),
              values: bits,
              // As wide in every row, so that all panels are.
              words: Number.isFinite(mean(bits)) ? mean(bits).toFixed(2) : '–',
            })),
          }),
        ),
      },
    ],
    tables: [
      {
        title: 'Architectures and data sets',
        head: [
          'text',
          'hidden / steps',
          'vocabulary',
          'entropy, bits',
          'parameters',
          'loss, nats',
          'held-out loss, nats',
          'held-out bits per character',
          'held-out perplexity',
          'time a character, µs',
          'time of a run, s',
        ],
        rows: groups.map((group) => [
          group.config.corpus,
          timeKey(group.config),
          short(group.first.vocabulary),
          short(entropyBits(group)),
          short(group.first.parameters, 6),
          plusMinus(group.finals),
          plusMinus(group.heldOut),
          plusMinus(group.bits),
          plusMinus(group.heldOut.map(Math.exp)),
          short(group.microseconds, 2),
          short(group.microseconds === null ? null : (group.microseconds * read) / 1e6, 2),
        ]),
        caption: `Each network reads ${count(read, 'character')}, ${timesWords(passes, 'its text')}. Loss: of the last tenth of that. Held out: the end of the text. Time of training, measured on this machine while nothing else of this ran: medians of rounds; a run is as many times a character as it reads.`,
      },
    ],
  };
}

function sizeSentence(texts: readonly [corpus: string, sizes: readonly Group[]][], read: number): string {
  const [least, most] = [texts[0]![1][0]!, texts[0]![1].at(-1)!];
  const falls = texts.map(([corpus, sizes]) => {
    const [small, large] = [sizes[0]!, sizes.at(-1)!];
    // Runs of one seed are compared with one another.
    return `${plusMinus(small.bits.map((bits, i) => bits - large.bits[i]!))} on ${corpus}`;
  });
  const fewer = `${short(least.config.iterations / most.config.iterations, 2)} times fewer updates`;
  return (
    `From ${timeKey(least.config)} to ${timeKey(most.config)} (hidden / steps; of the same ${count(read, 'character')}, and so with ${fewer}) ` +
    `held-out loss falls, in bits per character, by ${list(falls)}.`
  );
}

function bestSentence(texts: readonly [corpus: string, sizes: readonly Group[]][]): string {
  const parts = texts.map(([corpus, sizes]) => {
    const { best, alike } = lowest(sizes, bitsOf);
    return `${timeKey(best.config)} on ${corpus}${alike.length === 0 ? '' : ` (${alikeWords(alike.map(({ config }) => timeKey(config))).slice(2)})`}`;
  });
  return `The lowest held-out loss comes with ${list(parts)} (hidden / steps).`;
}

function bitsOf({ bits }: Group): readonly number[] {
  return bits;
}

function entropyBits({ first }: Group): number {
  return first.entropy / Math.LN2;
}

/** The largest number that a panel has to show: all share one axis. */
function highest(groups: readonly Group[]): number {
  return groups
    .flatMap((group) => [...group.bits, entropyBits(group)])
    .filter(Number.isFinite)
    .reduce((most, bits) => Math.max(most, bits), 0);
}

/** Where a run came to no number, the worst there is. */
function finiteOr(loss: number | null): number {
  return loss ?? Number.POSITIVE_INFINITY;
}
