/** What `forecast` found: its table and its figure. */
import { printableLine } from '../cli/sanitize-terminal.ts';
import { short } from '../common/format.ts';
import { mean } from '../common/statistics.ts';
import { lineChart } from '../plots/line-chart.ts';
import { saveFigure } from '../plots/save-figure.ts';

/** Forecasts of held-out rows: each list has a number for each row. */
export interface Forecasts {
  readonly at: number[];
  readonly truth: number[];
  readonly rnn: number[];
  /** The 95 % interval. */
  readonly low: number[];
  readonly high: number[];
  readonly naive: number[];
  readonly seasonal: number[];
}

/** The part of the flags that results depend on. */
export interface ResultOptions {
  readonly horizon: number;
  readonly season: number;
  readonly plot: string;
}

/** Prints errors of all forecasts, and whether the network is worth its name. */
export function printResults(
  { truth, rnn, low, high, naive, seasonal }: Forecasts,
  { horizon, season }: ResultOptions,
): void {
  const errors = { naive, [`seasonal naive, ${season} rows before`]: seasonal, LSTM: rnn };
  console.log(`${truth.length} held-out rows, forecast ${horizon} at once${' '.repeat(8)}RMSE       MAE`);
  const rmses = Object.entries(errors).map(([label, values]) => {
    const off = values.map((value, i) => Math.abs(value - truth[i]!));
    const rmse = Math.sqrt(mean(off.map((x) => x * x)));
    console.log(`${label.padEnd(42)}${short(rmse, 4).padStart(9)} ${short(mean(off), 4).padStart(9)}`);
    return rmse;
  });
  const inside = truth.filter((value, i) => value >= low[i]! && value <= high[i]!).length / truth.length;
  console.log(`The 95 % interval of the LSTM has ${(100 * inside).toFixed(1)} % of the held-out rows.`);
  const best = Math.min(rmses[0]!, rmses[1]!);
  const ratio = rmses[2]! / best;
  console.log(
    ratio < 1
      ? `The LSTM wins: its RMSE is ${short(ratio)} of the better baseline's.`
      : `The LSTM loses: its RMSE is ${short(ratio)} times the better baseline's. Use the baseline.`,
  );
}

/** Draws the last forecasts as SVG and PNG. */
export function drawResults(
  name: string,
  { at, truth, rnn, low, high, seasonal }: Forecasts,
  { horizon, season, plot }: ResultOptions,
): void {
  const shown = Math.min(at.length, 4 * horizon);
  const points = (values: readonly number[]) =>
    at.slice(-shown).map((x, i) => [x, values.at(i - shown)!] as const);
  saveFigure(plot, {
    name: 'forecast',
    title: printableLine(`Forecasts of ${name}`),
    caption: `${horizon} rows at once. Band: 95 % interval of the LSTM.`,
    panels: [
      lineChart({
        heading: `The last ${shown} rows, held out`,
        x: { label: 'row' },
        y: { label: printableLine(name) },
        width: 960,
        height: 420,
        lines: [
          { label: `${season} rows before`, ink: 'gray', dashed: true, points: points(seasonal) },
          {
            label: 'LSTM',
            ink: 'blue',
            points: points(rnn),
            band: points(low).map(([x, a], i) => [x, a, points(high)[i]![1]] as const),
          },
          { label: 'truth', ink: 'red', points: points(truth) },
        ],
      }),
    ],
  });
}
