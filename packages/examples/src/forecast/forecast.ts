/** `forecast`: trains an RNN on a series, and compares its forecasts with two baselines. */
import { Adam, gaussianNLL, Linear, LSTMCell, Module, Recurrent, stream } from '@chronograd/nn';
import { DataLoader, StandardScaler, splitByTime, windows } from '@chronograd/nn/data';
import { fit } from '@chronograd/nn/training';
import { normal, Random, scope, type Tensor } from '@chronograd/tensor';
import { useWideKernels } from '@chronograd/tensor/node';
import { count, parse, path, program } from '../cli/command-line.ts';
import { UsageError } from '../cli/errors.ts';
import { runCommand } from '../cli/run-command.ts';
import { printableLine } from '../cli/sanitize-terminal.ts';
import { grouped } from '../common/format.ts';
import { mean } from '../common/statistics.ts';
import { drawResults, type Forecasts, printResults } from './results.ts';
import { readSeries } from './series.ts';

/** Sampled futures: their quantiles are the interval. */
const PATHS = 200;
const BATCH = 32;

interface Flags {
  readonly column?: string;
  readonly season: number;
  readonly horizon: number;
  readonly test: number;
  readonly steps: number;
  readonly hidden: number;
  readonly updates: number;
  readonly seed: number;
  readonly plot: string;
}

/** An LSTM that predicts mean and log variance of the next value. */
class Forecaster extends Module {
  readonly recurrent: Recurrent<LSTMCell>;
  readonly decoder: Linear;
  constructor(hidden: number, random: Random) {
    super();
    this.recurrent = new Recurrent(new LSTMCell(1, hidden, { random, forgetBias: 1 }));
    this.decoder = new Linear(hidden, 2, { random });
  }
  head(h: Tensor) {
    const [predicted, logVariance] = this.decoder.forward(h).chunk(2, -1);
    return { predicted: predicted!, logVariance: logVariance! };
  }
}

/** Samples futures after a past, each fed with what it drew itself: [horizon][PATHS]. */
function sampler(model: Forecaster, horizon: number, random: Random) {
  const live = stream(model.recurrent, { batch: PATHS });
  return (past: readonly number[]): number[][] =>
    scope(() => {
      live.reset();
      let h = live.push(new Float32Array(PATHS).fill(past[0]!));
      for (const value of past.slice(1)) h = live.push(new Float32Array(PATHS).fill(value));
      return Array.from({ length: horizon }, () => {
        const { predicted, logVariance } = model.head(h);
        const noise = normal([PATHS, 1], { random });
        const drawn = predicted.add(logVariance.mul(0.5).exp().mul(noise));
        h = live.push(drawn);
        return [...drawn.toTypedArray()];
      });
    });
}

async function forecast(file: string | null, flags: Flags): Promise<void> {
  const began = performance.now();
  const { season, horizon, test, steps, hidden, updates, seed } = flags;
  const { name, values } = readSeries(file, flags.column);
  const least = test + 10 * (steps + 1);
  if (values.length < least || test < horizon || season > steps)
    throw new UsageError(
      `expected at least ${least} rows, --test from ${horizon} on and --season up to ${steps}, got ${values.length} rows, ${test} and ${season}; lower --test, --steps or --horizon`,
    );
  useWideKernels();
  const random = new Random(seed);
  const { training, validation } = splitByTime(values, { test, validation: 0.1, context: steps });
  const scaler = StandardScaler.fit(training);
  const model = new Forecaster(hidden, random);
  const cut = (series: readonly number[], stride: number) =>
    windows(scaler.transform(series), { steps, stride, targets: 'shifted' });
  const run = fit({
    model,
    optimizer: new Adam(model, { lr: 0.005 }),
    batches: new DataLoader(cut(training, 1), { batch: BATCH, random, dropLast: true }),
    loss: (x, y) => {
      const { predicted, logVariance } = model.head(model.recurrent.forward(x).outputs);
      return gaussianNLL(predicted, y, { logVariance });
    },
    steps: updates,
    clip: { norm: 1 },
    validation: {
      every: 100,
      patience: 4,
      batches: [...new DataLoader(cut(validation, steps), { batch: 999 }).pass()],
    },
  });
  console.log(
    `${printableLine(name)}: ${grouped(values.length)} rows, the last ${test} held out; ${model.parameterCount} parameters`,
  );
  for await (const event of run) {
    if (event.type === 'validation')
      console.log(`update ${event.step}: validation loss ${event.loss.toFixed(3)}`);
    if (event.type === 'done')
      console.log(
        `weights of update ${event.bestStep}; ${event.reason === 'patience' ? 'no better one followed' : 'all updates done'}`,
      );
  }
  const futures = sampler(model, horizon, random);
  const table = compare(values, flags, (past) =>
    futures(scaler.transform(past)).map((row) => scaler.inverseTransform(row)),
  );
  printResults(table, flags);
  drawResults(name, table, flags);
  console.log(`${((performance.now() - began) / 1000).toFixed(0)} s`);
}

/** Forecasts of the held-out end, `horizon` rows from each origin, with everything before known. */
function compare(
  values: readonly number[],
  { test, season, horizon, steps }: Flags,
  sample: (past: readonly number[]) => number[][],
) {
  const rows: Forecasts = { at: [], truth: [], rnn: [], low: [], high: [], naive: [], seasonal: [] };
  for (let origin = values.length - test; origin + horizon <= values.length; origin += horizon) {
    sample(values.slice(origin - 2 * steps, origin)).forEach((row, t) => {
      const sorted = row.toSorted((a, b) => a - b);
      const at = (share: number) => sorted[Math.round(share * (PATHS - 1))]!;
      const now = [
        origin + t,
        values[origin + t]!,
        mean(row),
        at(0.025),
        at(0.975),
        values[origin - 1]!,
        values[origin - season + (t % season)]!,
      ];
      Object.values(rows).forEach((column, k) => {
        column.push(now[k]!);
      });
    });
  }
  return rows;
}

await runCommand(async () => {
  const command = program('forecast', 'Forecast a series of numbers, and compare with two baselines.')
    .argument('[file]', 'a CSV file with a header line. Default: births a day in the United States')
    .option('--column <name>', 'the column to forecast. Default: the last', path('--column'))
    .option('--season <rows>', 'rows of a season, for the baseline', count('--season'), 7)
    .option('--horizon <rows>', 'rows to forecast at once', count('--horizon'), 28)
    .option('--test <rows>', 'rows held out at the end', count('--test'), 364)
    .option('--steps <rows>', 'rows that the network reads before', count('--steps'), 56)
    .option('--hidden <units>', 'units of the LSTM', count('--hidden'), 32)
    .option('--updates <number>', 'training updates at most', count('--updates'), 1500)
    .option('--seed <number>', 'seed of weights, batches and sampled futures', count('--seed'), 1)
    .option('--plot <path>', 'the figure, as .svg and .png', path('--plot'), 'models/forecast')
    .allowExcessArguments(false);
  if (parse(command, process.argv.slice(2))) await forecast(command.args[0] ?? null, command.opts<Flags>());
});
