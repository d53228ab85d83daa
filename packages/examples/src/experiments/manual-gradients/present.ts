import { count, list, medianRange, short } from '../../common/format.ts';
import { groupBy } from '../../common/groups.ts';
import { linearFit, median } from '../../common/statistics.ts';
import type { Experiment, Presentation, Table } from '../common/experiment.ts';
import { lengthFigure, stepFigure, thumbnail } from './figures.ts';
import { type Config, type Outcome, study } from './run.ts';
import { byCell, DTYPES, type Dtype, ROUNDING, type Run, type Runs, worstParameter } from './runs.ts';

export const manualGradients: Experiment<Config, Outcome> = { ...study, present };

/** Gradients agree if they differ by fewer roundings. */
const SMALL = 200;

export function present(all: readonly Run[]): Presentation {
  const longest = Math.max(...all.map(({ config }) => config.steps));
  const seeds = count(new Set(all.map(({ config }) => config.seed)).size, 'seed');
  const runs: Runs = { all, longest, seeds };
  return {
    headline: headline(runs),
    thumbnail: thumbnail(runs),
    findings: [
      ...DTYPES.map((dtype) => worstSentence(runs, dtype)),
      ...DTYPES.flatMap((dtype) => byCell(runs, dtype).map((each) => growthSentence(each, dtype))),
      ...DTYPES.map((dtype) => stepSentence(runs, dtype)),
    ],
    method: [
      'Error of a parameter: the largest |manual − autograd|, relative to the largest gradient of the parameter.',
      'Error of ∂L/∂h_t: ‖manual − autograd‖ / ‖manual‖.',
      `Agreement: fewer than ${SMALL} roundings, of which one is ${short(ROUNDING.float64, 2)} in float64 and ${short(ROUNDING.float32, 2)} in float32.`,
      'Growth: a power of T, fitted to the worst parameter of each seed.',
    ],
    figures: [lengthFigure(runs), stepFigure(runs)],
    tables: [parameterTable(runs), growthTable(runs)],
  };
}

/** The largest error of any parameter in any run. */
function worstOf({ all }: Runs, dtype: Dtype): number {
  return all
    .filter(({ config }) => config.dtype === dtype)
    .reduce((most, run) => Math.max(most, worstParameter(run)), 0);
}

function headline(runs: Runs): string {
  const agree = DTYPES.every((dtype) => worstOf(runs, dtype) < SMALL * ROUNDING[dtype]);
  const worst = DTYPES.map(
    (dtype) => `${short(worstOf(runs, dtype) / ROUNDING[dtype], 1)} roundings in ${dtype}`,
  );
  return `Handwritten gradients and autograd ${agree ? 'agree' : 'do not agree'}: they differ by at most ${list(worst)}.`;
}

function worstSentence(runs: Runs, dtype: Dtype): string {
  const worst = worstOf(runs, dtype);
  return `In ${dtype} the largest relative error of any parameter is ${short(worst, 2)}, or ${short(worst / ROUNDING[dtype], 2)} roundings.`;
}

function growthSentence([cell, runs]: readonly [string, Run[]], dtype: Dtype): string {
  return `In ${dtype} the error of ${cell} grows as T to the power ${medianRange(growthOf(runs).exponents)}.`;
}

function stepSentence({ all, longest }: Runs, dtype: Dtype): string {
  const runs = all.filter(({ config }) => config.dtype === dtype && config.steps === longest);
  const at = (t: number): string => short(median(runs.map(({ outcome }) => outcome.steps.at(t)!)), 2);
  return `In ${dtype} the error of ∂L/∂h_t goes from ${at(-1)} at step ${longest} to ${at(0)} at the first.`;
}

function parameterTable({ all, longest }: Runs): Table {
  const runs = all.filter(({ config }) => config.steps === longest);
  const worst = (cell: string, name: string, dtype: Dtype): number =>
    runs
      .filter(({ config }) => config.cell === cell && config.dtype === dtype)
      .reduce((most, { outcome }) => Math.max(most, outcome.parameters[name]!), 0);
  return {
    title: `Largest relative error by parameter, T = ${longest}`,
    head: ['cell', 'parameter', ...DTYPES],
    rows: groupBy(runs, ({ config }) => config.cell).flatMap(([cell, each]) =>
      Object.keys(each[0]!.outcome.parameters).map((name) => [
        cell.toUpperCase(),
        name,
        ...DTYPES.map((dtype) => short(worst(cell, name, dtype), 2)),
      ]),
    ),
    caption: 'The largest of all seeds.',
  };
}

function growthTable(runs: Runs): Table {
  const growths = DTYPES.map((dtype) => byCell(runs, dtype).map(([, each]) => growthOf(each)));
  return {
    title: 'Growth of the error with T, as a power of T',
    head: ['cell', ...DTYPES.flatMap((dtype) => [`exponent, ${dtype}`, 'R²'])],
    rows: byCell(runs, 'float64').map(([cell], i) => [
      cell,
      ...growths.flatMap((cells) => [medianRange(cells[i]!.exponents), medianRange(cells[i]!.r2s)]),
    ]),
    caption: `Median and range of ${runs.seeds}.`,
  };
}

/** The power of T with which the worst parameter's error grows, by seed, and the R² of the fit. */
function growthOf(runs: readonly Run[]): { readonly exponents: number[]; readonly r2s: number[] } {
  const fits = groupBy(runs, ({ config }) => String(config.seed)).map(([, each]) =>
    linearFit(each.map((run) => [Math.log(run.config.steps), Math.log(worstParameter(run))] as const)),
  );
  return { exponents: fits.map(({ slope }) => slope), r2s: fits.map(({ r2 }) => r2) };
}
