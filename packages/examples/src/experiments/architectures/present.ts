/** What is shown: architectures and data sets: small, middling and large networks on four kinds of text. */

import { dotChart } from '../../plots/dot-chart.ts';
import { seriesInk } from '../../plots/theme.ts';
import type { Outcome } from '../architectures.ts';
import type { CharacterConfig } from '../common/characters.ts';
import type { DonePart, Presentation } from '../common/experiment.ts';
import { groupBy } from '../common/groups.ts';
import { mean, median } from '../common/statistics.ts';
import { count, list, plusMinus, short } from '../common/words.ts';

/** Figures, tables and sentences, computed from the outcomes. */
export function present(parts: readonly DonePart<CharacterConfig, Outcome>[]): Presentation {
  const groups = groupBy(parts, ({ config }) => `${config.corpus} ${config.hidden}/${config.steps}`).map(
    ([, runs]) => ({
      config: runs[0]!.config,
      first: runs[0]!.outcome,
      bits: runs.map(({ outcome }) => outcome.finalLoss / Math.LN2),
      finals: runs.map(({ outcome }) => outcome.finalLoss),
      seconds: runs.map(({ measured }) => measured.trained ?? Number.NaN),
    }),
  );
  const texts = groupBy(groups, ({ config }) => config.corpus);
  const gains = texts.map(([corpus, sizes]) => {
    const [least, most] = [sizes[0]!, sizes.at(-1)!];
    return {
      corpus,
      gain: mean(least.bits) - mean(most.bits),
      left: mean(most.bits) / (most.first.entropy / Math.LN2),
      best: sizes.reduce((a, b) => (mean(b.bits) < mean(a.bits) ? b : a)),
    };
  });
  const largestGain = gains.reduce((a, b) => (b.gain > a.gain ? b : a));
  const smallestGain = gains.reduce((a, b) => (b.gain < a.gain ? b : a));
  const learned = gains.reduce((a, b) => (b.left < a.left ? b : a));
  const most = groups.reduce((largest, { config }) => Math.max(largest, config.hidden), 0);
  const read = groups[0]!.config.iterations * groups[0]!.config.steps * groups[0]!.config.batch;
  const sizeSentence = `From 25 to ${most} hidden units the loss falls most on ${largestGain.corpus} (${short(largestGain.gain, 2)} bits per character) and least on ${smallestGain.corpus} (${short(smallestGain.gain, 2)}), after ${count(read, 'character')} each.`;
  const bestSentence = `The largest network is the best on ${list(gains.filter(({ best }) => best.config.hidden === most).map(({ corpus }) => corpus))}.`;
  const textSentence = `Most is learned of ${learned.corpus}: ${short(100 * (1 - learned.left), 2)} % of what letter frequencies leave open; least of ${gains.reduce((a, b) => (b.left > a.left ? b : a)).corpus}.`;
  return {
    findings: [sizeSentence, bestSentence, textSentence],
    figures: [
      {
        name: 'architectures-loss',
        title: 'What three networks learn of four texts',
        caption: `${sizeSentence} ${textSentence} The dotted line: the entropy of single characters, which counting letters gives.`,
        panels: texts.map(([corpus, sizes], t) =>
          dotChart({
            heading: corpus,
            rowsLabel: 'hidden / steps',
            x: { label: 'final loss, bits per character', from: 0 },
            level: { x: sizes[0]!.first.entropy / Math.LN2, label: 'letter frequencies' },
            rows: sizes.map(({ config, bits }) => ({
              label: `${config.hidden} / ${config.steps}`,
              ink: seriesInk(t),
              values: bits,
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
          'final loss, nats',
          'bits per character',
          'perplexity',
          'seconds',
        ],
        rows: groups.map(({ config, first, finals, bits, seconds }) => [
          config.corpus,
          `${config.hidden} / ${config.steps}`,
          short(first.vocabulary),
          short(first.entropy / Math.LN2),
          short(first.parameters, 6),
          plusMinus(finals),
          plusMinus(bits),
          plusMinus(finals.map(Math.exp)),
          short(median(seconds), 2),
        ]),
        caption:
          'The mean over the last tenth of a run; seconds of training, while other parts ran beside it.',
      },
    ],
  };
}
