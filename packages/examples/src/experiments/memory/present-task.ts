/** What is shown of a task that asks for memory: which cells solve it, how far back, and after how many steps. */
import { dotChart } from '../../plots/dot-chart.ts';
import { seriesInk } from '../../plots/theme.ts';
import type { DonePart, Presentation, Table } from '../common/experiment.ts';
import { groupBy } from '../common/groups.ts';
import { median } from '../common/statistics.ts';
import { SOLVED, type TaskConfig, type TaskName, type TaskOutcome } from '../common/tasks.ts';
import { count, list, percent, short } from '../common/words.ts';
import { cellWords } from './cell-words.ts';

type Run = DonePart<TaskConfig, TaskOutcome>;

/** Where runs that solve nothing stand on the axis of steps, as a multiple of the most steps. */
const UNSOLVED = 1.12;

const WORDS: Readonly<Record<TaskName, { readonly what: string; readonly title: string }>> = {
  adding: { what: 'The adding problem', title: 'The adding problem: two marked numbers among T' },
  copy: { what: 'The copy task', title: 'The copy task: three symbols, T steps later' },
};

export function presentTask(parts: readonly Run[]): Presentation {
  const { task, iterations } = parts[0]!.config;
  const { what, title } = WORDS[task];
  const distances = [...new Set(parts.map(({ config }) => config.distance))].sort((a, b) => a - b);
  const rates = [...new Set(parts.map(({ config }) => config.lr))];
  const groups = groupBy(parts, ({ config }) => config.cell).map(([cell, all], i) => {
    const runs = bestRate(all);
    const at = (distance: number): Run[] => runs.filter(({ config }) => config.distance === distance);
    const solved = (distance: number): number => at(distance).filter(isSolved).length;
    const failing = distances.findIndex((distance) => solved(distance) < at(distance).length);
    return {
      // As in all of these tasks, an LSTM begins with a forget bias of 1.
      name: cellWords(cell, cell === 'lstm' ? 1 : 0),
      ink: seriesInk(i),
      lr: runs[0]!.config.lr,
      at,
      solved,
      /** The longest T up to which every seed solves it at each T. */
      farthest: distances.slice(0, failing === -1 ? undefined : failing).at(-1),
    };
  });
  const choice =
    rates.length === 1
      ? `One learning rate, ${short(rates[0]!)}, serves all cells.`
      : `Of the learning rates ${list(rates.map((rate) => short(rate)))} each cell is shown with the one that solves more of these runs, or as many in fewer steps.`;
  const sentence = `${what} is solved, with every seed and within ${count(iterations, 'step')}, ${farWords(groups, distances[0]!)}.`;
  const table: Table = {
    title: `${what}: seeds that solve it, and the steps they need`,
    head: ['cell', 'learning rate', ...distances.map((distance) => `T = ${distance}`)],
    rows: groups.map(({ name, lr, at, solved }) => [
      name,
      short(lr),
      ...distances.map((distance) => {
        const steps = at(distance).flatMap(({ outcome }) => outcome.solvedAt ?? []);
        const left =
          steps.length === 0
            ? `loss ${percent(median(at(distance).map(({ outcome }) => outcome.finalShare)))}`
            : short(median(steps));
        return `${solved(distance)} of ${at(distance).length}; ${left}`;
      }),
    ]),
    caption: `Solved: the smoothed loss is below ${percent(SOLVED)} of what one gets without memory. Numbers: median steps of those that solve it; where none does, the median loss at the end, as a share of that. ${choice}`,
  };
  return {
    findings: [sentence],
    figures: [
      {
        name: `memory-${task}`,
        title,
        caption: `${sentence} A dot is a run, the bar their median; a ring is one that does not solve it (smoothed loss below ${percent(SOLVED)} of that without memory) in ${count(iterations, 'step')}. ${choice}`,
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
              words: `${solved(distance)} of ${at(distance).length}`,
            })),
          }),
        ),
      },
    ],
    tables: [table],
  };
}

function isSolved({ outcome }: Run): boolean {
  return outcome.solvedAt !== null;
}

/** The runs with the learning rate with which more are solved; with as many, the one that takes fewer steps in all. */
function bestRate(runs: readonly Run[]): readonly Run[] {
  const steps = (some: readonly Run[]): number =>
    some.reduce((sum, { config, outcome }) => sum + (outcome.solvedAt ?? config.iterations), 0);
  const solved = (some: readonly Run[]): number => some.filter(isSolved).length;
  return groupBy(runs, ({ config }) => String(config.lr))
    .map(([, some]) => some)
    .reduce((a, b) => ((solved(b) - solved(a) || steps(a) - steps(b)) > 0 ? b : a));
}

/** `up to T = 40 by GRU; up to T = 10 by RNN; by minGRU not even at T = 5`. */
function farWords(
  groups: readonly { readonly name: string; readonly farthest: number | undefined }[],
  shortest: number,
): string {
  const sorted = [...groups].sort((a, b) => (b.farthest ?? 0) - (a.farthest ?? 0));
  return groupBy(sorted, ({ farthest }) => String(farthest))
    .map(([, same]) => {
      const by = `by ${list(same.map(({ name }) => name.replace(', ', ' with ')))}`;
      const { farthest } = same[0]!;
      return farthest === undefined ? `${by} not even at T = ${shortest}` : `up to T = ${farthest} ${by}`;
    })
    .join('; ');
}
