import { count, formatPasses, list, plusMinus, short } from '../../common/format.ts';
import { groupBy } from '../../common/groups.ts';
import { mean } from '../../common/statistics.ts';
import { dotChart } from '../../plots/dot-chart.ts';
import type { Figure } from '../../plots/figure.ts';
import type { Panel } from '../../plots/panel.ts';
import { seriesInk } from '../../plots/theme.ts';
import {
  type DonePart,
  type Experiment,
  type Presentation,
  type Table,
  THUMBNAIL,
} from '../common/experiment.ts';
import { lowest } from '../common/ranking.ts';
import { entropyBits, type Group, groupsOf, highest, type Texts } from './groups.ts';
import { type Config, type Outcome, study, timeKey } from './run.ts';

export const architectures: Experiment<Config, Outcome | null> = { ...study, present };

export function present(parts: readonly DonePart<Config, Outcome | null>[]): Presentation {
  const groups = groupsOf(parts);
  const texts = groupBy(groups, ({ config }) => config.corpus);
  const { iterations, steps, batch } = groups[0]!.config;
  const read = iterations * steps * batch;
  return {
    headline: headline(texts),
    thumbnail: thumbnail(texts),
    findings: [
      ...texts.map(textSentence),
      `The largest network makes ${fewerUpdates(texts)} times fewer updates than the smallest.`,
    ],
    method: [
      `Each network reads ${count(read, 'character')}. It reads its text ${formatPasses(read / groups[0]!.first.trained)}.`,
      'Networks are named by hidden units / steps. Runs of equal seeds are compared.',
      'Held-out loss: on the end of each text, which no network is trained on.',
      'Times: medians of rounds on this machine, with nothing else of the report running.',
    ],
    figures: [figureOf(texts, groups)],
    tables: [tableOf(groups, read)],
  };
}

const bitsOf = ({ bits }: Group): readonly number[] => bits;

/** Share of the entropy of single characters that the best network removes. */
function learned(networks: readonly Group[]): string {
  const share = 1 - mean(lowest(networks, bitsOf).best.bits) / entropyBits(networks[0]!);
  return `${short(100 * share, 2)} %`;
}

function headline(texts: Texts): string {
  const shares = texts.map(([corpus, networks]) => `${learned(networks)} (${corpus})`);
  return `Of the entropy of single characters, the best networks remove ${list(shares)}.`;
}

function textSentence([corpus, networks]: Texts[number]): string {
  const [small, large] = [networks[0]!, networks.at(-1)!];
  const falls = plusMinus(small.bits.map((bits, i) => bits - large.bits[i]!));
  const { best, tied } = lowest(networks, bitsOf);
  const name = ({ config }: Group): string => timeKey(config);
  const ties = tied.length === 0 ? '' : ` (tied with ${list(tied.map(name))})`;
  return `On ${corpus}, ${name(best)} is best${ties}; from ${name(small)} to ${name(large)} loss falls by ${falls} bits.`;
}

function fewerUpdates(texts: Texts): string {
  const networks = texts[0]![1];
  return short(networks[0]!.config.iterations / networks.at(-1)!.config.iterations, 2);
}

function thumbnail(texts: Texts): Panel {
  return dotChart({
    ...THUMBNAIL,
    heading: 'Held-out loss, best network',
    x: { label: 'bits per character', from: 0 },
    bar: 'mean',
    rows: texts.map(([corpus, networks], t) => {
      const { bits } = lowest(networks, bitsOf).best;
      return { label: corpus, ink: seriesInk(t), values: bits };
    }),
  });
}

function figureOf(texts: Texts, groups: readonly Group[]): Figure {
  // Room for the name of the dotted line.
  const to = Math.ceil(highest(groups) + 0.5);
  return {
    name: 'architectures-loss',
    title: 'What three networks learn of four texts',
    caption:
      'On held-out text. A dot is a run, the bar their mean. Dotted: the entropy of single characters.',
    panels: texts.map(([corpus, networks], t) =>
      dotChart({
        heading: corpus,
        rowsLabel: 'hidden / steps',
        x: { label: 'held-out loss, bits per character', from: 0, to },
        bar: 'mean',
        level: { x: entropyBits(networks[0]!), label: 'letter frequencies' },
        rows: networks.map(({ config, bits }) => ({
          label: timeKey(config),
          ink: seriesInk(t),
          values: bits,
          // Of one width in all rows, and so in all panels.
          text: Number.isFinite(mean(bits)) ? mean(bits).toFixed(2) : '–',
        })),
      }),
    ),
  };
}

function tableOf(groups: readonly Group[], read: number): Table {
  return {
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
    caption: 'Loss: of the last tenth of training. Mean ± standard deviation over seeds.',
  };
}
