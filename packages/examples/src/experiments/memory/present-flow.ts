/** Gradient flow of different cells, before and after training. */
import { formatMedian, medianRange } from '../../common/format.ts';
import type { Claim, DonePart, Presentation, Table } from '../common/experiment.ts';
import type { FlowConfig, FlowOutcome } from './flow.ts';
import { cellsFigure, thumbnail, weightsFigure } from './flow-figures.ts';
import { comparisonSentences, driveSentences, mostSentences } from './flow-sentences.ts';
import { factorsOf, type Group, type Summary, summaryOf, WHENS, type When } from './flow-summary.ts';

export function presentFlow(parts: readonly DonePart<FlowConfig, FlowOutcome>[]): Presentation {
  const summary = summaryOf(parts);
  return {
    headline: headline(summary),
    thumbnail: thumbnail(summary),
    findings: [
      ...WHENS.flatMap((when) => comparisonSentences(summary, when)),
      ...driveSentences(summary),
      ...mostSentences(summary),
    ],
    method: [
      'Gradients are those of the loss of the last character, by the whole state: h and c of an LSTM.',
      'The matrices of an LSTM’s four gates are initialized as one. Runs of equal seeds are compared.',
    ],
    claims: claimsOf(summary),
    figures: [cellsFigure(summary), weightsFigure(summary)],
    tables: [tableOf(summary)],
  };
}

/** LSTM against RNN after training, with the initial weights that all cells have. */
function headline({ compared, distance }: Summary): string {
  const { rnn, lstms } = compared[0]!;
  const lstm = lstms.find(({ forgetBias }) => forgetBias === 0)!;
  return `After training, ${formatMedian(lstm.left.after)} of the gradient is left ${distance} steps back in an LSTM, and ${formatMedian(rnn.left.after)} in an RNN.`;
}

function claimsOf({ compared, distance, seeds }: Summary): Claim[] {
  return WHENS.flatMap((when) =>
    compared.flatMap(({ init, rnn, lstms }) =>
      lstms.map((lstm): Claim => {
        const factors = factorsOf(lstm, rnn, when);
        return {
          claim: `${lstm.name.replace(', ', ' with ')} keeps gradients longer than RNN, ${when} training (${init} initial weights)`,
          held: factors.filter((factor) => factor > 1).length,
          of: factors.length,
          evidence: [
            `Left at distance ${distance}: ${medianRange(factors)} times as much; median and range of ${seeds}.`,
            `Shares of ‖∂L/∂state_t‖: ${medianRange(rnn.left[when])} (RNN), ${medianRange(lstm.left[when])} (${lstm.name}).`,
          ],
        };
      }),
    ),
  );
}

function tableOf({ cells, compared, distance, seeds }: Summary): Table {
  const others = compared.slice(1).flatMap(({ rnn, lstms }) => [rnn, ...lstms]);
  return {
    title: `Share of the gradient left at distance ${distance}`,
    head: ['cell', 'initial weights', 'before training', 'after training', 'radius or gate before', 'after'],
    rows: [...cells, ...others].map((group) => [
      group.name,
      group.init,
      ...WHENS.map((when) => medianRange(group.left[when])),
      ...WHENS.map((when) => formatDrive(group, when)),
    ]),
    caption: `Radius: spectral radius of an RNN's W_hh. Gate: mean forget gate of an LSTM. Median and range of ${seeds}.`,
  };
}

function formatDrive({ cell, runs }: Group, when: When): string {
  if (cell !== 'rnn' && cell !== 'lstm') return '–';
  return medianRange(
    runs.map(({ outcome }) => (cell === 'rnn' ? outcome[when].radius! : outcome[when].forget!)),
  );
}
