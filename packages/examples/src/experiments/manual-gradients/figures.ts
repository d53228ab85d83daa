/** Plots of the differences between handwritten gradients and autograd. */
import { short } from '../../common/format.ts';
import { groupBy } from '../../common/groups.ts';
import { median } from '../../common/statistics.ts';
import type { Figure } from '../../plots/figure.ts';
import { type Line, lineChart } from '../../plots/line-chart.ts';
import type { Panel } from '../../plots/panel.ts';
import { seriesInk } from '../../plots/theme.ts';
import { curveOf, spreadOf } from '../common/curve.ts';
import { THUMBNAIL } from '../common/experiment.ts';
import { byCell, DTYPES, type Dtype, ROUNDING, type Run, type Runs, worstParameter } from './runs.ts';

export const thumbnail = (runs: Runs): Panel =>
  lengthPanel(runs, 'float64', { ...THUMBNAIL, heading: 'Error by length, float64' });

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

export function lengthFigure(runs: Runs): Figure {
  return {
    name: 'manual-gradients-length',
    title: 'Error of the gradients, by the length of the window',
    caption: `The worst parameter of each run, median and range of ${runs.seeds}.`,
    panels: DTYPES.map((dtype) => lengthPanel(runs, dtype, { heading: dtype })),
  };
}

export function stepFigure(runs: Runs): Figure {
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

/** The worst parameter's error at each length, by seed. */
function byLength(runs: readonly Run[]): [steps: number, errors: number[]][] {
  return groupBy(runs, ({ config }) => String(config.steps)).map(([steps, each]) => [
    Number(steps),
    each.map(worstParameter),
  ]);
}

/** Means over stretches of steps: the errors of single steps fluctuate with rounding. */
function byStep(runs: readonly Run[]): [number, number][] {
  return spreadOf(runs.map(({ outcome }) => curveOf(outcome.steps, 25))).middle;
}
