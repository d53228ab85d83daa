/** What is shown: handwritten backpropagation through time, and the tape. */
import { type LineChart, lineChart } from '../../plots/line-chart.ts';
import { seriesInk } from '../../plots/theme.ts';
import { curveOf, spreadOf } from '../common/curve.ts';
import type { DonePart, Presentation } from '../common/experiment.ts';
import { groupBy } from '../common/groups.ts';
import { linearFit, median } from '../common/statistics.ts';
import { count, list, medianRange, short } from '../common/words.ts';
import type { Config, Outcome } from '../manual-gradients.ts';

type Run = DonePart<Config, Outcome>;

/** Half the distance from 1 to the next number: the error of one rounding. */
const ROUNDING = { float64: 2 ** -53, float32: 2 ** -24 } as const;

/** So many roundings are called agreement. */
const SMALL = 200;

/** Figures, tables and sentences, computed from the outcomes. */
export function present(parts: readonly DonePart<Config, Outcome>[]): Presentation {
  const dtypes = ['float64', 'float32'] as const;
  const of = (dtype: string): [cell: string, runs: Run[]][] =>
    groupBy(
      parts.filter(({ config }) => config.dtype === dtype),
      ({ config }) => config.cell,
    );
  const worst = (runs: readonly Run[]): number =>
    runs.reduce((most, run) => Math.max(most, worstParameter(run)), 0);
  const all = dtypes.map((dtype) => ({ dtype, worst: worst(of(dtype).flatMap(([, runs]) => runs)) }));
  const growths = dtypes.map((dtype) => ({
    dtype,
    cells: of(dtype).map(([cell, runs]) => ({ cell, ...growthOf(runs) })),
  }));
  const growth = growths.map(
    ({ dtype, cells }) =>
      `${dtype} T^${list(cells.map(({ cell, exponents }) => `${medianRange(exponents)} (${cell.toUpperCase()})`))}`,
  );
  const lengths = [...new Set(parts.map(({ config }) => config.steps))];
  const longest = lengths.at(-1)!;
  const agree = all.every((each) => each.worst < SMALL * ROUNDING[each.dtype]);
  const agreeSentence = `Manual and autograd ${agree ? 'agree' : 'do not agree'}: over ${count(parts.length, 'run')} of RNN, LSTM and GRU the largest relative error of any parameter is ${all.map((each) => `${short(each.worst, 2)} in ${each.dtype} (${short(each.worst / ROUNDING[each.dtype], 2)} roundings)`).join(', and ')}.`;
  const growthSentence = `With the length of the window the error goes as ${growth.join('; ')}: exponents fitted to each seed, medians and ranges.`;
  const early = dtypes.map((dtype) => {
    const runs = of(dtype).flatMap(([, each]) => each.filter(({ config }) => config.steps === longest));
    const at = (t: number): number => median(runs.map(({ outcome }) => outcome.steps.at(t)!));
    return `${dtype} from ${short(at(-1), 2)} at the last step to ${short(at(0), 2)} at the first`;
  });
  const stepSentence = `On its way back through ${longest} steps the error of ∂L/∂h_t goes in ${list(early)}.`;
  const chart = (
    dtype: (typeof dtypes)[number],
    rest: Pick<LineChart, 'heading' | 'x' | 'y' | 'lines'>,
  ): LineChart => ({
    ...rest,
    levels: [{ y: ROUNDING[dtype], label: 'one rounding' }],
  });
  const seeds = count(new Set(parts.map(({ config }) => config.seed)).size, 'seed');
  return {
    findings: [agreeSentence, growthSentence, stepSentence],
    figures: [
      {
        name: 'manual-gradients-length',
        title: 'Error of the gradients, by the length of the window',
        caption: `${growthSentence} The worst parameter of each run, median of ${seeds}; band: least to greatest.`,
        panels: dtypes.map((dtype) =>
          lineChart(
            chart(dtype, {
              heading: dtype,
              x: { label: 'T, steps in the window', scale: 'log' },
              y: { label: 'largest relative error of a parameter', scale: 'log' },
              lines: of(dtype).map(([cell, runs], i) => ({
                label: cell.toUpperCase(),
                ink: seriesInk(i),
                dots: true,
                points: byLength(runs).map(([steps, errors]) => [steps, median(errors)]),
                band: byLength(runs).map(([steps, errors]) => [
                  steps,
                  Math.min(...errors),
                  Math.max(...errors),
                ]),
              })),
            }),
          ),
        ),
      },
      {
        name: 'manual-gradients-steps',
        title: `Error of ∂L/∂h_t, step by step, at T = ${longest}`,
        caption: `${stepSentence} ‖manual − autograd‖ / ‖manual‖: means over ${short(longest / 25)} steps each, medians over seeds.`,
        panels: dtypes.map((dtype) =>
          lineChart(
            chart(dtype, {
              heading: dtype,
              x: { label: 'time step t', from: 0 },
              y: { label: 'relative error', scale: 'log' },
              lines: of(dtype).map(([cell, runs], i) => ({
                label: cell.toUpperCase(),
                ink: seriesInk(i),
                points: byStep(runs.filter(({ config }) => config.steps === longest)),
              })),
            }),
          ),
        ),
      },
    ],
    tables: [
      {
        title: `Largest relative error by parameter, T = ${longest}`,
        head: ['cell', 'parameter', ...dtypes],
        rows: of('float64').flatMap(([cell, runs]) =>
          Object.keys(runs[0]!.outcome.parameters).map((name) => [
            cell.toUpperCase(),
            name,
            ...dtypes.map((dtype) => short(worstOf(of(dtype), cell, longest, name), 2)),
          ]),
        ),
        caption: 'The largest of all seeds, relative to the largest gradient of the parameter.',
      },
      {
        title: 'Growth of the error with T, as a power of it',
        head: ['cell', ...dtypes.flatMap((dtype) => [`exponent, ${dtype}`, 'R²'])],
        rows: growths[0]!.cells.map(({ cell }, i) => [
          cell.toUpperCase(),
          ...growths.flatMap(({ cells }) => [
            medianRange(cells[i]!.exponents, 3),
            medianRange(cells[i]!.r2s, 3),
          ]),
        ]),
        caption: `A line through the logarithms of the worst parameter's error and of T, for each seed: medians, with the least and the greatest of ${seeds}.`,
      },
    ],
  };
}

