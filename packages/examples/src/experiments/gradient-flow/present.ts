import { dotChart } from '../../plots/dot-chart.ts';
import { lineChart } from '../../plots/line-chart.ts';
import { plain } from '../../plots/scale.ts';
import { seriesInk } from '../../plots/theme.ts';
import { spreadOf } from '../common/curve.ts';
import type { DonePart, Presentation } from '../common/experiment.ts';
import { remaining } from '../common/flow.ts';
import { groupBy } from '../common/groups.ts';
import { median } from '../common/statistics.ts';
import { count, list, medianRange, short } from '../common/words.ts';
import type { Config, Outcome } from '../gradient-flow.ts';

/** Figures, tables and sentences, computed from the outcomes. */
export function present(parts: readonly DonePart<Config, Outcome>[]): Presentation {
  const groups = groupBy(parts, ({ config }) => String(config.radius)).map(([, runs], i) => ({
    radius: runs[0]!.config.radius,
    runs,
    rates: runs.map(({ outcome }) => outcome.rate),
    ink: seriesInk(i),
  }));
  const { lengths } = parts[0]!.config;
  const seeds = count(groups[0]!.runs.length, 'seed');
  const usual = groups.reduce((a, b) => (Math.abs(b.radius - 0.9) < Math.abs(a.radius - 0.9) ? b : a));
  const vanishing = groups.filter(({ runs }) => acrossOf(runs) < 0.5);
  const exploding = groups.filter(({ runs }) => acrossOf(runs) > 2);
  const distance = lengths.at(-1)! - 1;
  const regimeSentence =
    `A step back multiplies the gradient by ${groups.map(({ radius, rates }) => `${short(median(rates), 3)} at radius ${plain(radius)}`).join(', ')}. ` +
    `It vanishes for ${radiiOf(vanishing)} and grows for ${radiiOf(exploding)}: over ${distance} steps by a factor of ${short(acrossOf(groups[0]!.runs), 2)} at radius ${plain(groups[0]!.radius)}, and of ${short(acrossOf(groups.at(-1)!.runs), 2)} at ${plain(groups.at(-1)!.radius)}.`;
  const above = parts.filter(({ outcome }) => outcome.rate > outcome.bound).length;
  const nearer = parts.filter(
    ({ config, outcome }) => Math.abs(config.radius - outcome.rate) < Math.abs(outcome.bound - outcome.rate),
  ).length;
  const boundSentence =
    `The bound σ_max(W_hh)·max(1 − h²) holds in ${parts.length - above} of ${count(parts.length, 'run')}: at radius ${plain(usual.radius)} it allows ${medianRange(usual.runs.map(({ outcome }) => outcome.bound))} a step where ${medianRange(usual.rates)} was measured. ` +
    `The spectral radius itself is nearer to what was measured in ${nearer} of ${parts.length}.`;
  const fits = parts.map(({ outcome }) => outcome.lengthR2);
  const good = fits.filter((r2) => r2 >= GOOD_FIT).length;
  const fading = vanishing.flatMap(({ runs }) => runs);
  const fadingFits = fading.map(({ outcome }) => outcome.lengthR2);
  const lengthSentence = `At radius ${plain(usual.radius)} the gradient at the first step falls with T as ${medianRange(usual.runs.map(({ outcome }) => outcome.lengthRate))}^T, with R² ${medianRange(
    usual.runs.map(({ outcome }) => outcome.lengthR2),
    3,
  )}. One factor for all T describes ${good} of ${count(parts.length, 'run')} with R² ≥ ${GOOD_FIT}.`;
  return {
    findings: [regimeSentence, boundSentence, lengthSentence],
    claims: [
      {
        claim: 'Where gradients vanish, they do so exponentially with the length of the sequence',
        held: fadingFits.filter((r2) => r2 >= GOOD_FIT).length,
        of: fadingFits.length,
        evidence: `R² of log ‖∂L/∂h_1‖ against T, held from ${GOOD_FIT} on: ${vanishing
          .map(
            ({ radius, runs }) =>
              `${medianRange(
                runs.map(({ outcome }) => outcome.lengthR2),
                3,
              )} at radius ${plain(radius)}`,
          )
          .join('; ')}; ${seeds}`,
      },
    ],
    figures: [
      {
        name: 'gradient-flow-regimes',
        title: 'Vanishing and exploding gradients, by spectral radius of W_hh',
        caption: `${regimeSentence} Medians of ${seeds}; what falls below ${plain(LEAST)} is not shown.`,
        panels: [
          lineChart({
            heading: '‖∂L/∂h_t‖ as a share of ‖∂L/∂h_T‖',
            x: { label: 'steps back from the loss, T − t', from: 0 },
            y: { label: 'share', scale: 'log', from: LEAST },
            lines: groups.map(({ radius, runs, ink }) => ({
              label: `radius ${plain(radius)}`,
              ink,
              points: visible(curves(runs.map(({ outcome }) => remaining(outcome.norms.at(-1)!)))),
            })),
          }),
          lineChart({
            heading: '‖∂h_T/∂h_t‖, largest singular value',
            x: { label: 'steps back, T − t', from: 0 },
            y: { label: 'norm', scale: 'log', from: LEAST },
            lines: groups.map(({ radius, runs, ink }) => ({
              label: `radius ${plain(radius)}`,
              ink,
              points: visible(curves(runs.map(({ outcome }) => remaining(outcome.jacobians)))),
            })),
          }),
        ],
      },
      {
        name: 'gradient-flow-lengths',
        title: `Sequences of different length, at radius ${plain(usual.radius)}`,
        caption: `${lengthSentence} Left: medians of ${seeds}. Right: a dot is a run.`,
        panels: [
          lineChart({
            heading: '‖∂L/∂h_t‖ through time',
            x: { label: 'time step t', from: 0 },
            y: { label: 'norm; each line is named by its T', scale: 'log' },
            named: 'above',
            lines: lengths.map((steps, i) => ({
              label: String(steps),
              ink: seriesInk(i),
              points: spreadOf(
                usual.runs.map(({ outcome }) => ({
                  at: outcome.norms[i]!.map((_, t) => t + 1),
                  values: outcome.norms[i]!,
                })),
              ).middle,
            })),
          }),
          lineChart({
            heading: '‖∂L/∂h_1‖ against the length T',
            x: { label: 'T', from: 0 },
            y: { label: 'norm', scale: 'log' },
            lines: [
              ...usual.runs.map(({ outcome }) => ({
                label: '',
                ink: 'blue' as const,
                noLine: true,
                faint: true,
                points: lengths.map((steps, i): [number, number] => [steps, outcome.norms[i]![0]!]),
              })),
              {
                label: 'median',
                ink: 'blue' as const,
                points: lengths.map((steps, i): [number, number] => [
                  steps,
                  median(usual.runs.map(({ outcome }) => outcome.norms[i]![0]!)),
                ]),
              },
            ],
          }),
        ],
      },
      {
        name: 'gradient-flow-bound',
        title: 'The factor of one step: measured, and what theory allows',
        caption: `${boundSentence} Lines: medians of ${seeds}; band: least to greatest.`,
        panels: [
          lineChart({
            heading: 'Factor by which a step back changes the gradient',
            x: { label: 'spectral radius of W_hh' },
            y: { label: 'factor' },
            width: 560,
            levels: [{ y: 1, label: 'kept as it is' }],
            lines: [
              {
                label: 'measured',
                ink: 'blue',
                dots: true,
                points: groups.map(({ radius, rates }) => [radius, median(rates)]),
                band: groups.map(({ radius, rates }) => [radius, Math.min(...rates), Math.max(...rates)]),
              },
              {
                label: 'σ_max·max(1 − h²)',
                ink: 'red',
                dots: true,
                points: groups.map(({ radius, runs }) => [
                  radius,
                  median(runs.map(({ outcome }) => outcome.bound)),
                ]),
              },
              {
                label: 'the radius itself',
                ink: 'gray',
                dashed: true,
                points: groups.map(({ radius }) => [radius, radius]),
              },
            ],
          }),
          dotChart({
            heading: 'How well one factor describes all T',
            rowsLabel: 'radius',
            x: { label: 'R² of log ‖∂L/∂h_1‖ against T', to: 1 },
            level: { x: GOOD_FIT, label: `good from ${GOOD_FIT} on` },
            width: 384,
            rowHeight: 31,
            rows: groups.map(({ radius, runs, ink }) => ({
              label: plain(radius),
              ink,
              values: runs.map(({ outcome }) => outcome.lengthR2),
            })),
          }),
        ],
      },
    ],
    tables: [
      {
        title: 'Gradient flow by spectral radius',
        head: ['radius', 'factor a step', 'R² of one factor', 'σ_max', 'bound', 'factor over T', 'R² over T'],
        rows: groups.map(({ radius, runs, rates }) => {
          const of = (pick: (outcome: Outcome) => number): string =>
            medianRange(
              runs.map(({ outcome }) => pick(outcome)),
              3,
            );
          return [
            plain(radius),
            medianRange(rates, 3),
            of((each) => each.r2),
            of((each) => each.sigma),
            of((each) => each.bound),
            of((each) => each.lengthRate),
            of((each) => each.lengthR2),
          ];
        }),
        caption: `Medians, with the least and the greatest of ${seeds}.`,
      },
    ],
  };
}

/** What plots show of a fading gradient. */
const LEAST = 1e-16;

/** A fit this good is called exponential. */
const GOOD_FIT = 0.95;

type Run = DonePart<Config, Outcome>;

function radiiOf(groups: readonly { readonly radius: number }[]): string {
  return groups.length === 0 ? 'no radius' : `radius ${list(groups.map(({ radius }) => plain(radius)))}`;
}

/** What is left of the gradient after the longest sequence: a median. */
function acrossOf(runs: readonly Run[]): number {
  return median(runs.map(({ outcome }) => remaining(outcome.norms.at(-1)!).at(-1)![1]));
}

function curves(all: readonly (readonly (readonly [number, number])[])[]): [number, number][] {
  return spreadOf(all.map((points) => ({ at: points.map(([x]) => x), values: points.map(([, y]) => y) })))
    .middle;
}

function visible(points: readonly [number, number][]): [number, number][] {
  return points.filter(([, y]) => y >= LEAST);
}
