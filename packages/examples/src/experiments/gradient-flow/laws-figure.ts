/** Plot of how well laws describe the gradient at the first step, by the length of the sequence. */
import { dotChart } from '../../plots/dot-chart.ts';
import type { Figure } from '../../plots/figure.ts';
import { lineChart } from '../../plots/line-chart.ts';
import { plain } from '../../plots/scale.ts';
import { EXPONENTS, type Laws } from '../common/laws.ts';
import { median } from '../common/statistics.ts';
import type { Summary } from './summary.ts';

/** What each law leaves, and the exponent that lets the line bend. */
export function lawsFigure({ groups, described, seeds, sentences }: Summary): Figure {
  const some = groups
    .map(({ radius, ink, runs }) => ({ radius, ink, runs: runs.filter((run) => described.includes(run)) }))
    .filter(({ runs }) => runs.length > 0);
  const rest = (
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
    caption: `${sentences.laws} ${sentences.curvature} Left: 0.1 decades are a factor of 1.26; medians of ${seeds}, band: least to greatest. exp(−k·T^a) has one number more to fit, and the exponential among its cases. Right: a dot is a run that loses more than half of its gradient and that some law describes; a is looked for from ${EXPONENTS[0]} to ${EXPONENTS[1]}, and may be beyond in a run at either end.`,
    panels: [
      lineChart({
        heading: 'What a law leaves unsaid',
        x: { label: 'spectral radius of W_hh' },
        y: { label: 'root mean square, decades', scale: 'log' },
        width: 560,
        lines: [
          { label: 'power of T', ink: 'red', dots: true, ...rest('power') },
          { label: 'exponential', ink: 'blue', dots: true, ...rest('exponential') },
          { label: 'exp(−k·T^a)', ink: 'green', dots: true, ...rest('stretched') },
        ],
      }),
      dotChart({
        heading: 'Exponent a of exp(−k·T^a)',
        rowsLabel: 'radius',
        x: { label: 'a; below 1, decay slows down' },
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
