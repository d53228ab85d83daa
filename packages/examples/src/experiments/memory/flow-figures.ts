/** Plots of gradient flow: how much of the gradient is left, by distance and cell. */
import { formatMedian, plain } from '../../common/format.ts';
import { dotChart } from '../../plots/dot-chart.ts';
import type { Figure } from '../../plots/figure.ts';
import { lineChart } from '../../plots/line-chart.ts';
import type { Panel } from '../../plots/panel.ts';
import { seriesInk } from '../../plots/theme.ts';
import { spreadOf } from '../common/curve.ts';
import { THUMBNAIL } from '../common/experiment.ts';
import { type Group, type Summary, WHENS, type When } from './flow-summary.ts';

/** Lowest share that plots show. */
const LEAST = 1e-12;

const headingOf = (when: When): string => `${when === 'before' ? 'Before' : 'After'} training`;

/** RNN, LSTM and GRU after training. */
export function thumbnail({ cells }: Summary): Panel {
  const shown = cells.filter(
    ({ cell, forgetBias }) => ['rnn', 'lstm', 'gru'].includes(cell) && forgetBias === 0,
  );
  return lineChart({
    ...THUMBNAIL,
    heading: 'Gradient left, after training',
    x: { label: 'steps back', from: 0 },
    y: { label: 'share of ‖∂L/∂state_T‖', scale: 'log', from: LEAST },
    lines: shown.map((group, i) => ({ label: group.name, ink: seriesInk(i), points: curve(group, 'after') })),
  });
}

/** The median over runs, by distance. */
function curve({ runs }: Group, when: When): [number, number][] {
  return spreadOf(
    runs.map(({ outcome }) => {
      const { shares } = outcome[when];
      return { at: shares.map((_, d) => d), values: shares };
    }),
  ).middle;
}

/** Every cell: a panel for each half of them, before and after training, on the same axes. */
export function cellsFigure({ cells, seeds }: Summary): Figure {
  const half = Math.ceil(cells.length / 2);
  const all = cells.flatMap((group) => WHENS.flatMap((when) => curve(group, when).map(([, share]) => share)));
  const to = Math.max(1, ...all);
  const panel = (groups: readonly Group[], when: When): Panel =>
    lineChart({
      heading: headingOf(when),
      x: { label: 'steps back from the loss, T − t', from: 0 },
      y: { label: '‖∂L/∂state_t‖, share of the last', scale: 'log', from: LEAST, to },
      height: 300,
      lines: groups.map((group, i) => ({ label: group.name, ink: seriesInk(i), points: curve(group, when) })),
    });
  return {
    name: 'memory-flow',
    title: 'Gradient left, by distance and cell',
    caption: `All ${cells.length} cells, in two rows with the same axes. Medians of ${seeds}, down to ${plain(LEAST)}.`,
    panels: [cells.slice(0, half), cells.slice(half)]
      .filter((groups) => groups.length > 0)
      .flatMap((groups) => WHENS.map((when) => panel(groups, when))),
  };
}

/** RNN and LSTM at one distance, by initial weights. */
export function weightsFigure({ compared, distance }: Summary): Figure {
  const groups = compared.flatMap(({ rnn, lstms }) => [rnn, ...lstms]);
  const shares = groups.flatMap(({ left }) => WHENS.flatMap((when) => left[when]));
  const from = 10 ** Math.floor(Math.log10(Math.max(Number.MIN_VALUE, Math.min(...shares))));
  const to = Math.max(1, ...shares);
  const panel = (when: When): Panel =>
    dotChart({
      heading: headingOf(when),
      x: { label: `share of ‖∂L/∂state_t‖ left at distance ${distance}`, scale: 'log', from, to },
      rowHeight: 28,
      rows: groups.map(({ cell, forgetBias, init, left }) => ({
        label: `${cell === 'rnn' ? 'RNN' : forgetBias === 0 ? 'LSTM' : 'LSTM, bias 1'}, ${init}`,
        ink: seriesInk(cell === 'rnn' ? 0 : 1 + forgetBias),
        values: left[when],
        text: formatMedian(left[when]),
      })),
    });
  return {
    name: 'memory-flow-weights',
    title: 'RNN and LSTM, by initial weights',
    caption: 'A dot is a run, the bar the median. Bias 1: with a forget bias of 1.',
    panels: WHENS.map(panel),
  };
}