/** The worst parameter's error at each length, for each seed. */
function byLength(runs: readonly Run[]): [steps: number, errors: number[]][] {
  return groupBy(runs, ({ config }) => String(config.steps)).map(([steps, each]) => [
    Number(steps),
    each.map(worstParameter),
  ]);
}

/** The power of T by which the worst parameter's error grows, for each seed, and how well a power fits. */
function growthOf(runs: readonly Run[]): { readonly exponents: number[]; readonly r2s: number[] } {
  const fits = groupBy(runs, ({ config }) => String(config.seed)).map(([, each]) =>
    linearFit(each.map((run) => [Math.log(run.config.steps), Math.log(worstParameter(run))] as const)),
  );
  return { exponents: fits.map(({ slope }) => slope), r2s: fits.map(({ r2 }) => r2) };
}

function worstParameter({ outcome }: Run): number {
  return Math.max(...Object.values(outcome.parameters));
}

/** Means over some steps each, as single steps go up and down with the rounding. */
function byStep(runs: readonly Run[]): [number, number][] {
  return spreadOf(runs.map(({ outcome }) => curveOf(outcome.steps, 25))).middle;
}

function worstOf(groups: readonly [string, Run[]][], cell: string, steps: number, parameter: string): number {
  const runs = groups.find(([name]) => name === cell)![1].filter(({ config }) => config.steps === steps);
  return runs.reduce((most, { outcome }) => Math.max(most, outcome.parameters[parameter]!), 0);
}
