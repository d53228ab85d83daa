import { printable } from '../../cli/sanitize-terminal.ts';
import {
  count,
  formatPasses,
  medianRange,
  percent,
  plusMinus,
  short,
  toSpread,
} from '../../common/format.ts';
import { mean } from '../../common/statistics.ts';
import type { DonePart, Experiment, Presentation } from '../common/experiment.ts';
import { lowest, tiedSentences } from '../common/ranking.ts';
import {
  lettersFigure,
  lossFigure,
  networkFigure,
  normFigure,
  type Runs,
  runsOf,
  thumbnail,
} from './figures.ts';
import { type Config, type Outcome, study } from './run.ts';

export const training: Experiment<Config, Outcome> = { ...study, present };

export function present(parts: readonly DonePart<Config, Outcome>[]): Presentation {
  const { config } = parts[0]!;
  const runs = runsOf(
    config,
    parts.map(({ outcome }) => outcome),
  );
  return {
    headline: headline(runs),
    thumbnail: thumbnail(runs),
    findings: [...lossSentences(runs), ...normSentences(runs), ...letterSentences(runs)],
    method: [
      `Final loss: the mean over the last tenth of a run. Held-out loss: on the last ${percent(config.holdOut)} of the text.`,
      `Smoothed loss: each step keeps ${config.smoothing} of the past and nothing from before the first step.`,
      'Total variation is half the sum of the differences of all shares.',
    ],
    figures: [lossFigure(runs), networkFigure(runs), normFigure(runs), lettersFigure(runs)],
    excerpts: [{ title: 'A sample (first seed)', text: printable(runs.first.sample) }],
  };
}

function headline({ outcomes }: Runs): string {
  const [first, final] = [outcomes.map((run) => run.firstLoss), outcomes.map((run) => run.finalLoss)];
  return `A vanilla RNN brings the loss on Moby Dick from ${toSpread(mean(first), first)} to ${toSpread(mean(final), final)} nats per character.`;
}

function lossSentences({ config, first, outcomes, scale }: Runs): string[] {
  const over = (of: (outcome: Outcome) => number): string => plusMinus(outcomes.map(of));
  const read = config.iterations * scale;
  return [
    `The training loss falls from ${over((run) => run.firstLoss)} nats in the first window to ${over((run) => run.finalLoss)} over the last tenth.`,
    `Even guessing gives ${short(first.uniform)} nats, and letter frequencies give ${short(first.letters)}.`,
    `Each run reads ${count(read, 'character')}, so it reads the text ${formatPasses(read / first.trained)}.`,
    `On held-out text the loss is ${over((run) => run.heldOutLoss)} nats, a perplexity of ${over((run) => Math.exp(run.heldOutLoss))}.`,
    crossingSentence(outcomes, scale, config.crossingWindow),
  ];
}

/** When the loss passed that of letter frequencies. */
function crossingSentence(outcomes: readonly Outcome[], scale: number, window: number): string {
  const crossings = outcomes.flatMap(({ crossing }) => (crossing === null ? [] : [crossing * scale]));
  const means = `(mean of ${count(window, 'window')})`;
  if (crossings.length === 0)
    return `The training loss never falls below that of letter frequencies ${means}.`;
  const some =
    crossings.length === outcomes.length ? '' : ` in ${crossings.length} of ${count(outcomes.length, 'run')}`;
  return `The training loss falls below that of letter frequencies ${means} after ${medianRange(crossings)} characters${some}.`;
}

function normSentences({ config, first, outcomes, norm }: Runs): string[] {
  const early = norm.middle[Math.floor(norm.middle.length / 20)]![1];
  const late = norm.middle.at(-1)![1];
  const lastNorms = (name: string): number[] => outcomes.map((run) => run.norms[name]!.values.at(-1)!);
  const largest = lowest(Object.keys(first.norms), (name) => lastNorms(name).map((each) => -each));
  return [
    `The gradient norm is ${short(early, 2)} after a twentieth of the run and ${short(late, 2)} at its end.`,
    `${percent(mean(outcomes.map((run) => run.clipped)))} of the steps are clipped, at a norm of ${config.clip?.at ?? '–'}.`,
    `At the end ${largest.best} has the largest gradient norm of all parameters, ${plusMinus(lastNorms(largest.best))}.`,
    ...tiedSentences(largest.tied),
  ];
}

function letterSentences({ first, outcomes }: Runs): string[] {
  const stretches = first.textDistances;
  return [
    `Samples differ from the book in ${plusMinus(outcomes.map((run) => 100 * run.distance))} % of their letters (total variation).`,
    `${stretches.length} stretches of the book, as long as a sample, differ from the whole in ${plusMinus(stretches.map((each) => 100 * each))} %.`,
  ];
}
