import { count, list, medianRange, short } from '../../common/format.ts';
import { groupBy } from '../../common/groups.ts';
import { linearFit, median } from '../../common/statistics.ts';
import type { Figure } from '../../plots/figure.ts';
import { type Line, lineChart } from '../../plots/line-chart.ts';
import type { Panel } from '../../plots/panel.ts';
import { seriesInk } from '../../plots/theme.ts';
import { curveOf, spreadOf } from '../common/curve.ts';
import {
  type DonePart,
  type Experiment,
  type Presentation,
  type Table,
  THUMBNAIL,
} from '../common/experiment.ts';
import { type Config, type Outcome, study } from './run.ts';

export const manualGradients: Experiment<Config, Outcome> = { ...study, present };

type Run = DonePart<Config, Outcome>;

const DTYPES = ['float64', 'float32'] as const;
type Dtype = (typeof DTYPES)[number];

/** Unit roundoff: half the distance from 1 to the next number. */
const ROUNDING = { float64: 2 ** -53, float32: 2 ** -24 } as const;

/** Gradients agree if they differ by fewer roundings. */
const SMALL = 200;

/** All runs, and the longest window. */
interface Runs {
  readonly all: readonly Run[];
  readonly longest: number;
  readonly seeds: string;
}

export function present(all: readonly Run[]): Presentation {
  const longest = Math.max(...all.map(({ config }) => config.steps));
  const seeds = count(new Set(all.map(({ config }) => config.seed)).size, 'seed');
  const runs: Runs = { all, longest, seeds };
  return {
    headline: headline(runs),
    thumbnail: lengthPanel(runs, 'float64', { ...THUMBNAIL, heading: 'Error by length, float64' }),
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

function byCell({ all }: Runs, dtype: Dtype): [cell: string, runs: Run[]][] {
  const runs = all.filter(({ config }) => config.dtype === dtype);
  return groupBy(runs, ({ config }) => config.cell.toUpperCase());
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

function lengthPanel(
  runs: Runs,
  dtype: Dtype,
  options: { readonly heading: string; readonly width?: number; readonly height?: number },
): Panel {
  return lineChart({
    x: { label: 'T, steps in the window', scale: 'log' },
    y: { label: 'largest relative error of a parameter', scale: 'log' },
    lines: byCell(runs, dtype).map(([cell, each], i): Line => {
      const lengths = byLength(each);
      return {
        label: cell,
        ink: seriesInk(i),
        dots: true,
        points: lengths.map(([steps, errors]) => [steps, median(errors)]),
        band: lengths.map(([steps, errors]) => [steps, Math.min(...errors), Math.max(...errors)]),
      };
    }),
    levels: [{ y: ROUNDING[dtype], label: 'one rounding' }],
    ...options,
  });
}

function lengthFigure(runs: Runs): Figure {
  return {
    name: 'manual-gradients-length',
    title: 'Error of the gradients, by the length of the window',
    caption: `The worst parameter of each run, median and range of ${runs.seeds}.`,
    panels: DTYPES.map((dtype) => lengthPanel(runs, dtype, { heading: dtype })),
  };
}

function stepFigure(runs: Runs): Figure {
  const { longest } = runs;
  return {
    name: 'manual-gradients-steps',
    title: `Error of ∂L/∂h_t, step by step, at T = ${longest}`,
    caption: `Means over ${short(longest / 25)} steps each, medians of ${runs.seeds}.`,
    panels: DTYPES.map((dtype) =>
      lineChart({
        heading: dtype,
        x: { label: 'time step t', from: 0 },
        y: { label: 'relative error', scale: 'log' },
        lines: byCell(runs, dtype).map(([cell, each], i) => ({
          label: cell,
          ink: seriesInk(i),
          points: byStep(each.filter(({ config }) => config.steps === longest)),
        })),
        levels: [{ y: ROUNDING[dtype], label: 'one rounding' }],
      }),
    ),
  };
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

/** The worst parameter's error at each length, by seed. */
function byLength(runs: readonly Run[]): [steps: number, errors: number[]][] {
  return groupBy(runs, ({ config }) => String(config.steps)).map(([steps, each]) => [
    Number(steps),
    each.map(worstParameter),
  ]);
}

/** The power of T with which the worst parameter's error grows, by seed, and the R² of the fit. */
function growthOf(runs: readonly Run[]): { readonly exponents: number[]; readonly r2s: number[] } {
  const fits = groupBy(runs, ({ config }) => String(config.seed)).map(([, each]) =>
    linearFit(each.map((run) => [Math.log(run.config.steps), Math.log(worstParameter(run))] as const)),
  );
  return { exponents: fits.map(({ slope }) => slope), r2s: fits.map(({ r2 }) => r2) };
}

function worstParameter({ outcome }: Run): number {
  return Math.max(...Object.values(outcome.parameters));
}

/** Means over stretches of steps: the errors of single steps fluctuate with rounding. */
function byStep(runs: readonly Run[]): [number, number][] {
  return spreadOf(runs.map(({ outcome }) => curveOf(outcome.steps, 25))).middle;
}
