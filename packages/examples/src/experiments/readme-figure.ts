/** The figure of the README: how fast a gradient fades with distance in time, by cell. */
import { adaptiveFigureFile } from '../plots/figure.ts';
import { type Line, lineChart } from '../plots/line-chart.ts';
import { seriesInk } from '../plots/theme.ts';
import { spreadOf } from './common/curve.ts';
import { cellFlow, type FlowConfig } from './memory/flow.ts';

const CELLS = ['rnn', 'lstm', 'gru'] as const;
const SEEDS = [1, 2, 3];
/** As in the quick run of the report. */
const CONFIG: Omit<FlowConfig, 'cell' | 'seed'> = {
  forgetBias: 0,
  reach: 51,
  stretches: 4,
  corpus: 'moby-dick',
  characters: 500_000,
  holdOut: 0.1,
  hidden: 64,
  steps: 25,
  batch: 8,
  optimizer: 'adagrad',
  lr: 0.05,
  clip: { by: 'norm', at: 1 },
  init: 'pytorch',
  iterations: 300,
};

/**
 * Trains the cells (some ten seconds) and draws what is left of the gradient at each distance, as
 * SVG.
 */
export async function readmeFigure(): Promise<string> {
  const lines: Line[] = [];
  for (const [i, cell] of CELLS.entries()) {
    const runs: (readonly number[])[] = [];
    for (const seed of SEEDS) runs.push((await cellFlow({ ...CONFIG, cell, seed })).after.shares);
    const { middle } = spreadOf(runs.map((values) => ({ at: values.map((_, d) => d), values })));
    lines.push({ label: cell.toUpperCase(), ink: seriesInk(i), points: middle });
  }
  const chart = lineChart({
    heading: `‖∂L/∂state‖ as a share of the last step’s`,
    x: { label: 'steps back from the loss', from: 0 },
    y: { label: 'median of 3 seeds, after 300 training steps', scale: 'log', to: 1 },
    width: 640,
    height: 320,
    lines,
  });
  return adaptiveFigureFile({
    name: 'gradient-flow',
    title: 'How far back gradients reach: RNN, LSTM and GRU',
    caption: `Gradient norm by distance in time, ${CONFIG.hidden} hidden units, trained on Moby Dick.`,
    panels: [chart],
  });
}
