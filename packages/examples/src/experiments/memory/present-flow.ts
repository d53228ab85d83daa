/** What is shown of gradient flow: how much of the gradient is left, by distance and cell, before and after training. */
import { dotChart } from '../../plots/dot-chart.ts';
import type { Figure } from '../../plots/figure.ts';
import { lineChart } from '../../plots/line-chart.ts';
import type { Panel } from '../../plots/panel.ts';
import { plain } from '../../plots/scale.ts';
import { seriesInk } from '../../plots/theme.ts';
import { spreadOf } from '../common/curve.ts';
import type { Claim, DonePart, Presentation } from '../common/experiment.ts';
import { median } from '../common/statistics.ts';
import { medianRange, short } from '../common/words.ts';
import type { FlowConfig, FlowOutcome } from './flow.ts';
import { comparisonSentence, drivesSentence, factorsWords, mostSentence } from './flow-sentences.ts';
import { factorsOf, type Group, type Summary, summaryOf, WHENS, type When } from './flow-summary.ts';

/** What plots show of a fading gradient. */
const LEAST = 1e-12;

export function presentFlow(parts: readonly DonePart<FlowConfig, FlowOutcome>[]): Presentation {
  const summary = summaryOf(parts);
  const { cells, compared, distance, seeds } = summary;
  const rest = compared.slice(1).flatMap(({ rnn, lstms }) => [rnn, ...lstms]);
  return {
    findings: [
      ...WHENS.map((when) => comparisonSentence(summary, when)),
      drivesSentence(summary),
      mostSentence(summary),
    ],
    claims: claimsOf(summary),
    figures: [weightsFigure(summary), cellsFigure(summary)],
    tables: [
      {
        title: `Share of the gradient left at distance ${distance}`,
        head: [
          'cell',
          'first weights',
          'before training',
          'after training',
          'radius or gate before',
          'after',
        ],
        rows: [...cells, ...rest].map((group) => [
          group.name,
          group.init,
          ...WHENS.map((when) => medianRange(group.left[when])),
          ...WHENS.map((when) => driveWords(group, when)),
        ]),
        caption: `Radius: the spectral radius of an RNN's W_hh; gate: an LSTM's mean forget gate. Medians, with the least and the greatest of ${seeds}. The whole state counts, of an LSTM h and c.`,
      },
    ],
  };
}

function claimsOf({ compared, distance, seeds }: Summary): Claim[] {
  return WHENS.flatMap((when) =>
    compared.flatMap(({ init, rnn, lstms }) =>
      lstms.map((lstm): Claim => {
        const factors = factorsOf(lstm, rnn, when);
        return {
          claim: `${lstm.name} keeps gradients longer than RNN with ${init} first weights, ${when} training (at distance ${distance})`,
          held: factors.filter((factor) => factor > 1).length,
          of: factors.length,
          evidence: `${medianRange(factors)} times as much is left; ${seeds}, shares of ‖∂L/∂state_t‖: RNN ${medianRange(rnn.left[when])}, ${lstm.name} ${medianRange(lstm.left[when])}`,
        };
      }),
    ),
  );
}

/** RNN against LSTM at one distance, by first weights. */
function weightsFigure(summary: Summary): Figure {
  const { compared, distance } = summary;
  const groups = compared.flatMap(({ rnn, lstms }) => [rnn, ...lstms]);
  const shares = groups.flatMap(({ left }) => WHENS.flatMap((when) => left[when]));
  const from = 10 ** Math.floor(Math.log10(Math.max(Number.MIN_VALUE, Math.min(...shares))));
  const to = Math.max(1, ...shares);
  const panel = (when: When): Panel =>
    dotChart({
      heading: `${when === 'before' ? 'Before' : 'After'} training`,
      x: { label: `share of ‖∂L/∂state_t‖ left at distance ${distance}`, scale: 'log', from, to },
      rowHeight: 28,
      rows: groups.map(({ cell, forgetBias, init, left }) => ({
        label: `${cell === 'rnn' ? 'RNN' : forgetBias === 0 ? 'LSTM' : 'LSTM, bias 1'}, ${init}`,
        ink: seriesInk(cell === 'rnn' ? 0 : 1 + forgetBias),
        values: left[when],
        words: short(median(left[when]), 2),
      })),
    });
  return {
    name: 'memory-flow-weights',
    title: 'RNN and LSTM, by their first weights',
    caption: `${factorsWords(summary)} A dot is a run, the bar the median share. The matrices of an LSTM's four gates are initialized as one.`,
    panels: WHENS.map(panel),
  };
}

/** Every cell: a panel for half of them each, before and after training, on the same axes. */
function cellsFigure(summary: Summary): Figure {
  const { cells, seeds } = summary;
  const half = Math.ceil(cells.length / 2);
  const curves = (group: Group, when: When): [number, number][] =>
    spreadOf(
      group.runs.map(({ outcome }) => {
        const { shares } = outcome[when];
        return { at: shares.map((_, d) => d), values: shares };
      }),
    ).middle;
  const to = Math.max(
    1,
    ...cells.flatMap((group) => WHENS.flatMap((when) => curves(group, when).map(([, share]) => share))),
  );
  const panel = (groups: readonly Group[], when: When): Panel =>
    lineChart({
      heading: `${when === 'before' ? 'Before' : 'After'} training`,
      x: { label: 'steps back from the loss, T − t', from: 0 },
      y: { label: '‖∂L/∂state_t‖, share of the last', scale: 'log', from: LEAST, to },
      height: 300,
      lines: groups.map((group, i) => ({
        label: group.name,
        ink: seriesInk(i),
        points: curves(group, when),
      })),
    });
  return {
    name: 'memory-flow',
    title: 'How much of the gradient is left, by distance and cell',
    caption: `${mostSentence(summary)} All ${cells.length} cells are drawn, in two rows with the same axes. Medians of ${seeds}; what falls below ${plain(LEAST)} is not shown. The whole state counts, of an LSTM h and c.`,
    panels: [cells.slice(0, half), cells.slice(half)]
      .filter((groups) => groups.length > 0)
      .flatMap((groups) => WHENS.map((when) => panel(groups, when))),
  };
}

function driveWords({ cell, runs }: Group, when: When): string {
  if (cell !== 'rnn' && cell !== 'lstm') return '–';
  return medianRange(
    runs.map(({ outcome }) => (cell === 'rnn' ? outcome[when].radius! : outcome[when].forget!)),
  );
}
