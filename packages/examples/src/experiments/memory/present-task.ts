/** A task that needs memory: which cells solve it, how far back, and in how many steps. */
import { count, formatMedian, list, percent, short } from '../../common/format.ts';
import { groupBy } from '../../common/groups.ts';
import { median } from '../../common/statistics.ts';
import { dotChart } from '../../plots/dot-chart.ts';
import type { Figure } from '../../plots/figure.ts';
import { type SeriesInk, seriesInk } from '../../plots/theme.ts';
import type { DonePart, Presentation, Table } from '../common/experiment.ts';
import type { TaskName } from '../common/problems.ts';
import { SOLVED, type TaskConfig, type TaskOutcome } from '../common/tasks.ts';
import { cellName } from './names.ts';

type Run = DonePart<TaskConfig, TaskOutcome>;

/** Where plots show runs that solve nothing, as a multiple of the most steps. */
const UNSOLVED = 1.12;

const TITLES: Readonly<Record<TaskName, { readonly what: string; readonly title: string }>> = {
  adding: { what: 'the adding problem', title: 'The adding problem: two marked numbers among T' },
  copy: { what: 'the copy task', title: 'The copy task: three symbols, T steps later' },
};

/** The runs of a cell, with its better learning rate. */
interface Group {
  readonly name: string;
  readonly ink: SeriesInk;
  readonly lr: number;
  readonly at: (distance: number) => Run[];
  readonly solved: (distance: number) => number;
  /** The longest T up to which every seed solves the task at each T. */
  readonly farthest: number | undefined;
}

export function presentTask(parts: readonly Run[]): Omit<Presentation, 'headline'> {
  const distances = [...new Set(parts.map(({ config }) => config.distance))].sort((a, b) => a - b);
  const groups = groupBy(parts, ({ config }) => config.cell).map(([cell, runs], i) =>
    groupOf(cell, runs, distances, seriesInk(i)),
  );
  const { config } = parts[0]!;
  const { what } = TITLES[config.task];
  return {
    findings: farthestSentences(what, groups, distances[0]!),
    method: [
      `Solved: the smoothed loss is below ${percent(SOLVED)} of the loss without memory, within ${count(config.iterations, 'step')}.`,
      rateSentence(parts),
    ],
    figures: [figureOf(groups, distances, config)],
    tables: [tableOf(what, groups, distances)],
  };
}

function groupOf(cell: string, all: readonly Run[], distances: readonly number[], ink: SeriesInk): Group {
  const runs = bestRate(all);
  const at = (distance: number): Run[] => runs.filter(({ config }) => config.distance === distance);
  const solved = (distance: number): number => at(distance).filter(isSolved).length;
  const failing = distances.findIndex((distance) => solved(distance) < at(distance).length);
  const farthest = distances.slice(0, failing === -1 ? undefined : failing).at(-1);
  // In these tasks an LSTM begins with a forget bias of 1.
  return { name: cellName(cell, cell === 'lstm' ? 1 : 0), ink, lr: runs[0]!.config.lr, at, solved, farthest };
}

/**
 * The runs with the learning rate that solves more; with as many, the one that takes fewer steps.
 */
function bestRate(runs: readonly Run[]): readonly Run[] {
  const steps = (some: readonly Run[]): number =>
    some.reduce((sum, { config, outcome }) => sum + (outcome.solvedAt ?? config.iterations), 0);
  const solved = (some: readonly Run[]): number => some.filter(isSolved).length;
  return groupBy(runs, ({ config }) => String(config.lr))
    .map(([, some]) => some)
    .reduce((a, b) => ((solved(b) - solved(a) || steps(a) - steps(b)) > 0 ? b : a));
}

function isSolved({ outcome }: Run): boolean {
  return outcome.solvedAt !== null;
}

function rateSentence(parts: readonly Run[]): string {
  const rates = [...new Set(parts.map(({ config }) => config.lr))].map((rate) => short(rate));
  return rates.length === 1
    ? `All cells use the learning rate ${rates[0]}.`
    : `Each cell is shown with the better of the learning rates ${list(rates)}: more runs solved, or fewer steps.`;
}

/** How far each cell gets, farthest first. */
function farthestSentences(what: string, groups: readonly Group[], shortest: number): string[] {
  const sorted = [...groups].sort((a, b) => (b.farthest ?? 0) - (a.farthest ?? 0));
  return groupBy(sorted, ({ farthest }) => String(farthest)).map(([, same]) => {
    const names = list(same.map(({ name }) => name.replace(', ', ' with ')));
    const { farthest } = same[0]!;
    return farthest === undefined
      ? `With every seed, ${names} ${same.length === 1 ? 'does' : 'do'} not solve ${what} even at T = ${shortest}.`
      : `With every seed, ${names} ${same.length === 1 ? 'solves' : 'solve'} ${what} up to T = ${farthest}.`;
  });
}

function figureOf(groups: readonly Group[], distances: readonly number[], config: TaskConfig): Figure {
  const { task, iterations } = config;
  return {
    name: `memory-${task}`,
    title: TITLES[task].title,
    caption: `A dot is a run, the bar their median. A ring is a run that does not solve the task in ${count(iterations, 'step')}.`,
    panels: distances.map((distance) =>
      dotChart({
        heading: `T = ${distance}`,
        x: { label: 'training steps until solved', from: 0, to: 1.16 * iterations },
        level: { x: UNSOLVED * iterations, label: 'not solved' },
        rows: groups.map(({ name, ink, at, solved }) => ({
          label: name,
          ink,
          values: at(distance).map(({ outcome }) => outcome.solvedAt),
          rings: at(distance).flatMap((run) => (isSolved(run) ? [] : [UNSOLVED * iterations])),
          text: `${solved(distance)} of ${at(distance).length}`,
        })),
      }),
    ),
  };
}

function tableOf(what: string, groups: readonly Group[], distances: readonly number[]): Table {
  const cellOf = ({ at, solved }: Group, distance: number): string => {
    const steps = at(distance).flatMap(({ outcome }) => outcome.solvedAt ?? []);
    const left =
      steps.length === 0
        ? `loss ${percent(median(at(distance).map(({ outcome }) => outcome.finalShare)))}`
        : formatMedian(steps);
    return `${solved(distance)} of ${at(distance).length}; ${left}`;
  };
  return {
    title: `Seeds that solve ${what}, and the steps they need`,
    head: ['cell', 'learning rate', ...distances.map((distance) => `T = ${distance}`)],
    rows: groups.map((group) => [
      group.name,
      short(group.lr),
      ...distances.map((distance) => cellOf(group, distance)),
    ]),
    caption:
      'Median steps of runs that solve it. If none does: the median final loss, relative to that without memory.',
  };
}
