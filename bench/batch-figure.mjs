/**
 * Draws training speed against the batch size, from the newest whole results, as docs/speed.svg.
 * After a build:
 *
 *     node bench/batch-figure.mjs [--print]
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { adaptiveFigureFile } from '../packages/examples/dist/plots/figure.js';
import { lineChart } from '../packages/examples/dist/plots/line-chart.js';
import { seriesInk } from '../packages/examples/dist/plots/theme.js';

const results = new URL('./results/', import.meta.url);
const newest = readdirSync(results)
  .filter((name) => /\.json$/.test(name) && !/-(part|quick)\.json$/.test(name))
  .sort()
  .at(-1);
const { cases, contestants, machine } = JSON.parse(readFileSync(new URL(newest, results), 'utf8'));

const CELLS = {
  rnn: 'RNN',
  lstm: 'LSTM',
  gru: 'GRU',
  lnlstm: 'layer-norm LSTM, written by a user',
};
/** Lines: a name, and the contestants whose best variant counts. */
const LINES = {
  Chronograd: /^chronograd-node24-wide$/,
  'JAX, 1 thread': /^jax-1$/,
  'PyTorch, 1 thread': /^torch-1$/,
};

/** The batch sizes of a cell with the best median of each. */
function pointsOf(cell, pattern) {
  return cases
    .filter(({ case: spec }) => spec.kind === 'train' && spec.cell === cell && spec.H === 128 && spec.E === 0)
    .flatMap(({ case: { B }, rows }) => {
      const medians = rows.filter(({ contestant }) => pattern.test(contestant)).map(({ median }) => median);
      return medians.length === 0 ? [] : [[B, Math.max(...medians)]];
    })
    .sort(([a], [b]) => a - b);
}

const panels = Object.entries(CELLS).map(([cell, heading]) =>
  lineChart({
    heading,
    x: { label: 'batch size', scale: 'log', from: 1 },
    y: { label: 'characters per second', scale: 'log' },
    width: 400,
    height: 300,
    lines: Object.entries(LINES).flatMap(([label, pattern], i) => {
      const points = pointsOf(cell, pattern);
      return points.length === 0 ? [] : [{ label, points, ink: seriesInk(i), dots: true }];
    }),
  }),
);
const versions = contestants.filter(({ absent }) => absent === null).map(({ name }) => name);
const figure = adaptiveFigureFile({
  name: 'speed',
  title: 'Training speed against the batch size',
  caption: `Characters per second, H 128, T 30, V 65, one thread, ${machine.processor}. Measured: ${versions.join(', ')}.`,
  panels,
});
if (process.argv.includes('--print')) process.stdout.write(figure);
else writeFileSync(new URL('../docs/speed.svg', import.meta.url), figure);
