import { printable } from '../../cli/sanitize-terminal.ts';
import { foldedNetwork, unrolledNetwork } from '../../plots/architecture.ts';
import { lineChart } from '../../plots/line-chart.ts';
import { seriesInk } from '../../plots/theme.ts';
import { pointsOf, spreadOf } from '../common/curve.ts';
import type { DonePart, Presentation } from '../common/experiment.ts';
import { alikeWords, lowest } from '../common/ranking.ts';
import { mean } from '../common/statistics.ts';
import { count, medianRange, percent, plusMinus, short, timesWords } from '../common/words.ts';
import type { Config, Outcome } from '../training.ts';

/** Figures, tables and sentences, computed from the outcomes. */
export function present(parts: readonly DonePart<Config, Outcome>[]): Presentation {
  const [first] = parts as [(typeof parts)[number], ...typeof parts];
  const runs = parts.map(({ outcome }) => outcome);
  const { config, outcome } = first;
  const scale = config.batch * config.steps;
  const clipAt = config.clip?.at ?? Number.NaN;
  const finals = runs.map((run) => run.finalLoss);
  const levels = [
    { y: outcome.uniform, label: 'even guessing' },
    { y: outcome.letters, label: 'letter frequencies' },
  ];
  const x = { label: 'characters read', from: 0 };
  const smoothed = spreadOf(
    runs.map((run) => run.smoothed),
    scale,
  );
  const norm = spreadOf(
    runs.map((run) => run.norm),
    scale,
  );
  const crossings = runs.flatMap(({ crossing }) => (crossing === null ? [] : [crossing * scale]));
  const read = config.iterations * scale;
  const heldOut = runs.map((run) => run.heldOutLoss);
  const lossSentence =
    `The loss goes from ${plusMinus(runs.map((run) => run.firstLoss))} nats in the first window (even guessing has ${short(outcome.uniform)}) to ${plusMinus(finals)} over the last tenth of ` +
    `${count(read, 'character')}, ${timesWords(read / outcome.trained, 'the text')}; on text that is held out it is ${plusMinus(heldOut)}, ` +
    `a perplexity of ${plusMinus(heldOut.map(Math.exp))}. ${crossingWords(crossings, runs.length, config.crossingWindow)}`;
  const early = norm.middle[Math.floor(norm.middle.length / 20)]![1];
  const late = norm.middle.at(-1)![1];
  const lastNorms = (name: string): number[] => runs.map((run) => run.norms[name]!.values.at(-1)!);
  const largest = lowest(Object.keys(outcome.norms), (name) => lastNorms(name).map((norm) => -norm));
  const normSentence =
    `The gradient’s norm is ${short(early, 2)} after a twentieth of the run and ${short(late, 2)} at its end; ${percent(mean(runs.map((run) => run.clipped)))} of the steps are clipped (at ${clipAt}). ` +
    `At the end ${largest.best} has the largest part in it (${plusMinus(lastNorms(largest.best))})${alikeWords(largest.alike)}.`;
  const letterSentence =
    `What the network writes differs from the book in ${plusMinus(runs.map((run) => 100 * run.distance))} % of its letters (total variation); ` +
    `${outcome.textDistances.length} stretches of the book, each as long as the sample, differ from the whole in ${plusMinus(outcome.textDistances.map((each) => 100 * each))} %.`;
  const perplexity = (points: readonly (readonly [number, number])[]): [number, number][] =>
    points.map(([at, loss]) => [at, Math.exp(loss)]);
  const sizes = { ...config, cell: 'RNN', vocabulary: outcome.vocabulary, parameters: outcome.parameters };
  return {
    findings: [lossSentence, normSentence, letterSentence],
    figures: [
      {
        name: 'training-network',
        title: 'The network',
        caption: `A vanilla RNN of ${count(config.hidden, 'hidden unit')} reads ${outcome.vocabulary} kinds of characters, ${config.batch} streams side by side in windows of ${config.steps} steps; it learns ${count(outcome.parameters, 'number')}.`,
        panels: [foldedNetwork(sizes), unrolledNetwork(sizes)],
      },
      {
        name: 'training-loss',
        title: 'Loss and perplexity while training',
        caption: `${lossSentence} Both panels: the text that is trained on. Pale: one run, means of ${stretchWords(outcome.loss.at)}; strong: smoothed (${config.smoothing} of the past at each step, nothing of what was before the first), median of ${count(runs.length, 'seed')}.`,
        panels: [
          lineChart({
            heading: 'Loss',
            x,
            y: { label: 'training loss, nats per character' },
            lines: [
              {
                label: '',
                faint: true,
                ink: 'blue',
                points: pointsOf(outcome.loss, scale),
              },
              { label: 'smoothed', ink: 'blue', points: smoothed.middle },
            ],
            levels,
          }),
          lineChart({
            heading: 'Perplexity',
            x,
            y: { label: 'exp(smoothed training loss)', scale: 'log' },
            lines: [{ label: 'network', ink: 'green', points: perplexity(smoothed.middle) }],
            levels: levels.map(({ y, label }) => ({ y: Math.exp(y), label })),
          }),
        ],
      },
      {
        name: 'training-gradients',
        title: 'Gradient norms while training',
        caption: `${normSentence} Band: least to greatest of ${count(runs.length, 'seed')}; by parameter: the first seed.`,
        panels: [
          lineChart({
            heading: 'All parameters together',
            x,
            y: { label: 'global norm before clipping', scale: 'log' },
            lines: [{ label: 'norm', ink: 'blue', points: norm.middle, band: norm.band }],
            levels: [{ y: clipAt, label: 'clipped here' }],
          }),
          lineChart({
            heading: 'By parameter',
            x,
            y: { label: 'norm of the gradient', scale: 'log' },
            lines: Object.entries(outcome.norms).map(([name, curve], i) => ({
              label: name.replace('recurrent.cell.', 'cell.'),
              ink: seriesInk(i),
              points: pointsOf(curve, scale),
            })),
          }),
        ],
      },
      {
        name: 'training-letters',
        title: 'Letters of the book, and of what the network writes',
        caption: `${letterSentence} Shares of the ${outcome.frequencies.length} commonest characters, sample of ${count(config.sampled, 'character')}, the first seed.`,
        panels: [
          lineChart({
            heading: 'Share of all characters',
            x: {
              label: 'character, by how common it is in the book (␣ space, ↵ new line)',
              from: -0.5,
              to: outcome.frequencies.length - 0.5,
              ticks: outcome.frequencies.map((_, i) => i),
              format: (i) => shown(outcome.frequencies[i]?.character ?? ''),
            },
            y: { label: 'percent', scale: 'log' },
            width: 960,
            lines: [
              {
                label: 'book',
                ink: 'gray',
                points: outcome.frequencies.map((each, i) => [i, 100 * each.text]),
              },
              {
                label: 'network',
                ink: 'red',
                noLine: true,
                points: outcome.frequencies.map((each, i) => [i, 100 * each.sample]),
              },
            ],
          }),
        ],
      },
    ],
    excerpts: [{ title: 'What it writes (first seed)', text: printable(outcome.sample) }],
  };
}

/** When the loss passed that of letter frequencies. */
function crossingWords(crossings: readonly number[], of: number, window: number): string {
  const means = `the mean of ${count(window, 'window')} in a row`;
  if (crossings.length === 0)
    return `The training loss never gets below that of letter frequencies (${means}).`;
  const some = crossings.length === of ? '' : ` in ${crossings.length} of ${count(of, 'run')}`;
  return `The training loss is first below that of letter frequencies (${means}) after ${medianRange(crossings)} characters${some}.`;
}

/** How long the stretches are that a curve has the means of: they differ where they do not divide the run. */
function stretchWords(at: readonly number[]): string {
  const lengths = at.map((end, i) => end - (at[i - 1] ?? 0));
  const [least, most] = [Math.min(...lengths), Math.max(...lengths)];
  return least === most ? count(least, 'step') : `${short(least, 6)} to ${count(most, 'step')}`;
}

function shown(character: string): string {
  return character === ' ' ? '␣' : character === '\n' ? '↵' : printable(character);
}
