/** What is shown of a task that asks for memory: which cells solve it, and how far back. */
import { dotChart } from '../../plots/dot-chart.ts';
import { plain } from '../../plots/scale.ts';
import { seriesInk } from '../../plots/theme.ts';
import type { DonePart, Presentation, Table } from '../common/experiment.ts';
import { groupBy } from '../common/groups.ts';
import { median } from '../common/statistics.ts';
import { SOLVED, type TaskConfig, type TaskOutcome } from '../common/tasks.ts';
import { count, list, percent, short } from '../common/words.ts';
import { cellWords } from './cell-words.ts';

export function presentTask(parts: readonly DonePart<TaskConfig, TaskOutcome>[]): Presentation {
  const { task, iterations } = parts[0]!.config;
  const distances = [...new Set(parts.map(({ config }) => config.distance))];
  const groups = groupBy(parts, ({ config }) => config.cell).map(([cell, runs], i) => {
    const at = (distance: number): DonePart<TaskConfig, TaskOutcome>[] =>
      runs.filter(({ config }) => config.distance === distance);
    const solved = (distance: number): number =>
      at(distance).filter(({ outcome }) => outcome.solvedAt !== null).length;
    const reliable = distances.filter((distance) => solved(distance) === at(distance).length);
    return { name: cellWords(cell), ink: seriesInk(i), at, solved, farthest: reliable.at(-1) };
  });
  const what = task === 'adding' ? 'The adding problem' : 'The copy task';
  const solvers = groups.filter(({ farthest }) => farthest !== undefined);
  const far = solvers.reduce((most, { farthest }) => Math.max(most, farthest!), 0);
  const sentence =
    solvers.length === 0
      ? `${what} is solved by no cell with every seed within ${count(iterations, 'step')}.`
      : `${what} is solved with every seed, within ${count(iterations, 'step')}, at most up to T = ${far}, by ${list(solvers.filter(({ farthest }) => farthest === far).map(({ name }) => name))}; ` +
        `${list(groups.filter(({ farthest }) => farthest !== far).map(({ name, farthest }) => `${name} ${farthest === undefined ? 'at no T' : `up to ${farthest}`}`))}.`;
  const table: Table = {
    title: `${what}: seeds that solve it, and the steps they need`,
    head: ['cell', ...distances.map((distance) => `T = ${distance}`)],
    rows: groups.map(({ name, at, solved }) => [
      name,
      ...distances.map((distance) => {
        const steps = at(distance).flatMap(({ outcome }) => outcome.solvedAt ?? []);
        const left =
          steps.length === 0
            ? `loss ${percent(median(at(distance).map(({ outcome }) => outcome.finalShare)))}`
            : short(median(steps));
        return `${solved(distance)} of ${at(distance).length}; ${left}`;
      }),
    ]),
    caption: `Solved: the smoothed loss is below ${percent(SOLVED)} of what one gets without memory. Numbers: median steps of those that solve it; where none does, the median loss at the end, as a share of that.`,
  };
  return {
    findings: [sentence],
    figures: [
      {
        name: `memory-${task}`,
        title:
          task === 'adding'
            ? 'The adding problem: two marked numbers among T'
            : 'The copy task: three symbols, T steps later',
        caption: `${sentence} Loss at the end as a share of the loss without memory (1: nothing learned); a run ends at ${plain(SOLVED)}, where it counts as solved. A dot is a run, the bar their median.`,
        panels: distances.map((distance) =>
          dotChart({
            heading: `T = ${distance}`,
            x: { label: 'share of the loss without memory', from: 0, to: 1.2 },
            level: { x: SOLVED, label: 'solved' },
            rows: groups.map(({ name, ink, at, solved }) => ({
              label: name,
              ink,
              values: at(distance).map(({ outcome }) => outcome.finalShare),
              words: `${solved(distance)} of ${at(distance).length}`,
            })),
          }),
        ),
      },
    ],
    tables: [table],
  };
}
