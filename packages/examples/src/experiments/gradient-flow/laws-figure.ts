import { plain } from '../../common/format.ts';
/** Plot of how well laws fit the gradient at the first step, by the length of the sequence. */

import { median } from '../../common/statistics.ts';
import { dotChart } from '../../plots/dot-chart.ts';
import type { Figure } from '../../plots/figure.ts';
import { lineChart } from '../../plots/line-chart.ts';
import { EXPONENTS, type Laws } from '../common/laws.ts';
import type { Summary } from './summary.ts';

/** Residuals of each law, and the exponent of the stretched exponential. */
export function lawsFigure({ groups, described, seeds }: Summary): Figure {
  const some = groups
    .map(({ radius, ink, runs }) => ({ radius, ink, runs: runs.filter((run) => described.includes(run)) }))
    .filter(({ runs }) => runs.length > 0);
  const residuals = (
    law: keyof Laws,
  ): { readonly points: [number, number][]; readonly band: [number, number, number][] } => {
    const all = groups.map(({ radius, runs }) => ({
      radius,
      decades: runs.map(({ outcome }) => Math.log10(outcome.laws[law].off)),
    }));
    return {
      points: all.map(({ radius, decades }) => [radius, median(decades)]),
      band: all.map(({ radius, decades }) => [radius, Math.min(...decades), Math.max(...decades)]),
    };
  };
  return {
    name: 'gradient-flow-laws',
    title: 'Which law ‖∂L/∂h_1‖ follows as T grows',
    caption: `Left: medians and ranges of ${seeds}; 0.1 decades are a factor of 1.26. Right: runs that vanish, searched from ${EXPONENTS[0]} to ${EXPONENTS[1]}.`,
    panels: [
      lineChart({
        heading: 'Residuals of each law',
        x: { label: 'spectral radius of W_hh' },
        y: { label: 'root mean square, decades', scale: 'log' },
        width: 560,
        lines: [
          { label: 'power of T', ink: 'red', dots: true, ...residuals('power') },
          { label: 'exponential', ink: 'blue', dots: true, ...residuals('exponential') },
          { label: 'exp(−k·T^a)', ink: 'green', dots: true, ...residuals('stretched') },
        ],
      }),
      dotChart({
        heading: 'Exponent a of exp(−k·T^a)',
        rowsLabel: 'radius',
        x: { label: 'a (decay slows down below 1)' },
        level: { x: 1, label: 'exponential' },
        width: 384,
        rowHeight: 44,
        rows: some.map(({ radius, runs, ink }) => ({
          label: plain(radius),
          ink,
          values: runs.map(({ outcome }) => outcome.laws.stretched.exponent),
        })),
      }),
    ],
  };
}
