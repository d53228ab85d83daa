/** What is shown of gradient flow: how much of the gradient is left, by distance and cell, before and after training. */
import { lineChart } from '../../plots/line-chart.ts';
import { seriesInk } from '../../plots/theme.ts';
import { spreadOf } from '../common/curve.ts';
import type { Claim, DonePart, Presentation } from '../common/experiment.ts';
import { groupBy } from '../common/groups.ts';
import { median } from '../common/statistics.ts';
import { count, medianRange, short } from '../common/words.ts';
import { cellWords } from './cell-words.ts';
import type { FlowConfig, FlowOutcome } from './flow.ts';

/** What plots show of a fading gradient. */
const LEAST = 1e-12;
/** The distance at which cells are compared. */
const DISTANCE = 50;

export function presentFlow(parts: readonly DonePart<FlowConfig, FlowOutcome>[]): Presentation {
  const { reach, iterations } = parts[0]!.config;
  const distance = Math.min(DISTANCE, reach - 1);
  const groups = groupBy(parts, ({ config }) => config.cell).map(([cell, runs], i) => ({
    name: cellWords(cell),
    cell,
    ink: seriesInk(i),
    runs,
    at: (when: 'before' | 'after'): number[] => runs.map(({ outcome }) => outcome[when][distance]!),
  }));
  const group = (cell: string): (typeof groups)[number] => groups.find((each) => each.cell === cell)!;
  const seeds = count(groups[0]!.runs.length, 'seed');
  const rnn = group('rnn');
  const factors = (cell: string, when: 'before' | 'after'): number[] =>
    group(cell)
      .at(when)
      .map((share, i) => share / rnn.at(when)[i]!);
  const claims = (['before', 'after'] as const).flatMap((when): Claim[] =>
    ['lstm', 'lstm+1'].map((cell) => ({
      claim: `${cellWords(cell)} keeps gradients longer than RNN, ${when} training (factor at distance ${distance})`,
      held: factors(cell, when).filter((factor) => factor > 1).length,
      of: rnn.runs.length,
      evidence: `${medianRange(factors(cell, when))} times as much is left; ${seeds}, shares of ‖∂L/∂state_t‖: RNN ${medianRange(rnn.at(when))}, ${cellWords(cell)} ${medianRange(group(cell).at(when))}`,
    })),
  );
  const longest = groups.reduce((a, b) => (median(b.at('after')) > median(a.at('after')) ? b : a));
  const sentence =
    `At distance ${distance} an untrained RNN has ${short(median(rnn.at('before')), 2)} of its gradient left, an LSTM ${short(median(group('lstm').at('before')), 2)}, and one whose forget gate begins with a bias of 1 ${short(median(group('lstm+1').at('before')), 2)}. ` +
    `After ${count(iterations, 'step')} of training it is ${short(median(rnn.at('after')), 2)}, ${short(median(group('lstm').at('after')), 2)} and ${short(median(group('lstm+1').at('after')), 2)}; most is left in ${longest.name}, ${short(median(longest.at('after')), 2)}.`;
  const panel = (when: 'before' | 'after'): ReturnType<typeof lineChart> =>
    lineChart({
      heading: `${when === 'before' ? 'Before' : 'After'} training`,
      x: { label: 'steps back from the loss, T − t', from: 0 },
      y: { label: '‖∂L/∂state_t‖, share of the last', scale: 'log', from: LEAST },
      height: 400,
      lines: groups
        .filter(({ cell }) =>
          ['rnn', 'lstm', 'lstm+1', 'gru', 'min-gru', 'ind-rnn', 'antisymmetric-rnn'].includes(cell),
        )
        .map(({ name, runs }, i) => ({
          label: name,
          ink: seriesInk(i),
          points: spreadOf(
            runs.map(({ outcome }) => ({ at: outcome[when].map((_, d) => d), values: outcome[when] })),
          ).middle.filter(([, y]) => y >= LEAST),
        })),
    });
  return {
    findings: [sentence],
    claims,
    figures: [
      {
        name: 'memory-flow',
        title: 'How much of the gradient is left, by distance and cell',
        caption: `${sentence} Medians of ${seeds}, PyTorch’s first weights; the whole state counts, of an LSTM h and c.`,
        panels: [panel('before'), panel('after')],
      },
    ],
    tables: [
      {
        title: `Share of the gradient left at distance ${distance}`,
        head: ['cell', 'before training', 'after training'],
        rows: groups.map((each) => [
          each.name,
          medianRange(each.at('before')),
          medianRange(each.at('after')),
        ]),
        caption: `Medians, with the least and the greatest of ${seeds}.`,
      },
    ],
  };
}
